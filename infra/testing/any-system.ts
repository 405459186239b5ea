import fc from "fast-check";

import { shop } from "../aws/testing/shop.ts";
import type { Alert } from "../spec/alert.ts";
import type { Flow } from "../spec/flow.ts";
import type { Job } from "../spec/job.ts";
import type { Probe, Service, Variable } from "../spec/service.ts";
import type { System } from "../spec/system.ts";

/** What both targets can tell of the shop's stores. */
const storeVariables: Record<string, Variable> = {
  CACHE_HOST: { store: "cache", value: "host" },
  CACHE_NODES: { store: "cache", value: "nodes" },
  CACHE_URL: { store: "cache", value: "url" },
  DATABASE_HOST: { store: "db", value: "host" },
  DATABASE_NAME: { store: "db", value: "database" },
  DATABASE_PASSWORD: { store: "db", value: "password" },
  DATABASE_PORT: { store: "db", value: "port" },
  DATABASE_URL: { store: "db", value: "url" },
  DATABASE_USER: { store: "db", value: "username" },
  QUEUE_NAME: { store: "orders", value: "name" },
  QUEUE_URL: { store: "orders", value: "url" },
};
const otherVariables: Record<string, Variable> = {
  CA: { file: "certificate-authority" },
  KEY: { secret: "KEY" },
  MODE: "fast",
  TOKEN: { secret: "TOKEN" },
};

const variables = fc
  .subarray(Object.keys({ ...storeVariables, ...otherVariables }))
  .map((names) => pick({ ...storeVariables, ...otherVariables }, names));

const resources: fc.Arbitrary<Service["resources"]> = fc
  .record({
    cpu: fc.integer({ min: 50, max: 500 }),
    memory: fc.integer({ min: 32, max: 512 }),
    more: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ cpu, memory, more }) => ({
    requests: { cpu: `${cpu / 1000} vCPU`, memory: `${memory} MiB` },
    limits: { cpu: `${(cpu * more) / 1000} vCPU`, memory: `${memory * more} MiB` },
  }));

const command = fc.option(fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 3 }), {
  nil: undefined,
});

const timing = fc.option(
  fc.record({
    period: fc.constantFrom("10 s" as const, "15 s" as const),
    timeout: fc.constantFrom("2 s" as const, "3 s" as const),
    failures: fc.integer({ min: 2, max: 8 }),
  }),
  { nil: undefined },
);
const probe = (path: string): fc.Arbitrary<Probe> =>
  timing.map((timing) => ({ path, ...(timing === undefined ? {} : { timing }) }));

const scaling: fc.Arbitrary<Service["scaling"]> = fc.oneof(
  fc.integer({ min: 1, max: 3 }).map((replicas) => ({ replicas })),
  fc
    .record({ minimum: fc.integer({ min: 1, max: 3 }), more: fc.integer({ min: 0, max: 3 }) })
    .map(({ minimum, more }) => ({ minimum, maximum: minimum + more, cpuPercent: 70 })),
);

const service: fc.Arbitrary<Partial<Service>> = fc
  .record({
    command,
    port: fc.integer({ min: 1024, max: 65535 }),
    variables,
    resources,
    startup: probe("/live"),
    readiness: probe("/ready"),
    liveness: probe("/live"),
  })
  .map(({ command, port, variables, resources, ...probes }) => ({
    ...(command === undefined ? {} : { command }),
    ports: { http: { port } },
    variables,
    resources,
    probes,
  }));

const alert: fc.Arbitrary<Pick<Alert, "severity" | "condition">> = fc.record({
  severity: fc.constantFrom("critical", "warning"),
  condition: fc.constantFrom<Alert["condition"]>(
    { kind: "down", services: ["api"] },
    { kind: "down", services: ["api", "writer"] },
    { kind: "gauge", metric: "balance", compare: "below", limit: 50 },
    { kind: "count", metric: "failures_total", above: 3, window: "5 min" },
    { kind: "share", part: "failed_total", whole: "all_total", above: 0.05, window: "5 min" },
    { kind: "quantile", metric: "delay_seconds", quantile: 0.95, above: 30, window: "5 min" },
    { kind: "service-memory", service: "writer", above: 0.8 },
    { kind: "store-memory", store: "cache", above: 0.9 },
  ),
});

