import type { Service } from "../spec/service.ts";

/** The DNS name of a Service in the cluster. */
export function hostOf(service: string, namespace: string): string {
  return `${service}.${namespace}.svc`;
}

/** The headless Service through which every single copy of a stateless service is found. */
export function podsServiceOf(service: string): string {
  return `${service}-pods`;
}

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

/** The name of a service's user in a store: what PostgreSQL and Redis take without quotes. */
export function userName(workload: string): string {
  return workload.replaceAll("-", "_");
}

/** A variable's name as part of a logical name: "ENCRYPTION_KEY" becomes "encryption-key". */
export function kebab(variable: string): string {
  return variable.toLowerCase().replaceAll("_", "-");
}
