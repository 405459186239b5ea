import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { type BySystem, valueFor } from "../workloads/by-system.ts";
import { type Client, clientsOf } from "../workloads/pools.ts";
import { CONFIG_MAP, readSettings } from "../workloads/settings-files.ts";
import { systemOf } from "../workloads/system.ts";

type Store = "postgres" | "mongodb" | "redis";

interface Parameters {
  variables: Readonly<Record<Store, readonly string[]>>;
  limits: Readonly<Record<Store, BySystem<number>>>;
  reserve: number;
  perWorker: string[];
  workerVariable: string;
}

const PARAMETER_GROUP = "aws:rds/parameterGroup:ParameterGroup";
const STORES = ["postgres", "mongodb", "redis"] as const;

/** However many copies run, none is refused a connection. */
export const connBudget = definePolicy<Parameters>({
  id: "POL-CONN-BUDGET",
  title: "Connection pools fit the database",
  severity: "medium",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: { soc2: ["A1.1"] },
  requirements: ["EB-SEC-41", "AR-SEC-21", "CC-SEC-15", "RB-SEC-18"],
  remediation: "Make the pools smaller, let them go through a pooler, or let the server accept more connections.",
  parameters: {
    variables: {
      type: "object",
      additionalProperties: { type: "array", items: { type: "string" } },
      description: "Variables with the largest pool of one process, by store.",
      default: {
        postgres: ["DB_POOL_MAX", "DB_POOL_SIZE", "DATABASE_POOL_MAX", "DATABASE_POOL_SIZE"],
        mongodb: ["MONGODB_MAX_POOL_SIZE"],
        redis: ["REDIS_MAX_CONNECTIONS", "REDIS_POOL_MAX"],
      },
    },
    limits: {
      type: "object",
      additionalProperties: { type: "object" },
      description: "Connections that a store accepts when the stack does not say, by store and system.",
      default: { postgres: { archesai: 200, default: 100 }, mongodb: { default: 65536 }, redis: { default: 10000 } },
    },
    reserve: {
      type: "integer",
      minimum: 0,
      description: "Connections kept for jobs, monitoring and administrators.",
      default: 10,
    },
    perWorker: {
      type: "array",
      items: { type: "string" },
      description: "Systems whose processes each start a number of workers with pools of their own.",
      default: ["ecommerce-bot"],
    },
    workerVariable: { type: "string", description: "The variable with that number.", default: "WORKERS" },
  },
  checkStack(stack, parameters) {
    const clients = clientsOf(stack);
    for (const system of new Set(clients.map(({ resource }) => systemOf(resource)))) {
      const own = clients.filter(({ resource }) => systemOf(resource) === system);
      STORES.forEach((store) => checkStore(stack, store, own, parameters));
    }
  },
});

/** The largest number of connections that a client opens, and where it stands; undefined while it is not known. */
interface Demand {
  client: Client;
  /** The resource in which the number stands. */
  holder: StackResource;
  field: Field;
  connections: number | undefined;
}

function checkStore(stack: Stack, store: Store, clients: readonly Client[], parameters: Parameters): void {
  const pooled = store === "postgres" ? clients.flatMap((client) => poolerDemand(stack, client)) : [];
  const direct = clients.flatMap((client) => directDemand(store, client, parameters));
  const demands = pooled.length > 0 ? pooled : direct;
  demands.forEach(({ holder, field }) => stack.check(holder).known(field));
  const [first] = demands;
  const total = demands.reduce((sum, { connections }) => sum + (connections ?? Number.NaN), 0);
  if (first === undefined || Number.isNaN(total)) {
    return;
  }
  const stated = store === "postgres" ? statedLimit(stack, first.client.resource) : undefined;
  const limit = stated ?? valueFor(parameters.limits[store], first.client.resource) ?? Infinity;
  if (total > limit - parameters.reserve) {
    const largest = demands.reduce((a, b) => ((b.connections ?? 0) > (a.connections ?? 0) ? b : a));
    stack.check(largest.holder).object(largest.field, {
      found: `${total} connections of all copies to ${store}`,
      expected: `at most ${limit - parameters.reserve} (${limit} less ${parameters.reserve} kept free)`,
    });
  }
}

function directDemand(store: Store, client: Client, parameters: Parameters): Demand[] {
  const name = parameters.variables[store].find((variable) => client.variables.has(variable));
  const field = name === undefined ? undefined : client.variables.get(name);
  if (field === undefined || field.absent || Number.isNaN(Number(field.value ?? 0))) {
    return [];
  }
  const workers = parameters.perWorker.includes(systemOf(client.resource) ?? "")
    ? client.variables.get(parameters.workerVariable)
    : undefined;
  const known = !field.unknown && !workers?.unknown && client.copies !== undefined;
  const connections = Number(field.value) * Number(workers?.value ?? 1) * (client.copies ?? 0);
  return [{ client, holder: client.holder, field, connections: known ? connections : undefined }];
}

/** What a pooler opens to the server: its pool and the reserve, in each of its copies. */
function poolerDemand(stack: Stack, client: Client): Demand[] {
  const variable = client.variables.get("DEFAULT_POOL_SIZE");
  const settings = variable === undefined ? poolerFile(stack, client.resource) : undefined;
  const size = variable ?? settings?.field;
  if (size === undefined) {
    return [];
  }
  const read = (name: string) =>
    textOf(settings?.values.get(name)?.at(-1) ?? client.variables.get(name.toUpperCase())?.value);
  const mode = read("pool_mode");
  if (mode !== "transaction" && !size.unknown) {
    stack.check(settings?.resource ?? client.holder).object(size, {
      found: `pool_mode ${mode || "not set"}`,
      expected: "pool_mode transaction, so that idle clients hold no connection",
    });
  }
  const connections = Number(read("default_pool_size") || 20) + Number(read("reserve_pool_size") || 0);
  const known = !size.unknown && client.copies !== undefined;
  return [
    {
      client,
      holder: settings?.resource ?? client.holder,
      field: size,
      connections: known ? connections * (client.copies ?? 0) : undefined,
    },
  ];
}

function poolerFile(stack: Stack, workload: StackResource) {
  for (const volume of workload.properties.get("spec", "template", "spec", "volumes").items()) {
    const name = textOf(volume.get("configMap", "name").value);
    const map = stack.index
      .ofType(CONFIG_MAP)
      .find((one) => textOf(one.properties.get("metadata", "name").value) === name);
    const field = map?.properties.get("data", "pgbouncer.ini");
    if (map !== undefined && field !== undefined && !field.absent) {
      stack.check(map).known(field);
      return { resource: map, field, values: readSettings(field.value) };
    }
  }
  return undefined;
}

/** The max_connections of the PostgreSQL of the same system. */
function statedLimit(stack: Stack, client: StackResource): number | undefined {
  const own = stack.resources.filter((one) => systemOf(one) === systemOf(client) || systemOf(one) === undefined);
  const groups = own
    .filter(
      ({ type, properties }) =>
        type === PARAMETER_GROUP && textOf(properties.get("family").value).startsWith("postgres"),
    )
    .flatMap(({ properties }) => properties.get("parameters").items())
    .filter((entry) => entry.get("name").value === "max_connections")
    .map((entry) => textOf(entry.get("value").value));
  const files = own
    .filter(({ type }) => type === CONFIG_MAP)
    .map(({ properties }) =>
      readSettings(properties.get("data", "postgresql.conf").value).get("max_connections")?.at(-1),
    );
  const stated = [...groups, ...files].map(Number).filter((limit) => limit > 0);
  return stated.length === 0 ? undefined : Math.min(...stated);
}
