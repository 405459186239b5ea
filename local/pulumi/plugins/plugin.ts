import type { Path, Properties, Value } from "./values.ts";

/** What the engine says about the resource in every request. */
export interface ResourceRequest {
  urn: string;
  /** The logical name, the last part of the URN. */
  name: string;
  /** The type token, such as `kubernetes:apps/v1:Deployment`. */
  type: string;
}

export interface CheckRequest extends ResourceRequest {
  oldInputs: Properties;
  newInputs: Properties;
  /** Bytes that stay the same when the same plan is computed again; empty when the engine has none. */
  randomSeed: Uint8Array;
  /** How the stack's `pulumi:autonaming` setting wants the resource to be named. @default the plugin's own way */
  autonaming?: { mode: "propose" | "enforce" | "disable"; name: string };
}

export interface CheckResult {
  inputs: Properties;
  /** What is wrong with the inputs, by property; `property` is empty when the whole is meant. */
  failures: { property: string; reason: string }[];
}

export interface DiffRequest extends ResourceRequest {
  id: string;
  oldInputs: Properties;
  oldOutputs: Properties;
  newInputs: Properties;
  ignoreChanges: string[];
}

/** One property that differs between state and program. */
export interface PropertyChange {
  path: Path;
  kind: "add" | "delete" | "update";
  /** The change can only be made by a new resource in place of the old one. @default false */
  replace?: boolean;
}

export interface DiffResult {
  changes: PropertyChange[];
  /** The old resource must go before the new one can be made. @default false */
  deleteBeforeReplace?: boolean;
}

export interface CreateRequest extends ResourceRequest {
  inputs: Properties;
  preview: boolean;
  /** Seconds from `customTimeouts`; 0 when the program says nothing. */
  timeout: number;
}

export interface UpdateRequest extends ResourceRequest {
  id: string;
  oldInputs: Properties;
  oldOutputs: Properties;
  newInputs: Properties;
  ignoreChanges: string[];
  preview: boolean;
  timeout: number;
}

export interface ReadRequest extends ResourceRequest {
  id: string;
  /** Empty when the resource is being imported. */
  inputs: Properties;
  /** Empty when the resource is being imported. */
  outputs: Properties;
}

export interface DeleteRequest extends ResourceRequest {
  id: string;
  inputs: Properties;
  outputs: Properties;
  timeout: number;
}

/** What a plugin can use while it works on a request. */
export interface Context {
  /** Aborted when the user cancels the operation. */
  signal: AbortSignal;
  /** Shows a line beside the resource. A status is shown only until the next one. */
  log(severity: "debug" | "info" | "warning" | "error" | "status", message: string): void;
}

/** A resource plugin; what is not implemented is refused by the server in words. */
export interface PluginImplementation {
  name: string;
  /** The version of the SDK it serves. */
  version: string;
  /** @default every configuration is accepted as it is */
  checkConfig?(config: Properties): Promise<CheckResult>;
  /** @default no change of the configuration replaces the provider */
  diffConfig?(oldConfig: Properties, newConfig: Properties): Promise<DiffResult>;
  /** @default nothing to configure */
  configure?(config: Properties): Promise<void>;
  /** @default every function is refused */
  invoke?(token: string, args: Properties, context: Context): Promise<Properties>;
  check(request: CheckRequest, context: Context): Promise<CheckResult>;
  diff(request: DiffRequest, context: Context): Promise<DiffResult>;
  create(request: CreateRequest, context: Context): Promise<{ id: string; outputs: Properties }>;
  /** Returns undefined when the resource does not exist. */
  read(
    request: ReadRequest,
    context: Context,
  ): Promise<{ id: string; inputs: Properties; outputs: Properties } | undefined>;
  update(request: UpdateRequest, context: Context): Promise<Properties>;
  delete(request: DeleteRequest, context: Context): Promise<void>;
}

/** The resource exists but did not become ready: the engine keeps it in state and tries again on the next `up`. */
export class InitializationError extends Error {
  readonly id: string;
  readonly outputs: Properties;
  readonly reasons: string[];

  constructor(id: string, outputs: Properties, reasons: string[]) {
    super(reasons.join("\n"));
    this.name = "InitializationError";
    this.id = id;
    this.outputs = outputs;
    this.reasons = reasons;
  }
}

/** Writes a path as the engine does: `spec.containers[0].image`, with quotes where a name has dots or brackets. */
export function formatPath(path: Path): string {
  return path
    .map((step, index) => {
      if (typeof step === "number") return `[${step}]`;
      if (/[.[\]"]/.test(step)) return `["${step.replaceAll('"', '\\"')}"]`;
      return index === 0 ? step : `.${step}`;
    })
    .join("");
}

/** The value at the path, or undefined when the path leads nowhere. */
export function valueAt(value: Value | undefined, path: Path): Value | undefined {
  let current: unknown = value;
  for (const step of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, step)) return undefined;
    current = (current as Record<string | number, unknown>)[step];
  }
  return current as Value | undefined;
}
