import type { Resource } from "../frame/check.ts";
import { textOf } from "../frame/field.ts";

/** Where a resource names its system: a Kubernetes label, or an AWS tag of its own or of its provider. */
const PLACES: readonly (readonly string[])[] = [
  ["metadata", "labels", "app.kubernetes.io/part-of"],
  ["tags", "system"],
  ["tagsAll", "system"],
];

/** The system that a resource belongs to: as it says itself, else the one that the pack's settings name. */
export function systemOf({ properties, settings }: Resource): string | undefined {
  const named = PLACES.map((place) => textOf(properties.get(...place).value)).find((name) => name !== "");
  return named ?? settings?.system;
}
