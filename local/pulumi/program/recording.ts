import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";

import {
  decodeProperties,
  isObject,
  Secret,
  unknown,
  type Json,
  type Properties,
  type Value,
} from "../plugins/values.ts";

/** A resource as a program registered it. */
export interface RecordedResource {
  urn: string;
  type: string;
  name: string;
  /** The parent's URN. @default "" for the stack */
  parent: string;
  /** False for components. */
  custom: boolean;
  inputs: Properties;
  /** What the program's end of the resource got to see: inputs, made-up outputs, and what a component registered. */
  outputs: Properties;
  options: RecordedOptions;
}

/** The resource options of a registered resource. */
export interface RecordedOptions {
  protect: boolean;
  retainOnDelete: boolean;
  deleteBeforeReplace: boolean;
  /** URNs. */
  dependencies: string[];
  /** URNs by property. */
  propertyDependencies: Record<string, string[]>;
  /** URNs, or for aliases by specification what they change: `name=old`. */
  aliases: string[];
  ignoreChanges: string[];
  replaceOnChanges: string[];
  additionalSecretOutputs: string[];
  /** `URN::ID` of the provider. @default "" for the default provider */
  provider: string;
  version: string;
  /** The id of an existing object that is taken over. @default "" */
  import: string;
  customTimeouts: { create: string; update: string; delete: string };
}

/** Reads a registration; its outputs are its inputs for now. */
export function recorded(request: RegisterResourceRequest, stack: string, project: string): RecordedResource {
  const type = request.getType();
  const parent = request.getParent();
  const inputs = decodeProperties(request.getObject());
  return {
    urn: urnOf({ type, name: request.getName(), parent, stack, project }),
    type,
    name: request.getName(),
    parent,
    custom: request.getCustom(),
    inputs,
    outputs: inputs,
    options: optionsOf(request),
  };
}

/** The URN the engine would give. */
export function urnOf(resource: {
  type: string;
  name: string;
  parent: string;
  stack: string;
  project: string;
}): string {
  const { type, name, parent, stack, project } = resource;
  const above = parent.split("::")[2] ?? "";
  const chain = above === "" || above === "pulumi:pulumi:Stack" ? type : `${above}$${type}`;
  return `urn:pulumi:${stack}::${project}::${chain}::${name}`;
}

function optionsOf(request: RegisterResourceRequest): RecordedOptions {
  const timeouts = request.getCustomtimeouts();
  const propertyDependencies: Record<string, string[]> = {};
  request.getPropertydependenciesMap().forEach((value, name) => (propertyDependencies[name] = value.getUrnsList()));
  return {
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    deleteBeforeReplace: request.getDeletebeforereplace(),
    dependencies: request.getDependenciesList(),
    propertyDependencies,
    aliases: [...request.getAliasurnsList(), ...request.getAliasesList().map(aliasText)],
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    provider: request.getProvider(),
    version: request.getVersion(),
    import: request.getImportid(),
    customTimeouts: {
      create: timeouts?.getCreate() ?? "",
      update: timeouts?.getUpdate() ?? "",
      delete: timeouts?.getDelete() ?? "",
    },
  };
}

function aliasText(alias: ReturnType<RegisterResourceRequest["getAliasesList"]>[number]): string {
  if (alias.getUrn() !== "") return alias.getUrn();
  const { name, type, stack, project, parenturn, noparent } = alias.getSpec()?.toObject() ?? {};
  const parts = { name, type, stack, project, parent: noparent ? "none" : parenturn };
  return Object.entries(parts)
    .filter(([, value]) => value)
    .map(([part, value]) => `${part}=${value}`)
    .join(" ");
}

/** The value as a person may see it: secrets as "[secret]", what is not known yet as "[unknown]". */
export function shown(value: Value): Json {
  if (value === unknown) return "[unknown]";
  if (value instanceof Secret) return "[secret]";
  if (Array.isArray(value)) return value.map(shown);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, element]) => [name, shown(element)]));
}
