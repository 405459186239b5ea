import fc from "fast-check";

import type { Service, Variable } from "../../spec/service.ts";
import type { Cpu, Size } from "../../spec/units.ts";
import type { Target } from "../target.ts";
import { shopTarget } from "./shop.ts";

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}[a-z0-9]$/).map((text) => `x-${text}`);
const path = fc.stringMatching(/^\/[a-z0-9/"'$-]{0,12}$/);

const variable: fc.Arbitrary<Variable> = fc.oneof(
  fc.string(),
  fc.constantFrom<Variable>(
    { secret: "TOKEN" },
    { secret: "WALLET" },
    { store: "db", value: "url" },
    { store: "db", value: "host" },
    { store: "db", value: "username" },
    { store: "db", value: "password" },
    { store: "db", value: "port" },
    { store: "db", value: "database" },
    { store: "cache", value: "nodes" },
    { store: "cache", value: "url" },
    { store: "orders", value: "url" },
    { store: "orders", value: "name" },
    { store: "files", value: "name" },
    { service: "api", port: "http" },
    { file: "certificate-authority" },
  ),
);

const resources = fc
  .record({
    cpu: fc.integer({ min: 1, max: 8000 }),
    cpuMore: fc.integer({ min: 0, max: 8000 }),
    memory: fc.integer({ min: 64, max: 60_000 }),
    memoryMore: fc.integer({ min: 0, max: 60_000 }),
  })
  .map(({ cpu, cpuMore, memory, memoryMore }) => ({
    requests: { cpu: vcpu(cpu), memory: mebibytes(memory) },
    limits: { cpu: vcpu(cpu + cpuMore), memory: mebibytes(memory + memoryMore) },
  }));

const service = fc
  .record({
    port: fc.integer({ min: 1024, max: 65_535 }),
    resources,
    path,
    variables: fc.dictionary(fc.stringMatching(/^[A-Z][A-Z_]{0,8}$/), variable, { maxKeys: 8 }),
    command: fc.option(fc.array(fc.string(), { minLength: 1, maxLength: 3 }), { nil: undefined }),
    metrics: fc.boolean(),
    instances: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
  })
  .map(({ port, resources, path, variables, command, metrics, instances }): Service => ({
    role: "Any.",
    requirement: "T-0",
    image: "api",
    component: "any",
    ...(command ? { command } : {}),
    ports: { http: { port } },
    variables,
    resources,
    probes: { startup: { path }, readiness: { path }, liveness: { path } },
    scaling: { replicas: 1 },
    release: instances === undefined ? { strategy: "blue-green" } : { strategy: "stop-then-start" },
    ...(metrics ? { metrics: { path, port: "http", interval: "15 s" } } : {}),
    ...(instances === undefined ? {} : { singleWriter: { instances, ownSecrets: [] } }),
  }));

/** The shop with one more service, of any shape that validation lets pass. */
export const anyTarget: fc.Arbitrary<{ target: Target; service: string }> = fc
  .tuple(name, service, fc.boolean(), fc.boolean())
  .map(([added, specification, calls, called]) => {
    const target = shopTarget();
    target.system.services[added] = specification;
    const flow = { requirement: "T-0", from: { service: added } } as const;
    target.system.flows = [
      ...target.system.flows,
      ...["db", "cache", "orders", "files"].map((store) => ({ ...flow, to: { store } })),
      ...(calls ? [{ ...flow, to: { service: "api", port: "http" } }] : []),
      ...(called ? [{ ...flow, from: { service: "api" }, to: { service: added, port: "http" } }] : []),
    ];
    return { target, service: added };
  });

function vcpu(thousandths: number): Cpu {
  return `${thousandths / 1000} vCPU`;
}

function mebibytes(amount: number): Size {
  return `${amount} MiB`;
}
