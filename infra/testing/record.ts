import { createHash } from "node:crypto";

import * as pulumi from "@pulumi/pulumi";

/** A resource as a program registered it. Secret values read "[secret]", those not known in a preview "[unknown]". */
export interface RecordedResource {
  type: string;
  name: string;
  /** Logical name of the parent. */
  parent: string;
  inputs: Record<string, unknown>;
  protect: boolean;
  /** Logical names. */
  dependencies: string[];
  /** The resources that a property's value comes from, by property. */
  propertyDependencies: Record<string, { type: string; name: string }[]>;
  /** A replacement deletes the old resource before it creates the new one. */
  deleteBeforeReplace: boolean;
  /** Inputs whose changes are left alone. */
  ignoreChanges: string[];
}

const signature = "4dabf18193072939515e22adb298388d";
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

interface Request {
  getType(): string;
  getName(): string;
  getParent(): string;
  getObject(): { toJavaScript(): Record<string, unknown> } | undefined;
  getProtect(): boolean;
  getDependenciesList(): string[];
  getPropertydependenciesMap(): {
    forEach(visit: (value: { getUrnsList(): string[] }, property: string) => void): void;
  };
  getDeletebeforereplace(): boolean;
  getIgnorechangesList(): string[];
}

interface Monitor {
  registerResource(request: Request, callback: unknown): unknown;
}

/**
 * Runs a program against the SDK's own mock monitor and tells what it registered, by logical name and type.
 *
 * Random values are derived from the resource's name, so that two runs are equal.
 *
 * @param options preview leaves random values unknown, as a first preview does
 */
export async function record(program: () => unknown, options: { preview?: boolean } = {}): Promise<RecordedResource[]> {
  const preview = options.preview ?? false;
  await pulumi.runtime.setMocks(
    {
      newResource: ({ name, type, inputs }) => ({
        id: `${name}-id`,
        state: { ...(inputs as object), ...state(type, name, inputs as Inputs, preview) },
      }),
      call: () => ({}),
    },
    "agent-commerce",
    "test",
    preview,
  );
  const resources: RecordedResource[] = [];
  const monitor = (pulumi.runtime as unknown as { getMonitor(): Monitor }).getMonitor();
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    resources.push({
      type: request.getType(),
      name: request.getName(),
      parent: logicalName(request.getParent()),
      inputs: plain(request.getObject()?.toJavaScript() ?? {}) as Record<string, unknown>,
      protect: request.getProtect(),
      dependencies: request.getDependenciesList().map(logicalName).sort(),
      propertyDependencies: propertyDependencies(request),
      deleteBeforeReplace: request.getDeletebeforereplace(),
      ignoreChanges: request.getIgnorechangesList(),
    });
    return register(request, callback);
  };
  await pulumi.runtime.runInPulumiStack(async () => {
    await program();
    return {};
  });
  await pulumi.runtime.disconnect();
  return resources.sort((a, b) => (`${a.type} ${a.name}` < `${b.type} ${b.name}` ? -1 : 1));
}

/** The one resource of a type and logical name. */
export function find(resources: readonly RecordedResource[], type: string, name: string): RecordedResource {
  const found = resources.find((resource) => resource.type === type && resource.name === name);
  if (!found) {
    const names = resources.filter((resource) => resource.type === type).map((resource) => resource.name);
    throw new Error(`no ${type} is called "${name}"; there are ${names.join(", ")}`);
  }
  return found;
}

type Inputs = Record<string, unknown>;

function state(type: string, name: string, inputs: Inputs, preview: boolean): Record<string, unknown> {
  if (type === "random:index/randomBytes:RandomBytes") {
    if (preview) return { hex: unknown, base64: unknown };
    const bytes = createHash("sha256").update(name).digest();
    return { hex: bytes.toString("hex"), base64: bytes.toString("base64") };
  }
  if (!type.startsWith("aws:")) return {};
  return {
    ...Object.fromEntries(decidedByAws.map((output) => [output, preview ? unknown : `${name}-${output}`])),
    ...(type === "aws:acm/certificate:Certificate"
      ? { domainValidationOptions: preview ? unknown : validationOptions(inputs) }
      : {}),
    ...(type === "aws:rds/instance:Instance"
      ? { masterUserSecrets: preview ? unknown : [{ secretArn: `${name}-master-secret` }] }
      : {}),
  };
}

function validationOptions({ domainName, subjectAlternativeNames = [] }: Inputs) {
  return [domainName, ...(subjectAlternativeNames as string[])].map((host) => ({
    domainName: host,
    resourceRecordName: `_proof.${String(host)}`,
    resourceRecordType: "CNAME",
    resourceRecordValue: `_proof.${String(host)}.acm-validations.aws`,
  }));
}

/** Outputs that no program knows before the resource exists. */
const decidedByAws = [
  "address",
  "arn",
  "arnSuffix",
  "certificateArn",
  "configurationEndpointAddress",
  "dnsName",
  "endpoint",
  "fqdn",
  "invokeArn",
  "keyId",
  "prefixListId",
  "primaryEndpointAddress",
  "versionId",
  "zoneId",
];

function propertyDependencies(request: Request): RecordedResource["propertyDependencies"] {
  const found: RecordedResource["propertyDependencies"] = {};
  request.getPropertydependenciesMap().forEach((value, property) => {
    const urns = value.getUrnsList().sort();
    if (urns.length > 0) found[property] = urns.map((urn) => ({ type: typeOf(urn), name: logicalName(urn) }));
  });
  return found;
}

/** The type of a resource, without those of its parents. */
function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").pop() ?? "";
}

function logicalName(urn: string): string {
  return urn.split("::").pop() ?? "";
}

function plain(value: unknown): unknown {
  if (value === unknown) return "[unknown]";
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if (signature in value) return "[secret]";
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
}
