import { AwsSystem } from "../../../infra/aws/index.ts";
import { shopTarget } from "../../../infra/aws/testing/shop.ts";
import type { AwsSettings } from "../../../infra/settings.ts";
import { project } from "../../../stacks/config.ts";
import program from "../../../stacks/index.ts";
import {
  readStackFile,
  setting,
  settingTexts,
  withDefaults,
  withOverrides,
  type Settings,
  type StackFile,
} from "../../deploy/stack-file.ts";
import { standIns } from "../../deploy/stand-ins.ts";
import { startEmulator } from "../emulator.ts";
import { Judge } from "../judge.ts";
import { pythonEnvironment } from "../python.ts";
import { text } from "../requests/creation.ts";
import { Sdk } from "../sdk.ts";
import { build, type Built, type Project } from "./build.ts";

/** A program that was carried out, and the emulator that holds what it made. */
export interface Carried extends Built {
  judge: Judge;
  sdk: Sdk;
  stop(): Promise<void>;
}

/** The committed stack "prod": worldstore on ECS. Only the hosted zone is the emulator's. */
export async function production(): Promise<Carried> {
  const file = await productionFile({});
  const aws = setting(file, "aws") as AwsSettings;
  return await carry(aws, "shop.example.com", (hostedZoneId) => [
    program,
    productionProject(withOverrides(file, { aws: { ...aws, hostedZoneId } })),
  ]);
}

/** The stack "prod" with other settings, judged only: whatever AWS would answer is made up. */
export async function judgedProduction(overrides: Settings): Promise<Built> {
  const file = await productionFile(overrides);
  const aws = setting(file, "aws") as AwsSettings;
  const { packages } = await pythonEnvironment();
  const silent = { send: () => Promise.resolve({}) };
  return await build(program, productionProject(file), aws, new Judge(packages, aws), silent);
}

/** The stack's `aws` setting with some of its parts changed. */
export async function awsSetting(changes: Settings): Promise<Settings> {
  return { aws: { ...(setting(await readStackFile("prod"), "aws") as Settings), ...changes } };
}

async function productionFile(overrides: Settings): Promise<StackFile> {
  const file = withOverrides(await readStackFile("prod"), overrides);
  return withDefaults(file, await standIns(file));
}

function productionProject(file: StackFile): Project {
  const secretKeys = [`${project}:externalSecrets`];
  return { name: project, stack: "prod", config: settingTexts(file), secretKeys };
}

/** The shop, which has what worldstore does not: jobs, a queue with users, Spot. */
export async function shop(): Promise<Carried> {
  const target = shopTarget();
  return await carry(target.aws, "shop.example", (hostedZoneId) => {
    const aws = { ...target.aws, hostedZoneId };
    const settings = { ...target.settings, aws };
    const make = () => new AwsSystem("shop", { ...target, settings, aws }, {});
    return [make, { name: project, stack: "test", config: {}, secretKeys: [] }];
  });
}

async function carry(
  place: AwsSettings,
  domain: string,
  program: (hostedZoneId: string) => [() => unknown, Project],
): Promise<Carried> {
  const { packages } = await pythonEnvironment();
  const emulator = await startEmulator({ accountId: place.accountId });
  const sdk = await Sdk.start(place.region, emulator.endpoint);
  const stop = async () => {
    await sdk.stop();
    await emulator.stop();
  };
  try {
    const judge = new Judge(packages, place);
    const zone = { Name: domain, CallerReference: "test" };
    const answer = await sdk.send({ service: "route53", operation: "CreateHostedZone", parameters: zone });
    const [make, project] = program(text(answer, ["HostedZone", "Id"], "").replace("/hostedzone/", ""));
    return { ...(await build(make, project, place, judge, sdk)), judge, sdk, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
