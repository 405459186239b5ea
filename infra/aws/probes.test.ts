import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";

import { declared } from "../spec/names.ts";
import type { Service } from "../spec/service.ts";
import { containerHealth } from "./probes.ts";
import { shop } from "./testing/shop.ts";

const api = declared(shop().services, "api");
const run = promisify(execFile);

/** Runs the command of a health check as ECS does, without a shell; true if it ends with 0. */
async function isHealthy(service: Service): Promise<boolean> {
  const [kind, , ...args] = containerHealth(service).command;
  assert.equal(kind, "CMD");
  return run(process.execPath, args).then(
    () => true,
    () => false,
  );
}

/** Asks a server that answers every path but one with 404. */
async function ask(path: string, status: number): Promise<boolean> {
  const server = createServer((request, response) => {
    response.writeHead(request.url === path ? status : 404).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const probes = { ...api.probes, liveness: { path } };
  try {
    return await isHealthy({ ...api, ports: { http: { port } }, probes });
  } finally {
    server.close();
  }
}

describe("The health check of a container", () => {
  it("is passed by a service that answers its liveness path with 200", async () => assert(await ask("/live", 200)));

  it("asks exactly the path, since no shell reads it", async () => assert(await ask("/it's-$HOME;exit", 200)));

  for (const status of [204, 302, 404, 503]) {
    it(`is failed by an answer of ${status}`, async () => assert(!(await ask("/live", status))));
  }

  it("is failed by a service that does not listen", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    await promisify(server.close.bind(server))();
    assert(!(await isHealthy({ ...api, ports: { http: { port } } })));
  });

  it("comes as often as proposed for every container", () => {
    const { command, ...timing } = containerHealth(api);
    assert.deepEqual(timing, { interval: 30, timeout: 5, retries: 3, startPeriod: 60 });
  });

  it("comes as often as the specification says", () => {
    const timing = (failures: number) => ({ period: "10 s", timeout: "4 s", failures }) as const;
    const probes = {
      ...api.probes,
      startup: { path: "/", timing: timing(12) },
      liveness: { path: "/", timing: timing(2) },
    };
    const { command, ...stated } = containerHealth({ ...api, probes });
    assert.deepEqual(stated, { interval: 10, timeout: 4, retries: 2, startPeriod: 120 });
  });
});
