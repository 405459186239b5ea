import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { after, afterEach, before, describe, it } from "mocha";
import { Client } from "pg";

import { useStores } from "../../local/testing/stores/hooks.ts";
import { RedisSender } from "../common/queue/redis-sender.ts";
import { eventually, getJson, ServiceProcess } from "../testing/service-process.ts";
import { roles, surroundings } from "../testing/surroundings.ts";

const group = "order-queue-worker";

describe("the worker of the order queue with real stores", function () {
  this.timeout(60_000);
  let redis: Redis;
  let postgres: Client;
  const connections: (() => unknown)[] = [];
  after("disconnect", async () => {
    for (const disconnect of connections) await disconnect();
  });
  const stores = useStores(roles);
  const running: ServiceProcess[] = [];
  const secretTexts = new Set<string>();

  const start = async (variables: Record<string, string> = {}, role = "worldstore_server") => {
    const given = await surroundings(stores(), role, { QUEUE_REDELIVERY_MS: "500", ...variables });
    for (const text of given.secretTexts) secretTexts.add(text);
    const worker = new ServiceProcess(["app/payment-server/main.ts", "worker"], given.environment);
    running.push(worker);
    return worker;
  };
  const send = async (fields: Record<string, string>) =>
    await redis.xadd("orders", "*", ...Object.entries(fields).flat());
  const order = (id: string, payload: unknown = { sku: id }) => ({
    id,
    correlationId: `req_${id}`,
    payload: JSON.stringify(payload),
  });
  const stored = async () => {
    const { rows } = await postgres.query("SELECT id, correlation_id, payload FROM orders_inbox ORDER BY id");
    return rows as { id: string; correlation_id: string; payload: unknown }[];
  };
  const dead = async () => {
    const entries = await redis.xrange("orders.dead", "-", "+");
    return entries.map(([, fields]) => {
      const pairs = fields.flatMap((name, index) => (index % 2 ? [] : [[name, fields[index + 1]]]));
      return Object.fromEntries(pairs) as Record<string, string>;
    });
  };

  before("connect", async () => {
    const ca = readFileSync(stores().certificateAuthority, "utf8");
    redis = new Redis(stores().queue.url, { tls: { ca } });
    redis.on("error", () => undefined);
    connections.push(() => redis.disconnect());
    const { username, password, host, pathname } = new URL(stores().postgres.adminUrl);
    postgres = new Client({ connectionString: `postgres://${username}:${password}@${host}${pathname}`, ssl: { ca } });
    await postgres.connect();
    connections.push(() => postgres.end());
  });
  afterEach(async () => {
    const ended = running.splice(0);
    await Promise.all(ended.map((worker) => worker.destroy()));
    await redis.del("orders", "orders.dead");
    if ((await postgres.query("SELECT to_regclass('orders_inbox') AS name")).rows[0].name) {
      await postgres.query("TRUNCATE orders_inbox");
    }
    for (const { output } of ended) {
      for (const text of secretTexts) assert.ok(!output.includes(text), `the log contains ${text}`);
    }
  });

  it("waits, when it may not change the schema, until a payment server has migrated", async () => {
    const worker = await start({}, "order_queue_worker");
    const url = await worker.url();
    await worker.line("The database cannot be migrated yet; it is tried again.");
    assert.equal((await getJson(`${url}/health`)).body.services["schema"]?.reason, "PENDING");
    const given = await surroundings(stores(), "worldstore_server");
    running.push(new ServiceProcess(["app/payment-server/main.ts"], given.environment));
    await eventually(async () => assert.equal((await getJson(`${url}/ready`)).status, 200));
    await send(order("readwrite"));
    await eventually(async () => assert.equal((await stored()).length, 1));
  });

  it("stores orders, also those sent before it started, and removes them from the queue", async () => {
    const sender = new RedisSender(redis, "orders");
    await sender.check();
    await sender.send(order("early"));
    const worker = await start();
    await send(order("late"));
    await eventually(async () => assert.equal((await stored()).length, 2));
    assert.deepEqual(await stored(), [
      { id: "early", correlation_id: "req_early", payload: { sku: "early" } },
      { id: "late", correlation_id: "req_late", payload: { sku: "late" } },
    ]);
    await eventually(async () => assert.equal(await redis.xlen("orders"), 0));
    const lines = worker.lines().filter(({ message }) => message === "An order has been received.");
    assert.deepEqual(lines.map((line) => [line["orderId"], line["correlationId"]]).toSorted(), [
      ["early", "req_early"],
      ["late", "req_late"],
    ]);
    const metrics = await (await fetch(`${await worker.url()}/metrics`)).text();
    assert.match(metrics, /^orders_received_total 2$/m);
    assert.match(metrics, /^order_queue_entries\{state="waiting"\} 0$/m);
  });

  it("stores an order once that is sent twice, and sets another order with the same id aside", async () => {
    await start();
    await send(order("twice", { amount: 179, currency: "USDC" }));
    await send({ ...order("twice"), payload: '{ "currency": "USDC", "amount": 179.0 }' });
    await send(order("twice", { amount: 1, currency: "USDC" }));
    await eventually(async () => assert.equal((await dead()).length, 1));
    await eventually(async () => assert.equal(await redis.xlen("orders"), 0));
    assert.deepEqual(
      (await stored()).map(({ payload }) => payload),
      [{ amount: 179, currency: "USDC" }],
    );
    assert.equal((await dead())[0]?.["deadReason"], "id already belongs to an order with another payload");
  });

  it("sets aside what is no order, with the reason, and goes on with the rest of the batch", async () => {
    await send({ ...order("bad-json"), payload: "{" });
    await send({ ...order("a-list"), payload: "[]" });
    await send({ id: "x", correlationId: "!", payload: "{}" });
    await send({ nothing: "here" });
    await send(order("nul", { text: "\u0000" }));
    await send(order("good"));
    const worker = await start();
    await eventually(async () => assert.equal((await dead()).length, 5));
    await eventually(async () =>
      assert.deepEqual(
        (await stored()).map(({ id }) => id),
        ["good"],
      ),
    );
    const reasons = new Set((await dead()).map((letter) => letter["deadReason"]));
    assert.deepEqual(
      reasons,
      new Set([
        "payload must be a JSON object",
        "id must be 3 to 100 letters, digits, _ and -; correlationId must be 6 to 64 letters, digits, _, . and -",
        "id must be present; correlationId must be present; payload must be present",
        "PostgreSQL refuses the order (22P05)",
      ]),
    );
    const letter = (await dead()).find(({ id }) => id === "bad-json");
    assert.equal(letter?.["payload"], "{");
    assert.match(letter?.["deadEntry"] ?? "", /^\d+-\d+$/);
    const metrics = await (await fetch(`${await worker.url()}/metrics`)).text();
    assert.match(metrics, /^orders_dead_lettered_total\{reason="malformed"\} 4$/m);
    assert.match(metrics, /^orders_dead_lettered_total\{reason="refused"\} 1$/m);
    assert.match(metrics, /^service_errors_total\{source="queue"\} 5$/m);
  });

  it("takes over what a dead worker left unfinished, and sets it aside after too many deliveries", async () => {
    await redis.xgroup("CREATE", "orders", group, "0", "MKSTREAM");
    await send(order("left"));
    const poison = (await send(order("poison"))) ?? "";
    await redis.xreadgroup("GROUP", group, "dead-worker", "COUNT", 2, "STREAMS", "orders", ">");
    for (let delivery = 2; delivery <= 5; delivery += 1) await redis.xclaim("orders", group, "dead-worker", 0, poison);
    await start();
    await eventually(async () =>
      assert.deepEqual(
        (await stored()).map(({ id }) => id),
        ["left"],
      ),
    );
    await eventually(async () => assert.equal((await dead()).length, 1));
    assert.deepEqual(
      (await dead()).map(({ id, deadReason }) => [id, deadReason]),
      [["poison", "delivered 6 times and never finished"]],
    );
  });

  it("keeps an order while PostgreSQL is down and stores it afterwards", async () => {
    const worker = await start();
    const url = await worker.url();
    await eventually(async () => assert.equal((await getJson(`${url}/ready`)).status, 200));
    await postgres.query("ALTER TABLE orders_inbox RENAME TO orders_inbox_away");
    try {
      await send(order("patient"));
      await worker.line("An order cannot be stored yet; it is tried again.");
      await sleep(2_500);
      assert.deepEqual(await dead(), []);
    } finally {
      await postgres.query("ALTER TABLE orders_inbox_away RENAME TO orders_inbox");
    }
    await eventually(async () =>
      assert.deepEqual(
        (await stored()).map(({ id }) => id),
        ["patient"],
      ),
    );
  });

  it("keeps an order that it works on from other workers, and counts no delivery", async () => {
    const workers = [await start(), await start({ HOSTNAME: "second" })];
    for (const worker of workers) {
      const url = await worker.url();
      await eventually(async () => assert.equal((await getJson(`${url}/ready`)).status, 200));
    }
    await postgres.query("BEGIN");
    await postgres.query("LOCK TABLE orders_inbox");
    await send(order("slow"));
    await sleep(3_000);
    const [[, , , deliveries] = []] = (await redis.xpending("orders", group, "-", "+", 10)) as [unknown[]?];
    await postgres.query("COMMIT");
    assert.equal(deliveries, 1);
    await eventually(async () => assert.equal(await redis.xlen("orders"), 0));
    const received = workers.flatMap((worker) => worker.lines()).filter(({ message }) => /been received/.test(message));
    assert.equal(received.length, 1);
  });

  it("finishes the order in hand on SIGTERM before it ends with 0", async () => {
    const worker = await start();
    const url = await worker.url();
    await eventually(async () => assert.equal((await getJson(`${url}/ready`)).status, 200));
    await postgres.query("BEGIN");
    await postgres.query("LOCK TABLE orders_inbox");
    await send(order("in-hand"));
    await eventually(async () => assert.equal(((await redis.xpending("orders", group)) as [number])[0], 1));
    worker.signal("SIGTERM");
    await worker.line("Stopping: no new work is taken.");
    await sleep(500);
    await postgres.query("COMMIT");
    assert.equal(await worker.ended, 0);
    assert.deepEqual(
      (await stored()).map(({ id }) => id),
      ["in-hand"],
    );
    assert.equal(await redis.xlen("orders"), 0);
  });

  it("goes on after the queue has been restarted or emptied", async () => {
    const worker = await start();
    const url = await worker.url();
    await eventually(async () => assert.equal((await getJson(`${url}/ready`)).status, 200));
    await redis.del("orders");
    await stores().queue.server.stop("SIGKILL");
    await eventually(async () => assert.equal((await getJson(`${url}/ready`)).status, 503));
    await stores().queue.server.start();
    await eventually(async () => {
      await send(order("again"));
      return assert.equal((await stored()).length, 1);
    });
  });
});
