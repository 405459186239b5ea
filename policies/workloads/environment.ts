import type { Resource } from "../frame/check.ts";
import { textOf } from "../frame/field.ts";

/** Where a resource names the stage that it serves: a Kubernetes label, or an AWS tag of its own or of its provider. */
const PLACES: readonly (readonly string[])[] = [
  ["metadata", "labels", "environment"],
  ["tags", "environment"],
  ["tagsAll", "environment"],
];

/** Stages in which nothing has to outlive the failure of a machine. */
const DEVELOPMENT: ReadonlySet<string> = new Set(["dev", "development"]);

/** The stage that a resource serves: as it says itself, else as the pack's settings say, else its stack's name. */
export function environmentOf({ urn, properties, settings }: Resource): string {
  const named = PLACES.map((place) => textOf(properties.get(...place).value)).find((name) => name !== "");
  return named ?? settings?.environment ?? urn.split(":")[2] ?? "";
}

/**
 * Whether a resource serves development: as it says itself, or as the pack's settings say, since a resource may bear the
 * name of a stack that says nothing of its stage. One that names no stage serves users.
 */
export function isDevelopment(resource: Resource): boolean {
  return DEVELOPMENT.has(environmentOf(resource)) || DEVELOPMENT.has(resource.settings?.environment ?? "");
}
