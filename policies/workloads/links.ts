import { textOf, type Field } from "../frame/field.ts";
import type { StackResource } from "../frame/stack.ts";

/**
 * Whether a property names another resource of the stack.
 *
 * A reference to an output is unknown during a preview; the engine then says which resource it comes from. A known one is
 * compared with the target's own names, as it stands or as the end of an ARN.
 *
 * @param names properties of the target that hold its names
 */
export function refersTo(from: StackResource, field: Field, target: StackResource, names: readonly string[]): boolean {
  const own = names.map((name) => textOf(target.properties.get(name).value)).filter((name) => name !== "");
  const text = textOf(field.value);
  if (text !== "" && own.length > 0) {
    return own.some((name) => text === name || text.endsWith(`:${name}`) || text.endsWith(`/${name}`));
  }
  const [property = ""] = field.path.split(/[.[]/, 1);
  return !field.absent && (from.propertyDependencies[property] ?? []).includes(target.urn);
}

/** The resources of the given types. */
export function ofType<T extends { type: string }>(resources: readonly T[], ...types: readonly string[]): T[] {
  return resources.filter(({ type }) => types.includes(type));
}
