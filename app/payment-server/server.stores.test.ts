import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, it } from "mocha";

import { useStores } from "../../local/testing/stores/hooks.ts";
import { eventually, getJson, ServiceProcess } from "../testing/service-process.ts";
import { roles, surroundings } from "../testing/surroundings.ts";

describe("the payment server with real stores", function () {
  this.timeout(60_000);
  const stores = useStores(roles);
  const running: ServiceProcess[] = [];
  const secretTexts = new Set<string>();
  const start = async (variables: Record<string, string> = {}) => {
    const given = await surroundings(stores(), "worldstore_server", variables);
    for (const text of given.secretTexts) secretTexts.add(text);
    const server = new ServiceProcess(["app/payment-server/main.ts"], given.environment);
    running.push(server);
    return server;
  };

  afterEach(async () => {
    stores().redis.server.thaw();
    const ended = running.splice(0);
    await Promise.all(ended.map((server) => server.destroy()));
    for (const { output } of ended) {
      for (const text of secretTexts) assert.ok(!output.includes(text), `the log contains ${text}`);
    }
  });

  it("migrates the database, is ready and healthy, and tells its version", async () => {
    const server = await start();
    const url = await server.url();
    await eventually(async () => assert.equal((await getJson(`${url}/ready`)).status, 200));
    const { status, body } = await getJson(`${url}/health`);
    assert.deepEqual(
      [status, body.status, Object.keys(body.services)],
      [200, "healthy", ["postgres", "redis", "schema"]],
    );
    assert.match(body.timestamp, /^\d{4}-\d\d-\d\dT/);
    const version = await getJson(`${url}/v1/version`);
    assert.equal(version.body.service, "worldstore-server");
    assert.match(version.body.version, /^\d+\.\d+\.\d+/);
    await server.line("The database has been migrated.");
  });

  it("starts four copies at once on one database without a conflict", async () => {
    const servers = await Promise.all([1, 2, 3, 4].map(() => start()));
    for (const server of servers) {
      const url = await server.url();
      await eventually(async () => assert.equal((await getJson(`${url}/ready`)).status, 200));
      assert.ok(!server.lines().some(({ level }) => level === "error"), server.output);
    }
  });

  it("answers and logs with the correlation id of the request, or a new one", async () => {
    const server = await start();
    const url = await server.url();
    const given = await fetch(`${url}/v1/version`, { headers: { "x-correlation-id": "req_abc123" } });
    assert.equal(given.headers.get("x-correlation-id"), "req_abc123");
    const invented = await fetch(`${url}/v1/nothing`, { headers: { "x-correlation-id": "a b" } });
    const id = invented.headers.get("x-correlation-id") ?? "";
    assert.match(id, /^req_[0-9a-f]{16}$/);
    assert.deepEqual(await invented.json(), {
      error: { message: "There is nothing at this path.", correlationId: id },
    });
    await eventually(async () => {
      const ids = server
        .lines()
        .filter(({ message }) => message === "Request answered.")
        .map((line) => line["correlationId"]);
      assert.deepEqual(ids, ["req_abc123", id]);
    });
    const metrics = await (await fetch(`${url}/metrics`)).text();
    assert.match(metrics, /^http_requests_total\{method="GET",route="\/v1\/version",status="200"\} 1$/m);
    assert.doesNotMatch(metrics, /^http_requests_total\{[^}]*route="\/metrics"/m);
  });

  it("says on SIGTERM that it is not ready, finishes what is in flight and ends with 0", async () => {
    const server = await start({ SHUTDOWN_DELAY_MS: "500" });
    const url = await server.url();
    await eventually(async () => assert.equal((await getJson(`${url}/ready`)).status, 200));
    await sleep(1_100);
    stores().redis.server.freeze();
    const inFlight = getJson(`${url}/health`);
    await sleep(100);
    server.signal("SIGTERM");
    await eventually(async () => assert.equal((await getJson(`${url}/ready`)).body.phase, "stopping"), 400);
    const { status, body } = await inFlight;
    assert.deepEqual([status, body.services["redis"]?.reason], [503, "TIMEOUT"]);
    stores().redis.server.thaw();
    assert.equal(await server.ended, 0);
    const messages = server.lines().map(({ message }) => message);
    assert.ok(messages.indexOf("Stopping: no new work is taken.") < messages.indexOf("Stopped."));
  });

  it("ends at once with 1 on a second signal", async () => {
    const server = await start({ SHUTDOWN_DELAY_MS: "20000" });
    await server.url();
    server.signal("SIGTERM");
    await server.line("Stopping: no new work is taken.");
    server.signal("SIGTERM");
    assert.equal(await server.ended, 1);
  });

  it("waits for PostgreSQL instead of ending when it starts first", async () => {
    await stores().postgres.server.stop();
    try {
      const server = await start();
      const url = await server.url();
      assert.equal((await getJson(`${url}/live`)).status, 200);
      assert.equal((await getJson(`${url}/ready`)).status, 503);
      await stores().postgres.server.start();
      await eventually(async () => assert.equal((await getJson(`${url}/ready`)).status, 200));
    } finally {
      await stores().postgres.server.start();
    }
  });

  it("survives a restart of PostgreSQL under its connections", async () => {
    const server = await start();
    const url = await server.url();
    await eventually(async () => assert.equal((await getJson(`${url}/ready`)).status, 200));
    await stores().postgres.server.stop();
    try {
      await eventually(async () => assert.equal((await getJson(`${url}/ready`)).status, 503));
      assert.equal((await getJson(`${url}/live`)).status, 200);
    } finally {
      await stores().postgres.server.start();
    }
    await eventually(async () => assert.equal((await getJson(`${url}/ready`)).status, 200));
  });

  it("refuses a PostgreSQL whose certificate it cannot trust", async () => {
    const server = await start({ NODE_EXTRA_CA_CERTS: "" });
    const url = await server.url();
    const { status, body } = await getJson(`${url}/health`);
    assert.deepEqual(
      [status, body.services["postgres"]?.status, body.services["redis"]?.status],
      [503, "down", "down"],
    );
    assert.match(server.output, /unable to verify the first certificate|self-signed certificate/);
  });
});
