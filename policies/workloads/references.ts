import { isRecord } from "../frame/field.ts";
import type { Stack, StackIndex, StackResource } from "../frame/stack.ts";

/** Properties by which AWS and the program name a resource. */
const NAMES = ["id", "arn", "name"] as const;

/** The resources of a stack whose type fits. */
export function ofType(stack: Stack, type: RegExp): StackResource[] {
  return stack.resources.filter((resource) => type.test(resource.type));
}

/**
 * The resources of a type that a resource names in any of the given properties.
 *
 * The engine says where a value comes from, also when it is not known yet; a literal value is compared with the names of
 * the candidates.
 */
export function referenced(
  stack: Stack,
  resource: StackResource,
  properties: readonly string[],
  type: RegExp,
): StackResource[] {
  const found = new Set<StackResource | undefined>();
  for (const property of properties) {
    for (const urn of resource.propertyDependencies[property] ?? []) {
      found.add(stack.index.byUrn(urn));
    }
    for (const text of leaves(resource.properties.get(property).value)) {
      stack.index
        .derive(byNames)
        .get(text)
        ?.forEach((candidate) => found.add(candidate));
    }
  }
  found.delete(resource);
  return [...found].filter((candidate) => candidate !== undefined && type.test(candidate.type)) as StackResource[];
}

/** The resources of a type that name the target in any of the given properties. */
export function referrers(
  stack: Stack,
  target: StackResource,
  properties: readonly string[],
  type: RegExp,
): StackResource[] {
  return ofType(stack, type).filter((resource) => referenced(stack, resource, properties, /^/).includes(target));
}

/** Whether a property leads to something that nothing in the stack answers for: another stack's, or not known yet. */
export function leadsElsewhere(stack: Stack, resource: StackResource, property: string, type: RegExp): boolean {
  return !resource.properties.get(property).absent && referenced(stack, resource, [property], type).length === 0;
}

function byNames({ resources }: StackIndex): Map<string, StackResource[]> {
  const found = new Map<string, StackResource[]>();
  for (const resource of resources.filter(({ type }) => type.startsWith("aws:"))) {
    for (const value of new Set(NAMES.map((name) => resource.properties.get(name).value))) {
      if (typeof value === "string" && value !== "") {
        found.set(value, [...(found.get(value) ?? []), resource]);
      }
    }
  }
  return found;
}

/** All texts within a value. */
function leaves(value: unknown): string[] {
  if (typeof value === "string") {
    return [value];
  }
  return Array.isArray(value) || isRecord(value) ? Object.values(value).flatMap(leaves) : [];
}