const when: fc.Arbitrary<Job["when"]> = fc.oneof(
  fc.constant("before-release" as const),
  fc
    .record({ minute: fc.integer({ min: 0, max: 59 }), hour: fc.integer({ min: 0, max: 23 }) })
    .map(({ minute, hour }) => ({ schedule: `${minute} ${hour} * * *` })),
);

/**
 * Any sound system of which both targets can do all: a published service, one inside, a single writer and a job, with any
 * variables, resources, probes, scaling, releases, alerts and connections.
 */
export const anySystem: fc.Arbitrary<System> = fc
  .record({
    api: fc.record({ service, scaling, blueGreen: fc.boolean() }),
    worker: fc.option(fc.record({ service, scaling }), { nil: undefined }),
    writer: fc.record({ service, instances: fc.constantFrom(1, 1, 2), volume: fc.boolean() }),
    job: fc.option(fc.record({ command, variables, resources, when }), { nil: undefined }),
    outside: fc.subarray(["api", "worker", "writer"]),
    callsApi: fc.subarray(["worker", "writer"]),
    alerts: fc.array(alert, { maxLength: 5 }),
  })
  .map(({ api, worker, writer, job, outside, callsApi, alerts }) => {
    const base = shop();
    const [baseApi, baseWriter] = [base.services["api"], base.services["writer"]] as [Service, Service];
    const services: Record<string, Service> = {
      api: {
        ...baseApi,
        ...api.service,
        scaling: api.scaling,
        release: api.blueGreen ? { strategy: "blue-green" } : { strategy: "rolling", maxSurge: 1, maxUnavailable: 0 },
      },
      ...(worker && {
        worker: {
          ...baseApi,
          ...worker.service,
          scaling: worker.scaling,
          release: { strategy: "rolling", maxSurge: 1, maxUnavailable: 0 },
        },
      }),
      writer: { ...baseWriter, ...writer.service, singleWriter: { instances: writer.instances, ownSecrets: [] } },
    };
    const single = services["writer"];
    if (!writer.volume) delete single?.volumes;
    for (const caller of callsApi) {
      const found = services[caller];
      if (found) found.variables = { ...found.variables, API_URL: { service: "api", port: "http" } };
    }
    const jobs: Record<string, Job> = job
      ? {
          migrate: {
            role: "Works.",
            requirement: "T-1",
            image: "api",
            ...(job.command === undefined ? {} : { command: job.command }),
            variables: job.variables,
            resources: job.resources,
            when: job.when,
            timeout: "10 min",
          },
        }
      : {};
    const flows: Flow[] = [
      { requirement: "T-1", from: { edge: true }, to: { service: "api", port: "http" } },
      ...Object.entries(services).flatMap(([name, { variables }]) => flowsOf({ service: name }, variables)),
      ...Object.entries(jobs).flatMap(([name, { variables }]) => flowsOf({ job: name }, variables)),
      ...Object.keys(services).map((name): Flow => ({
        requirement: "T-1",
        from: { monitoring: true },
        to: { service: name, port: "http" },
      })),
      ...outside
        .filter((name) => name in services)
        .map((name): Flow => ({ requirement: "T-1", from: { service: name }, to: { outside: "bank" } })),
    ];
    const used = new Set(
      [...Object.values(services), ...Object.values(jobs)].flatMap(({ variables }) =>
        Object.values(variables).flatMap((value) =>
          typeof value === "object" && "secret" in value ? [value.secret] : [],
        ),
      ),
    );
    const { db, cache, orders } = base.stores;
    return {
      ...base,
      services,
      jobs,
      stores: { db, cache, orders } as System["stores"],
      secrets: pick(base.secrets, [...used]),
      flows,
      alerts: alerts.map((alert, index) => ({
        ...alert,
        requirement: `T-${index}`,
        name: `Alert${"ABCDE"[index] ?? ""}`,
        summary: "Something happened.",
      })),
    };
  });

function flowsOf(from: Flow["from"], variables: Record<string, Variable>): Flow[] {
  return Object.values(variables).flatMap((value): Flow[] => {
    if (typeof value === "string") return [];
    if ("store" in value) return [{ requirement: "T-1", from, to: { store: value.store } }];
    return "service" in value ? [{ requirement: "T-1", from, to: { service: value.service, port: value.port } }] : [];
  });
}

function pick<Value>(all: Record<string, Value>, names: readonly string[]): Record<string, Value> {
  return Object.fromEntries(names.flatMap((name) => (name in all ? [[name, all[name] as Value]] : [])));
}
