import { UserError } from "../../infra/errors.ts";
import type { AnalyzedResource } from "../../policies/analyzer.ts";
import { secretSignature } from "../pulumi/plugins/values.ts";
import type { AnalyzedStack } from "../pulumi/program/analyze.ts";

interface StateResource {
  urn: string;
  type: string;
  delete?: boolean;
  parent?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  protect?: boolean;
  provider?: string;
  dependencies?: string[];
  propertyDependencies?: Record<string, string[] | null>;
}

/**
 * The resources of a state file. Its secrets are not opened: each reads "[secret]".
 *
 * @throws UserError when it is no state
 */
export function readState(text: string, file: string): Pick<AnalyzedStack, "alone" | "together"> {
  const resources = resourcesOf(text, file).filter(({ delete: deleted }) => deleted !== true);
  const provider = ({ provider: reference = "" }: StateResource) => {
    const found = resources.find(({ urn }) => reference.startsWith(`${urn}::`));
    return found && { provider: analyzed(found, found.inputs) };
  };
  return {
    alone: resources.map((resource) => ({ ...analyzed(resource, resource.inputs), ...provider(resource) })),
    together: resources.map((resource) => ({ ...analyzed(resource, resource.outputs), ...provider(resource) })),
  };
}

function resourcesOf(text: string, file: string): StateResource[] {
  try {
    const state = JSON.parse(text, hidden) as { deployment?: { resources?: StateResource[] } };
    if (typeof state.deployment === "object") return state.deployment.resources ?? [];
  } catch {
    // Said below.
  }
  throw new UserError({ where: "--file", message: `${file} is no state; write one with \`pulumi stack export\`.` });
}

function hidden(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !(secretSignature.key in value)) return value;
  const { [secretSignature.key]: signature } = value as Record<string, unknown>;
  return signature === secretSignature.value ? { ...secretMark, value: "[secret]" } : value;
}

const secretMark = { [secretSignature.key]: secretSignature.value };

function analyzed(resource: StateResource, properties: Record<string, unknown> = {}): AnalyzedResource {
  const { urn, type, parent = "", protect = false, dependencies = [], propertyDependencies = {} } = resource;
  const named = Object.entries(propertyDependencies).map(([property, urns]) => [property, urns ?? []] as const);
  return {
    urn,
    type,
    name: urn.split("::").at(-1) ?? "",
    parent,
    properties,
    protect,
    dependencies,
    propertyDependencies: Object.fromEntries(named),
  };
}
