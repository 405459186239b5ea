import assert from "node:assert/strict";

import { declared } from "../spec/names.ts";
import type { System } from "../spec/system.ts";
import { shop } from "./testing/shop.ts";
import { workloadProblems } from "./workload-problems.ts";

const api = (system: System) => declared(system.services, "api");
const timing = { period: "10 s", timeout: "5 s", failures: 3 } as const;

describe("What ECS cannot do with services and jobs", () => {
  it("is nothing that the shop asks for", () => assert.deepEqual(workloadProblems(shop()), []));

  const cases: [string, (system: System) => void, string, RegExp][] = [
    [
      "more memory than the greatest task has",
      (system) => (api(system).resources.limits.memory = "120 GiB"),
      "services.api.resources.limits.memory",
      /use at most 122400 MiB/,
    ],
    [
      "more CPU than the greatest task has",
      (system) => (api(system).resources.limits.cpu = "17 vCPU"),
      "services.api.resources.limits.cpu",
      /use at most 16 vCPU/,
    ],
    [
      "a request that leaves nothing to sidecars",
      (system) =>
        (api(system).resources = { ...api(system).resources, requests: { cpu: "16 vCPU", memory: "64 MiB" } }),
      "services.api.resources.requests.cpu",
      /use at most 15.75 vCPU/,
    ],
    [
      "a queue's host",
      (system) => (declared(system.services, "worker").variables = { HOST: { store: "orders", value: "host" } }),
      "services.worker.variables.HOST",
      /use url, name/,
    ],
    [
      "a health check more often than every five seconds",
      (system) => (api(system).probes.liveness.timing = { ...timing, period: "1 s" }),
      "services.api.probes.liveness.timing",
      /interval of 1 .* use 5 to 300/,
    ],
    [
      "a start of more than five minutes",
      (system) => (api(system).probes.startup.timing = { ...timing, failures: 60 }),
      "services.api.probes.startup.timing",
      /startPeriod of 600 .* use 0 to 300/,
    ],
    [
      "scaling that follows nothing",
      (system) => (api(system).scaling = { minimum: 1, maximum: 3 }),
      "services.api.scaling",
      /set cpuPercent/,
    ],
    [
      "days of the month or of the week",
      (system) => (declared(system.jobs, "report").when = { schedule: "0 0 13 * 5" }),
      "jobs.report.when.schedule",
      /not both/,
    ],
    [
      "one address for several writers",
      (system) => {
        declared(system.services, "writer").singleWriter = { instances: 2, ownSecrets: ["WALLET"] };
        system.flows = [
          ...system.flows,
          { requirement: "T-0", from: { service: "api" }, to: { service: "writer", port: "http" } },
        ];
      },
      "services.writer",
      /set instances to 1/,
    ],
    [
      "a job that calls a service",
      (system) =>
        (system.flows = [{ requirement: "T-0", from: { job: "report" }, to: { service: "api", port: "http" } }]),
      "flows.0",
      /let the job use a store/,
    ],
    [
      "the name of another service's instance",
      (system) => {
        declared(system.services, "writer").singleWriter = { instances: 2, ownSecrets: ["WALLET"] };
        system.services["writer-1"] = api(system);
      },
      "services.writer-1",
      /an instance of "writer" has the same name/,
    ],
    [
      "a sidecar's name",
      (system) => (system.services["collector"] = api(system)),
      "services.collector",
      /choose another one/,
    ],
  ];
  for (const [what, change, where, message] of cases) {
    it(`is ${what}`, () => {
      const system = structuredClone(shop());
      change(system);
      const [problem, ...others] = workloadProblems(system).filter((found) => found.where === where);
      assert.deepEqual(others, []);
      assert.match(problem?.message ?? "", message);
      assert.match(problem?.message ?? "", /\.$/);
    });
  }
});
