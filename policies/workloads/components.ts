import type { Resource } from "../frame/check.ts";
import { textOf } from "../frame/field.ts";

/** Where a workload says what it is: Kubernetes labels and its name, an AWS tag and the service's name. */
const PLACES: readonly (readonly string[])[] = [
  ["metadata", "labels", "app.kubernetes.io/component"],
  ["metadata", "labels", "app.kubernetes.io/name"],
  ["metadata", "name"],
  ["tags", "component"],
  ["tagsAll", "component"],
  ["name"],
];

/** The names by which a workload may be known: `payment-server`, `worldstore-server`. */
export function namesOf({ properties }: Resource): string[] {
  return PLACES.map((place) => textOf(properties.get(...place).value)).filter((name) => name !== "");
}

/** The part of its system that a resource says it is: a Kubernetes label or an AWS tag; empty when it says nothing. */
export function componentOf({ properties }: Resource): string {
  const places = PLACES.filter((place) => place.some((key) => key.endsWith("component")));
  return places.map((place) => textOf(properties.get(...place).value)).find((name) => name !== "") ?? "";
}
