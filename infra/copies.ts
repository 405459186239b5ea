import type { Settings } from "./settings.ts";
import type { Service } from "./spec/service.ts";

/** The least number of copies of a stateless service in a highly available profile. */
const highlyAvailableCopies = 2;

/** The fewest and the most copies of a stateless service; they differ where its load decides. */
export interface Copies {
  minimum: number;
  maximum: number;
}

/** How many copies of a stateless service run. */
export function copiesOf({ scaling }: Pick<Service, "scaling">, { profile }: Pick<Settings, "profile">): Copies {
  const stated = "replicas" in scaling ? { minimum: scaling.replicas, maximum: scaling.replicas } : scaling;
  const minimum = profile.highlyAvailable ? Math.max(stated.minimum, highlyAvailableCopies) : stated.minimum;
  return { minimum, maximum: Math.max(stated.maximum, minimum) };
}
