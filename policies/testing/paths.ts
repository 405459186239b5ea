type Json = Record<string, unknown>;

/**
 * The properties with another value at a path such as `spec.containers[0].image`; where the path leads into a JSON text,
 * the text as a whole gets the value. Undefined when nothing is there.
 */
export function replaced(properties: Json, path: string, value: unknown): Json | undefined {
  return inside(properties, stepsOf(path), value) as Json | undefined;
}

/** The steps of a path such as `spec.containers[0].image`. */
export function stepsOf(path: string): string[] {
  return [...path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(
    ([, quoted, index, name]) => quoted ?? index ?? name ?? "",
  );
}

function inside(place: unknown, [step, ...rest]: readonly string[], value: unknown): unknown {
  if (place === undefined || place === null) return undefined;
  if (step === undefined || typeof place === "string") return value;
  if (typeof place !== "object") return undefined;
  const inner = inside((place as Json)[step], rest, value);
  if (inner === undefined) return undefined;
  return Array.isArray(place) ? place.with(Number(step), inner) : { ...place, [step]: inner };
}
