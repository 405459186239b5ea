import { profiles } from "../../infra/profile.ts";
import type { HealthCheck } from "../../infra/spec/health.ts";
import { parseConfig, type StackConfig } from "../../stacks/config.ts";
import { requiredImages } from "../../stacks/settings.ts";
import { systemFor } from "../../stacks/systems.ts";
import { importImage, requireMachine, startCluster } from "../cluster/index.ts";
import { buildImages, type BuiltImage, type ImageName } from "../images/index.ts";
import { ensureEngine, type Engine } from "../pulumi/index.ts";
import type { KubeconfigSource } from "../pulumi/plugins/kubernetes/kubeconfig.ts";
import { prepareStack } from "../pulumi/recovery.ts";
import { stateSalt } from "../pulumi/stack.ts";
import { waitForHealth } from "./health.ts";
import { operate, update, type Outcome } from "./operation.ts";
import { requireCluster } from "./reach.ts";
import {
  lastSetting,
  readStackFile,
  root,
  settingTexts,
  withDefaults,
  withOverrides,
  writeMachineFile,
  type Settings,
} from "./stack-file.ts";
import { checkStack } from "./stand-ins.ts";

export interface StartRequest {
  stack: string;
  /** A context of the user's own kubeconfig. @default the local cluster, when the stack's settings name none */
  context?: string;
}

/** What a start came to. */
export interface Started extends Outcome {
  /** How many health paths answered 200. */
  answered: number;
}

/**
 * Brings a stack up and waits until it is healthy. What is there already is left as it is.
 *
 * @throws UserError when something is missing, a policy is violated or the system does not become ready
 */
export async function start({ stack, context }: StartRequest): Promise<Started> {
  const committed = await readStackFile(stack);
  const file = context === undefined ? committed : withOverrides(committed, { context });
  const config = parseConfig({ "agent-commerce:images": "{}", ...settingTexts(file) });
  const isLocal = config.target === "kubernetes" && config.kubeconfig === undefined && config.context === undefined;
  await checkStack(stack, config, { local: isLocal });
  if (isLocal) requireMachine();
  else await requireCluster(namedCluster(config));

  const [{ engine, added }, images] = await Promise.all([
    ensureEngine().then(async (engine) => ({ engine, added: isLocal ? await localCluster() : {} })),
    isLocal ? buildImages(missingImages(config)) : [],
  ]);
  const built: BuiltImage[] = Object.values(images);
  await Promise.all(built.map(({ archive }) => importImage(archive)));
  const references = Object.fromEntries(built.map(({ name, reference }) => [name, reference]));
  const settings = isLocal ? { ...added, images: references } : {};
  await prepareStack(engine, { cwd: root, stack });
  const salt = await stateSalt(engine, { cwd: root, stack });
  const sealedFor = await lastSetting(stack, "sealingCertificate");
  const configFile = await writeMachineFile(stack, withDefaults(file, settings), salt);
  if (isLocal && sealedFor !== undefined && sealedFor !== added["sealingCertificate"]) {
    await forgetLostObjects(engine, stack, configFile);
  }
  const outcome = await update(engine, stack, configFile);
  const checks = config.target === "kubernetes" ? (outcome.outputs["healthChecks"] as HealthCheck[]) : [];
  await waitForHealth(checks, { ...(added as KubeconfigSource), ...namedCluster(config) });
  return { ...outcome, answered: checks.length };
}

/**
 * A cluster that was deleted and made anew has another sealing certificate and none of the objects in the state, which
 * a plan would otherwise take for unchanged.
 */
async function forgetLostObjects(engine: Engine, stack: string, config: string): Promise<void> {
  const title = `comparing ${stack} with the new cluster`;
  await operate(engine, { command: "refresh", title, stack, config, args: ["--yes"] });
}

/** The cluster that the settings name. */
function namedCluster({ kubeconfig, context }: StackConfig): KubeconfigSource {
  return { ...(kubeconfig === undefined ? {} : { kubeconfig }), ...(context === undefined ? {} : { context }) };
}

async function localCluster(): Promise<Settings> {
  const { kubeconfig, sealingCertificate } = await startCluster();
  return { kubeconfig, sealingCertificate };
}

/** The images that the system needs and that the stack's settings do not name. */
function missingImages(config: StackConfig): ImageName[] {
  const system = systemFor(config.system, config, profiles[config.profile]);
  return requiredImages(system, config).filter((name) => !(name in config.images)) as ImageName[];
}
