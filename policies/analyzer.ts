import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import structproto, { type JavaScriptValue, type Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import analyzerrpc from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/analyzer_pb.js";
import type { AnalyzeResponse, RemediateResponse } from "@pulumi/pulumi/proto/analyzer_pb.js";

const RUNNER = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run-policy-pack");

const LEVELS = {
  advisory: proto.EnforcementLevel.ADVISORY,
  mandatory: proto.EnforcementLevel.MANDATORY,
  disabled: proto.EnforcementLevel.DISABLED,
  remediate: proto.EnforcementLevel.REMEDIATE,
} as const;

/** A value that is known only after the update, as the engine sends it. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A value that the program marks as secret, as the engine sends it. */
export function secret(value: unknown): object {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value };
}

/** A resource to judge. */
export interface AnalyzedResource {
  type: string;
  /** @default "subject" */
  name?: string;
  /** @default that of a project called `project` and a stack called `test` */
  urn?: string;
  /** As the engine sends them: unknown and secret values by their signatures. */
  properties: Record<string, unknown>;
  /** Pulumi's protect option. @default false */
  protect?: boolean;
  /** URNs behind each property; only stack policies see them. */
  propertyDependencies?: Readonly<Record<string, readonly string[]>>;
  /** URNs; only stack policies see them. @default none */
  dependencies?: readonly string[];
  /** URN of the parent; only stack policies see it. @default "" for the stack */
  parent?: string;
  /** The provider, when the program makes one. @default the default provider */
  provider?: AnalyzedResource;
}

/** One diagnostic of the policy server. */
export interface Report {
  policy: string;
  level: string;
  message: string;
  urn: string;
}

/** What one policy's remediation made of a resource. */
export interface Remediation {
  policy: string;
  /** All properties, secrets and unknowns as the engine sends them. */
  properties: Record<string, unknown>;
  /** Why the remediation could not run. */
  diagnostic: string;
}

export type PackConfig = Record<string, { level?: keyof typeof LEVELS; parameters?: Record<string, unknown> }>;

/** A policy pack in a process of its own, asked over gRPC as the engine asks it. */
export interface Analyzer {
  /**
   * Replaces the whole configuration.
   *
   * An entry without a level is mandatory: the engine, too, sends a level with every entry.
   */
  configure(config: PackConfig): Promise<void>;
  /** Judges one resource, as before its creation. */
  analyze(resource: AnalyzedResource): Promise<Report[]>;
  /** Lets the policies at the level `remediate` change one resource, one after the other. */
  remediate(resource: AnalyzedResource): Promise<Remediation[]>;
  /** Judges a stack as a whole, as after a preview. */
  analyzeStack(resources: readonly AnalyzedResource[]): Promise<Report[]>;
  close(): Promise<void>;
}

/** The URN under which a resource is judged. */
export function urnOf({ type, name = "subject", urn }: Pick<AnalyzedResource, "type" | "name" | "urn">): string {
  return urn ?? `urn:pulumi:test::project::${type}::${name}`;
}

/**
 * Starts the policy pack in a folder with Pulumi's own runner.
 *
 * @param env environment of the pack's process, by default that of this one
 * @throws Error with what the pack printed when it does not start
 */
export async function startAnalyzer(folder: string, env: NodeJS.ProcessEnv = process.env): Promise<Analyzer> {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", RUNNER, "127.0.0.1:1", "."], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env,
  });
  const exited = once(child, "close");
  let started = false;
  let printed = "";
  child.stderr.on("data", (chunk: Buffer) => {
    if (started) process.stderr.write(chunk);
    else printed += chunk.toString();
  });
  const firstLine = once(createInterface(child.stdout), "line").then(([line]) => String(line));
  const port = await Promise.race([firstLine, exited.then(() => undefined)]);
  if (port === undefined) throw new Error(`The policy pack in ${folder} did not start:\n${printed}`);
  started = true;
  const client = new analyzerrpc.AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure(), {
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  return {
    configure: async (config) => {
      const request = new proto.ConfigureAnalyzerRequest();
      for (const [name, { level = "mandatory", parameters = {} }] of Object.entries(config)) {
        const entry = new proto.PolicyConfig().setEnforcementlevel(LEVELS[level]).setProperties(toStruct(parameters));
        request.getPolicyconfigMap().set(name, entry);
      }
      await call((done) => client.configure(request, done));
    },
    analyze: async (resource) => {
      const response = await call<AnalyzeResponse>((done) => client.analyze(toRequest(resource), done));
      return toReports(response, urnOf(resource));
    },
    remediate: async (resource) => {
      const response = await call<RemediateResponse>((done) => client.remediate(toRequest(resource), done));
      return response.getRemediationsList().map((remediation) => ({
        policy: remediation.getPolicyname(),
        properties: remediation.getProperties()?.toJavaScript() ?? {},
        diagnostic: remediation.getDiagnostic(),
      }));
    },
    analyzeStack: async (resources) => {
      const request = new proto.AnalyzeStackRequest().setResourcesList(resources.map(toStackResource));
      return toReports(await call((done) => client.analyzeStack(request, done)), "");
    },
    close: async () => {
      client.close();
      child.kill();
      await exited;
    },
  };
}

function call<T>(start: (done: (error: ServiceError | null, response: T) => void) => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, response) => (error ? reject(error) : resolve(response)));
  });
}

function toRequest(resource: AnalyzedResource) {
  const { type, name = "subject", properties } = resource;
  return new proto.AnalyzeRequest()
    .setType(type)
    .setName(name)
    .setUrn(urnOf(resource))
    .setProperties(toStruct(properties))
    .setOptions(optionsOf(resource))
    .setProvider(providerOf(resource));
}

function toStackResource(given: AnalyzedResource) {
  const { type, name = "subject", properties, propertyDependencies = {}, dependencies = [], parent = "" } = given;
  const resource = new proto.AnalyzerResource()
    .setType(type)
    .setName(name)
    .setUrn(urnOf(given))
    .setProperties(toStruct(properties))
    .setParent(parent)
    .setDependenciesList([...dependencies])
    .setOptions(optionsOf(given))
    .setProvider(providerOf(given));
  for (const [property, urns] of Object.entries(propertyDependencies)) {
    if (urns.length === 0) continue;
    const entry = new proto.AnalyzerPropertyDependencies().setUrnsList([...urns]);
    resource.getPropertydependenciesMap().set(property, entry);
  }
  return resource;
}

function optionsOf({ protect = false }: AnalyzedResource) {
  return new proto.AnalyzerResourceOptions().setProtect(protect);
}

function providerOf({ provider }: AnalyzedResource) {
  if (provider === undefined) return undefined;
  const { type, name = "subject", properties } = provider;
  return new proto.AnalyzerProviderResource()
    .setUrn(urnOf(provider))
    .setType(type)
    .setName(name)
    .setProperties(toStruct(properties));
}

/** JSON leaves out what is undefined, as the engine does. */
function toStruct(value: Record<string, unknown>): Struct {
  return structproto.Struct.fromJavaScript(JSON.parse(JSON.stringify(value)) as Record<string, JavaScriptValue>);
}

function toReports(response: AnalyzeResponse, urn: string): Report[] {
  return response.getDiagnosticsList().map((diagnostic) => ({
    policy: diagnostic.getPolicyname(),
    level: levelName(diagnostic.getEnforcementlevel()),
    message: diagnostic.getMessage(),
    urn: diagnostic.getUrn() || urn,
  }));
}

function levelName(value: number): string {
  const entry = Object.entries(LEVELS).find(([, level]) => Number(level) === value);
  return entry === undefined ? String(value) : entry[0];
}
