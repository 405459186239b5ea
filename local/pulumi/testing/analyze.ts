import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

import { credentials, type ServiceError } from "@grpc/grpc-js";
import analyzerrpc from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/analyzer_pb.js";
import type { AnalyzeResponse } from "@pulumi/pulumi/proto/analyzer_pb.js";

import { cachePath } from "../../cache.ts";
import { encodeProperties, type Properties } from "../plugins/values.ts";
import { unlimitedMessages } from "../rpc.ts";
import type { RecordedResource } from "./recording.ts";

/** What a policy says about a resource or the stack. */
export interface Violation {
  policy: string;
  level: "advisory" | "mandatory" | "disabled" | "remediate";
  /** @default "" when the stack as a whole is meant */
  urn: string;
  message: string;
}

/** The policies' configuration, by policy, as in the file given to `--policy-pack-config`. */
export type PolicyConfig = Record<string, { enforcementLevel?: "advisory" | "mandatory" | "disabled" } & Properties>;

/**
 * Starts a policy pack with the SDK's own runner and shows it a program's resources as the engine does: each one by its
 * inputs, then all of them by their outputs.
 *
 * @param subject.pack the folder with PulumiPolicy.yaml
 * @throws Error with what the pack printed when it does not start
 */
export async function analyze(subject: {
  pack: string;
  resources: readonly RecordedResource[];
  config?: PolicyConfig;
}): Promise<Violation[]> {
  const { pack, resources, config = {} } = subject;
  const { port, stop } = await startPack(pack);
  const client = new analyzerrpc.AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure(), unlimitedMessages);
  try {
    await call((done) => client.configure(configuration(config), done));
    const violations: Violation[] = [];
    for (const resource of resources) {
      const response = await call<AnalyzeResponse>((done) => client.analyze(single(resource, resources), done));
      violations.push(...violationsOf(response, resource.urn));
    }
    const stack = new proto.AnalyzeStackRequest().setResourcesList(
      resources.map((resource) => inStack(resource, resources)),
    );
    const response = await call<AnalyzeResponse>((done) => client.analyzeStack(stack, done));
    return [...violations, ...violationsOf(response, "")];
  } finally {
    client.close();
    await stop();
  }
}

async function startPack(pack: string): Promise<{ port: string; stop: () => Promise<unknown> }> {
  const runner = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run-policy-pack/index.js");
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", runner, "127.0.0.1:1", pack], {
    cwd: pack,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"] ?? cachePath("compiled") },
  });
  const exited = once(child, "close");
  let printed = "";
  child.stderr.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  const firstLine = once(createInterface(child.stdout), "line").then(([line]) => String(line));
  const port = await Promise.race([firstLine, exited.then(() => "")]);
  if (port === "") throw new Error(`The policy pack in ${pack} did not start:\n${printed}`);
  return { port, stop: () => (child.kill(), exited) };
}

function configuration(config: PolicyConfig) {
  const request = new proto.ConfigureAnalyzerRequest();
  const levels = { advisory: "ADVISORY", mandatory: "MANDATORY", disabled: "DISABLED" } as const;
  for (const [policy, { enforcementLevel = "mandatory", ...properties }] of Object.entries(config)) {
    const entry = new proto.PolicyConfig().setEnforcementlevel(proto.EnforcementLevel[levels[enforcementLevel]]);
    request.getPolicyconfigMap().set(policy, entry.setProperties(encodeProperties(properties)));
  }
  return request;
}

function single({ urn, type, name, inputs, options }: RecordedResource, all: readonly RecordedResource[]) {
  const request = new proto.AnalyzeRequest().setUrn(urn).setType(type).setName(name);
  return request
    .setProperties(encodeProperties(inputs))
    .setOptions(optionsOf(options))
    .setProvider(providerOf(options, all));
}

function inStack({ urn, type, name, parent, outputs, options }: RecordedResource, all: readonly RecordedResource[]) {
  const resource = new proto.AnalyzerResource().setUrn(urn).setType(type).setName(name).setParent(parent);
  for (const [property, urns] of Object.entries(options.propertyDependencies)) {
    if (urns.length === 0) continue;
    resource.getPropertydependenciesMap().set(property, new proto.AnalyzerPropertyDependencies().setUrnsList(urns));
  }
  resource.setProperties(encodeProperties(outputs)).setDependenciesList(options.dependencies);
  return resource.setOptions(optionsOf(options)).setProvider(providerOf(options, all));
}

function optionsOf(options: RecordedResource["options"]) {
  return new proto.AnalyzerResourceOptions()
    .setProtect(options.protect)
    .setIgnorechangesList(options.ignoreChanges)
    .setDeletebeforereplace(options.deleteBeforeReplace)
    .setAdditionalsecretoutputsList(options.additionalSecretOutputs)
    .setAliasesList(options.aliases);
}

/** The provider resource, when the program made one. */
function providerOf({ provider }: RecordedResource["options"], all: readonly RecordedResource[]) {
  const resource = all.find(({ urn }) => provider.startsWith(`${urn}::`));
  if (!resource) return undefined;
  const { urn, type, name, inputs } = resource;
  return new proto.AnalyzerProviderResource()
    .setUrn(urn)
    .setType(type)
    .setName(name)
    .setProperties(encodeProperties(inputs));
}

function violationsOf(response: AnalyzeResponse, urn: string): Violation[] {
  const { ADVISORY, MANDATORY, DISABLED } = proto.EnforcementLevel;
  const levels = { [ADVISORY]: "advisory", [MANDATORY]: "mandatory", [DISABLED]: "disabled" } as Record<
    number,
    Violation["level"]
  >;
  return response.getDiagnosticsList().map((diagnostic) => ({
    policy: diagnostic.getPolicyname(),
    level: levels[diagnostic.getEnforcementlevel()] ?? "remediate",
    urn: diagnostic.getUrn() || urn,
    message: diagnostic.getMessage(),
  }));
}

function call<T>(start: (done: (error: ServiceError | null, response: T) => void) => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, response) => (error ? reject(error) : resolve(response)));
  });
}
