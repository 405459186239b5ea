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

/** A resource as a test writes it. */
export interface TestResource {
  type: string;
  /** @default "subject" */
  name?: string;
  properties: Record<string, unknown>;
  /** Pulumi's protect option. @default false */
  protect?: boolean;
  /** URNs behind each property; only stack policies see them. */
  propertyDependencies?: Record<string, string[]>;
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
  analyze(resource: TestResource): Promise<Report[]>;
  /** Lets the policies at the level `remediate` change one resource, one after the other. */
  remediate(resource: TestResource): Promise<Remediation[]>;
  /** Judges a stack as a whole, as after a preview. */
  analyzeStack(resources: readonly TestResource[]): Promise<Report[]>;
  close(): Promise<void>;
}

/** The URN under which a test resource is judged. */
export function urnOf({ type, name = "subject" }: Pick<TestResource, "type" | "name">): string {
  return `urn:pulumi:test::project::${type}::${name}`;
}

/** Starts the policy pack in a folder with Pulumi's own runner. */
export async function startAnalyzer(folder: string): Promise<Analyzer> {
  const child = spawn(process.execPath, [RUNNER, "127.0.0.1:1", "."], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const firstLine = once(createInterface(child.stdout), "line").then(([line]) => String(line));
  const port = await Promise.race([firstLine, exited.then(() => undefined)]);
  if (port === undefined) {
    throw new Error(`The policy pack in ${folder} did not start: see its output above.`);
  }
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

function toRequest({ type, name = "subject", properties, protect = false }: TestResource) {
  return new proto.AnalyzeRequest()
    .setType(type)
    .setName(name)
    .setUrn(urnOf({ type, name }))
    .setProperties(toStruct(properties))
    .setOptions(new proto.AnalyzerResourceOptions().setProtect(protect));
}

function toStackResource(given: TestResource) {
  const { type, name = "subject", properties, protect = false, propertyDependencies = {} } = given;
  const resource = new proto.AnalyzerResource()
    .setType(type)
    .setName(name)
    .setUrn(urnOf({ type, name }))
    .setProperties(toStruct(properties))
    .setOptions(new proto.AnalyzerResourceOptions().setProtect(protect));
  for (const [property, urns] of Object.entries(propertyDependencies)) {
    resource.getPropertydependenciesMap().set(property, new proto.AnalyzerPropertyDependencies().setUrnsList(urns));
  }
  return resource;
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
