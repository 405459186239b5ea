import assert from "node:assert/strict";

import { connections, storeUsers } from "./flows.ts";
import type { Flow } from "./flow.ts";
import type { System } from "./system.ts";

function system(flows: readonly Flow[]): System {
  const service = { ports: { http: { port: 8080 }, admin: { port: 9000 } } };
  return {
    services: { api: service, worker: service },
    stores: { db: { engine: "postgres", port: 5432 }, files: { engine: "objects" } },
    outside: { bank: { hosts: ["api.bank.example"], requirement: "T-0" } },
    flows,
  } as unknown as System;
}

describe("The connections of a system", () => {
  const cases: [string, Flow["from"], Flow["to"], unknown][] = [
    [
      "a service's port by name",
      { service: "worker" },
      { service: "api", port: "admin" },
      { from: { kind: "service", name: "worker" }, to: { kind: "service", name: "api" }, port: 9000 },
    ],
    [
      "a store's own port",
      { job: "migrate" },
      { store: "db" },
      { from: { kind: "job", name: "migrate" }, to: { kind: "store", name: "db" }, port: 5432 },
    ],
    [
      "HTTPS for an object store",
      { service: "api" },
      { store: "files" },
      { from: { kind: "service", name: "api" }, to: { kind: "store", name: "files" }, port: 443 },
    ],
    [
      "HTTPS for the outside, with its hosts",
      { service: "api" },
      { outside: "bank" },
      {
        from: { kind: "service", name: "api" },
        to: { kind: "outside", name: "bank", hosts: ["api.bank.example"] },
        port: 443,
      },
    ],
    [
      "the edge",
      { edge: true },
      { service: "api", port: "http" },
      { from: { kind: "edge" }, to: { kind: "service", name: "api" }, port: 8080 },
    ],
    [
      "monitoring",
      { monitoring: true },
      { service: "api", port: "http" },
      { from: { kind: "monitoring" }, to: { kind: "service", name: "api" }, port: 8080 },
    ],
  ];
  for (const [name, from, to, expected] of cases) {
    it(`know ${name}`, () => {
      const [connection] = connections(system([{ requirement: "T-1", from, to }]));
      assert.deepEqual(connection, { ...(expected as object), requirement: "T-1" });
    });
  }
});

describe("The users of a store", () => {
  it("are the services and jobs with a flow to it, once each, sorted, with the widest privileges", () => {
    const users = storeUsers(
      system([
        { requirement: "T-1", from: { service: "worker" }, to: { store: "db" } },
        { requirement: "T-2", from: { service: "api" }, to: { store: "db", privileges: "owner" } },
        { requirement: "T-3", from: { service: "api" }, to: { store: "db" } },
        { requirement: "T-4", from: { job: "migrate" }, to: { store: "db", privileges: "owner" } },
        { requirement: "T-5", from: { service: "worker" }, to: { store: "files" } },
      ]),
      "db",
    );
    assert.deepEqual(users, [
      { workload: "api", privileges: "owner" },
      { workload: "migrate", privileges: "owner" },
      { workload: "worker", privileges: "readwrite" },
    ]);
  });
});
