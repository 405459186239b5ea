import { secretKeys } from "../spec/instances.ts";
import { declared } from "../spec/names.ts";
import type { StoreValue, Variable } from "../spec/service.ts";
import type { Store } from "../spec/store.ts";
import { authorityFile } from "./certificates.ts";
import { bucketName } from "./objects.ts";
import { queueName, queueUrl } from "./queue.ts";
import { secretPath, secretReference, storeSecretPath } from "./secrets.ts";
import type { Target } from "./target.ts";
import { workloadOf } from "./workload.ts";

/** The variables of a container: known texts, and references that ECS resolves when the task starts. */
export interface ContainerEnvironment {
  plain: Record<string, string>;
  /** By variable: what ECS calls `valueFrom`. */
  secrets: Record<string, string>;
}

/** What a database or cache tells through the secret of its user. AWS decides hosts; rotation exchanges names. */
const fromUserSecret: readonly StoreValue[] = ["url", "host", "nodes", "username", "password"];

/** What each engine can tell on AWS: there are no users and passwords where IAM decides. */
export const toldValues: Record<Store["engine"], readonly StoreValue[]> = {
  postgres: ["url", "host", "port", "database", "username", "password"],
  redis: ["url", "host", "port", "nodes", "database", "username", "password"],
  mongodb: [],
  queue: ["url", "name"],
  objects: ["name"],
};

/**
 * The environment of a service's or job's container. Secrets are never in it, only where they are.
 *
 * @param instance the number of the single writer, which may have secrets of its own
 */
export function environmentOf(target: Target, workload: string, instance: number): ContainerEnvironment {
  const { variables } = workloadOf(target.system, workload).specification;
  const environment: ContainerEnvironment = { plain: {}, secrets: {} };
  for (const [name, variable] of Object.entries(variables)) {
    const reference = secretOf(target, workload, instance, variable);
    if (reference === undefined) environment.plain[name] = plainValue(target, variable);
    else environment.secrets[name] = reference;
  }
  return environment;
}

/** The names in Secrets Manager that a service or job reads, those of all its instances. */
export function secretPaths(target: Target, workload: string): string[] {
  const { variables } = workloadOf(target.system, workload).specification;
  const paths = Object.values(variables).flatMap((variable) => {
    if (typeof variable === "string") return [];
    if ("secret" in variable) return secretKeys(target.system, variable.secret).map((key) => secretPath(target, key));
    return isUserSecret(target, variable) ? [storeSecretPath(target, variable.store, workload)] : [];
  });
  return [...new Set(paths)].sort();
}

/** The address of a service's port, as Service Connect knows it in every task of the system. */
export function serviceUrl({ system }: Pick<Target, "system">, service: string, port: string): string {
  const { port: number, protocol = "http" } = declared(declared(system.services, service).ports, port);
  return protocol === "http" ? `http://${service}:${number}` : `${service}:${number}`;
}

function secretOf(target: Target, workload: string, instance: number, variable: Variable): string | undefined {
  if (typeof variable === "string") return undefined;
  if ("secret" in variable) {
    const keys = secretKeys(target.system, variable.secret);
    const own = `${variable.secret}_${instance}`;
    return secretReference(target, secretPath(target, keys.includes(own) ? own : variable.secret));
  }
  if (!isUserSecret(target, variable)) return undefined;
  return secretReference(target, storeSecretPath(target, variable.store, workload), variable.value);
}

function isUserSecret(
  { system }: Target,
  variable: Exclude<Variable, string | { secret: string }>,
): variable is { store: string; value: StoreValue } {
  if (!("store" in variable)) return false;
  const { engine } = declared(system.stores, variable.store);
  return (engine === "postgres" || engine === "redis") && fromUserSecret.includes(variable.value);
}

function plainValue(target: Target, variable: Variable): string {
  if (typeof variable === "string") return variable;
  if ("file" in variable) return authorityFile;
  if ("service" in variable) return serviceUrl(target, variable.service, variable.port);
  if ("secret" in variable) throw new Error(`"${variable.secret}" is a secret`);
  const store = declared(target.system.stores, variable.store);
  switch (variable.value) {
    case "port":
      if ("port" in store) return String(store.port);
      break;
    case "database":
      return "database" in store ? store.database : "0";
    case "name":
      return store.engine === "queue" ? queueName(target, variable.store) : bucketName(target, variable.store);
    case "url":
      if (store.engine === "queue") return queueUrl(target, variable.store);
      break;
    case "host":
    case "nodes":
    case "username":
    case "password":
      break;
  }
  throw new Error(`a store of the engine ${store.engine} has no ${variable.value} on AWS`);
}
