import type { Service } from "./service.ts";
import type { System } from "./system.ts";

/** One copy of a service that has an identity: its workload's name and its number. */
export interface Instance {
  workload: string;
  number: number;
}

/** The instances of a single writer: named like the service if there is one, numbered if there are several. */
export function instancesOf(name: string, service: Service): Instance[] {
  const count = service.singleWriter?.instances ?? 1;
  if (count === 1) return [{ workload: name, number: 0 }];
  return Array.from({ length: count }, (_, number) => ({ workload: `${name}-${number}`, number }));
}

/**
 * The keys under which the values of a secret are kept: its name, or its name with the number of each instance of the
 * single writer that has its own, such as "WALLET_KEY_0".
 */
export function secretKeys(system: System, variable: string): string[] {
  for (const [name, service] of Object.entries(system.services)) {
    if (!service.singleWriter?.ownSecrets.includes(variable)) continue;
    return instancesOf(name, service).map(({ number }) => `${variable}_${number}`);
  }
  return [variable];
}
