import assert from "node:assert/strict";

import type { Service } from "../infra/spec/service.ts";
import type { PostgresStore, RedisStore } from "../infra/spec/store.ts";
import type { System } from "../infra/spec/system.ts";
import { validateSystem } from "../infra/spec/validate.ts";
import { worldstore, type WorldstoreOptions } from "./worldstore.ts";

const options: WorldstoreOptions = {
  agentMode: "single",
  walletMode: "self-managed",
  logLevel: "info",
  xmtpEnvironment: "production",
};

type Change = (system: System) => void;
const agent = (system: System) => system.services["worldstore-agent"] as Service;
const server = (system: System) => system.services["worldstore-server"] as Service;

/** Writes a value that the types refuse, as a specification written without type checking could. */
function put(target: object, key: string, value: unknown): void {
  Object.assign(target, { [key]: value });
}

describe("the worldstore specification", () => {
  for (const agentMode of ["single", "sharded"] as const) {
    for (const walletMode of ["self-managed", "crossmint"] as const) {
      it(`is sound with a ${agentMode} agent and ${walletMode} wallets`, () => {
        assert.deepEqual(validateSystem(worldstore({ ...options, agentMode, walletMode })), []);
      });
    }
  }

  it("has the stated sizes, copies and alerts", () => {
    const system = worldstore({ ...options, agentMode: "sharded" });
    assert.deepEqual(agent(system).resources, {
      requests: { cpu: "0.25 vCPU", memory: "256 MiB" },
      limits: { cpu: "0.5 vCPU", memory: "512 MiB" },
    });
    assert.equal(agent(system).singleWriter?.instances, 3);
    assert.deepEqual(server(system).resources.limits, { cpu: "0.3 vCPU", memory: "256 MiB" });
    const required = Array.from({ length: 13 }, (_, index) => `WS-ALR-${String(index + 1).padStart(2, "0")}`);
    assert.deepEqual([...new Set(system.alerts.map(({ requirement }) => requirement))], required);
    assert.deepEqual(system.logRetention, { error: "30 d", warn: "14 d", info: "7 d", debug: "1 d" });
  });

  it("gives the wallet to the agent alone", () => {
    for (const [name, { variables }] of Object.entries(worldstore(options).services)) {
      assert.equal("WALLET_KEY" in variables, name === "worldstore-agent");
    }
  });

  const wrong: [string, Change, string, RegExp][] = [
    [
      "a service name with capitals",
      (s) => put(s.services, "Agent", server(s)),
      "services.Agent",
      /lower-case letters/,
    ],
    [
      "a name that is too long",
      (s) => put(s.services, "a".repeat(41), server(s)),
      `services.${"a".repeat(41)}`,
      /at most 40/,
    ],
    [
      "a name used twice",
      (s) => put(s.stores, "worldstore-server", s.stores["redis"]),
      "stores.worldstore-server",
      /also used in services/,
    ],
    [
      "memory without a space",
      (s) => put(server(s).resources.limits, "memory", "256Mi"),
      "services.worldstore-server.resources.limits.memory",
      /write it like "512 MiB"/,
    ],
    [
      "processor time in another unit",
      (s) => put(server(s).resources.requests, "cpu", "150m"),
      "services.worldstore-server.resources.requests.cpu",
      /write it like "0.5 vCPU"/,
    ],
    [
      "a request above its limit",
      (s) => put(server(s).resources.requests, "memory", "512 MiB"),
      "services.worldstore-server.resources.requests.memory",
      /more than the limit of 256 MiB/,
    ],
    [
      "a processor request above its limit",
      (s) => put(server(s).resources.requests, "cpu", "1 vCPU"),
      "services.worldstore-server.resources.requests.cpu",
      /more than the limit of 0.3 vCPU/,
    ],
    [
      "a privileged port",
      (s) => put(server(s).ports, "http", { port: 80 }),
      "services.worldstore-server.ports.http",
      /1024 to 65535/,
    ],
    [
      "a port that does not exist",
      (s) => put(server(s).ports, "http", { port: 70000 }),
      "services.worldstore-server.ports.http",
      /1024 to 65535/,
    ],
    [
      "one port number twice",
      (s) => put(server(s).ports, "admin", { port: 3000 }),
      "services.worldstore-server.ports.admin",
      /already the port "http"/,
    ],
    [
      "a port name that is too long",
      (s) => put(server(s).ports, "a-very-long-port-name", { port: 4000 }),
      "services.worldstore-server.ports.a-very-long-port-name",
      /at most 15/,
    ],
    [
      "a probe on an unknown port",
      (s) => put(server(s).probes.liveness, "port", "admin"),
      "services.worldstore-server.probes.liveness.port",
      /no port "admin"; the service has http/,
    ],
    [
      "a probe path without a slash",
      (s) => put(server(s).probes.readiness, "path", "ready"),
      "services.worldstore-server.probes.readiness.path",
      /must start with "\/"/,
    ],
    [
      "no copies",
      (s) => put(server(s), "scaling", { replicas: 0 }),
      "services.worldstore-server.scaling.replicas",
      /whole number from 1/,
    ],
    [
      "half a copy",
      (s) => put(server(s), "scaling", { replicas: 1.5 }),
      "services.worldstore-server.scaling.replicas",
      /whole number/,
    ],
    [
      "a minimum above the maximum",
      (s) => put(server(s), "scaling", { minimum: 5, maximum: 2 }),
      "services.worldstore-server.scaling",
      /1 <= minimum <= maximum/,
    ],
    [
      "a release that cannot proceed",
      (s) => put(server(s), "release", { strategy: "rolling", maxSurge: 0, maxUnavailable: 0 }),
      "services.worldstore-server.release",
      /cannot both be 0/,
    ],
    [
      "a single writer with a rolling release",
      (s) => put(agent(s), "release", { strategy: "rolling", maxSurge: 1, maxUnavailable: 0 }),
      "services.worldstore-agent.release.strategy",
      /two single writers at once/,
    ],
    [
      "a single writer with replicas",
      (s) => put(agent(s), "scaling", { replicas: 3 }),
      "services.worldstore-agent.scaling",
      /singleWriter.instances/,
    ],
    [
      "an own secret that nothing uses",
      (s) => put(agent(s), "singleWriter", { instances: 1, ownSecrets: ["FIELD_ENCRYPTION_KEY"] }),
      "services.worldstore-agent.singleWriter.ownSecrets",
      /no variable uses/,
    ],
    [
      "a volume on a stateless service",
      (s) => put(server(s), "volumes", { data: { mountPath: "/data", size: "1 GiB", requirement: "" } }),
      "services.worldstore-server.volumes.data",
      /only a single writer has volumes/,
    ],
    [
      "a relative mount path",
      (s) => put(agent(s).volumes?.["data"] ?? {}, "mountPath", "data"),
      "services.worldstore-agent.volumes.data.mountPath",
      /absolute path/,
    ],
    [
      "a volume size in another unit",
      (s) => put(agent(s).volumes?.["data"] ?? {}, "size", "1 GB"),
      "services.worldstore-agent.volumes.data.size",
      /write it like "2 GiB"/,
    ],
    [
      "metrics on an unknown port",
      (s) => put(server(s), "metrics", { path: "/metrics", port: "metrics", interval: "15 s" }),
      "services.worldstore-server.metrics.port",
      /no port "metrics"/,
    ],
    [
      "metrics with a wrong interval",
      (s) => put(server(s), "metrics", { path: "/metrics", port: "http", interval: "15" }),
      "services.worldstore-server.metrics.interval",
      /length of time/,
    ],
    [
      "metrics that nothing may read",
      (s) =>
        put(
          s,
          "flows",
          s.flows.filter(({ from }) => !("monitoring" in from)),
        ),
      "services.worldstore-server.metrics",
      /no flow leads from monitoring/,
    ],
    [
      "a variable in lower case",
      (s) => put(server(s).variables, "log-level", "info"),
      "services.worldstore-server.variables.log-level",
      /capital letters/,
    ],
    [
      "an undeclared secret",
      (s) => put(server(s).variables, "KEY", { secret: "KEY" }),
      "services.worldstore-server.variables.KEY",
      /"KEY" is not declared; declared are/,
    ],
    [
      "an undeclared store",
      (s) => put(server(s).variables, "DB", { store: "mysql", value: "url" }),
      "services.worldstore-server.variables.DB",
      /"mysql" is not declared; declared are audit/,
    ],
    [
      "a store without a flow",
      (s) => put(server(s).variables, "Q", { store: "orders", value: "url" }),
      "services.worldstore-server.variables.Q",
      /no flow leads there/,
    ],
    [
      "an undeclared service",
      (s) => put(server(s).variables, "S", { service: "shop", port: "http" }),
      "services.worldstore-server.variables.S",
      /"shop" is not declared/,
    ],
    [
      "an unknown port of a service",
      (s) => put(agent(s).variables, "S", { service: "worldstore-server", port: "grpc" }),
      "services.worldstore-agent.variables.S",
      /no port "grpc"/,
    ],
    [
      "a service without a flow",
      (s) => put(server(s).variables, "S", { service: "worldstore-agent", port: "http" }),
      "services.worldstore-server.variables.S",
      /no flow leads there/,
    ],
    [
      "a secret that nothing uses",
      (s) => put(s.secrets, "UNUSED", { origin: "external", requirement: "", format: { bytes: 16, encoding: "hex" } }),
      "secrets.UNUSED",
      /no service or job uses/,
    ],
    [
      "a generated secret below 256 bits",
      (s) => put(s.secrets["ENCRYPTION_KEY"]?.format ?? {}, "bytes", 16),
      "secrets.ENCRYPTION_KEY.format.bytes",
      /use 32 or more/,
    ],
    [
      "a wrong rotation",
      (s) => put(s.secrets["SERPAPI_API_KEY"] ?? {}, "rotation", "quarterly"),
      "secrets.SERPAPI_API_KEY.rotation",
      /such as "90 d"/,
    ],
    [
      "a flow from nowhere",
      (s) => put(s, "flows", [...s.flows, { requirement: "X", from: { service: "shop" }, to: { store: "redis" } }]),
      "from",
      /service "shop" is not declared/,
    ],
    [
      "a flow to an unknown store",
      (s) => put(s, "flows", [...s.flows, { requirement: "X", from: { edge: true }, to: { store: "mysql" } }]),
      "to",
      /store "mysql" is not declared/,
    ],
    [
      "a flow to an unknown port",
      (s) =>
        put(s, "flows", [
          ...s.flows,
          { requirement: "X", from: { edge: true }, to: { service: "worldstore-agent", port: "x" } },
        ]),
      "to",
      /no port "x"/,
    ],
    [
      "a public endpoint without a flow",
      (s) =>
        put(
          s,
          "flows",
          s.flows.filter(({ from }) => !("edge" in from)),
        ),
      "publicEndpoints.payment",
      /no flow leads from the edge/,
    ],
    [
      "an outside host with a scheme",
      (s) => put(s.outside, "x", { hosts: ["https://example.com"], requirement: "" }),
      "outside.x.hosts",
      /not a host name/,
    ],
    [
      "a database name with a hyphen",
      (s) => put(s.stores["postgres"] as PostgresStore, "database", "world-store"),
      "stores.postgres.database",
      /underscores/,
    ],
    [
      "too few connections",
      (s) => put(s.stores["postgres"] as PostgresStore, "maxConnections", 2),
      "stores.postgres.maxConnections",
      /from 10/,
    ],
    [
      "Redis without memory",
      (s) => put(s.stores["redis"] as RedisStore, "memory", "0 MiB"),
      "stores.redis.memory",
      /write it like/,
    ],
    ["no Redis node", (s) => put(s.stores["redis"] as RedisStore, "nodes", 0), "stores.redis.nodes", /from 1/],
    [
      "a queue with a wrong retention",
      (s) => put(s.stores["orders"] ?? {}, "retention", "long"),
      "stores.orders.retention",
      /write it like "14 d"/,
    ],
    [
      "two alerts of one name",
      (s) => put(s, "alerts", [...s.alerts, s.alerts[0]]),
      "alerts.XmtpConnectionFailure",
      /two alerts of this name/,
    ],
    [
      "a percentage instead of a fraction",
      (s) => put(s.alerts[4]?.condition ?? {}, "above", 80),
      "alerts.AgentMemoryHigh.condition.above",
      /between 0 and 1/,
    ],
    [
      "an alert on an unknown service",
      (s) => put(s.alerts[4]?.condition ?? {}, "service", "shop"),
      "alerts.AgentMemoryHigh.condition",
      /"shop" is not declared/,
    ],
    [
      "an alert on an unknown store",
      (s) => put(s.alerts[7]?.condition ?? {}, "store", "memcached"),
      "alerts.RedisMemoryHigh.condition",
      /"memcached" is not declared/,
    ],
    [
      "an alert that waits without a unit",
      (s) => put(s.alerts[4] ?? {}, "for", "5"),
      "alerts.AgentMemoryHigh.for",
      /such as "5 min"/,
    ],
    [
      "a log retention without a unit",
      (s) => put(s.logRetention, "error", "30"),
      "logRetention.error",
      /such as "30 d"/,
    ],
  ];
  for (const [what, change, where, message] of wrong) {
    it(`is refused with ${what}`, () => {
      const system = structuredClone(worldstore(options));
      change(system);
      const problems = validateSystem(system);
      const found = problems.find((problem) => problem.where.endsWith(where) && message.test(problem.message));
      assert(found, JSON.stringify(problems, null, 1));
      assert.match(found.message, /[.]$/);
    });
  }
});
