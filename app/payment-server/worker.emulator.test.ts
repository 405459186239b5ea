import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";

import { startEmulator, type Emulator } from "../../local/aws/emulator.ts";
import { useStores } from "../../local/testing/stores/hooks.ts";
import { SqsSender } from "../common/queue/sqs-sender.ts";
import { TestQueue } from "../testing/queue.ts";
import { eventually, getJson, ServiceProcess } from "../testing/service-process.ts";
import { onEcs, roles, surroundings } from "../testing/surroundings.ts";

describe("the worker of the order queue with emulated SQS and real stores", function () {
  this.timeout(60_000);
  let emulator: Emulator;
  let postgres: Client;
  after("disconnect", async () => {
    await postgres.end();
    await emulator.stop();
  });
  const stores = useStores(roles);
  const running: ServiceProcess[] = [];
  let texts: readonly string[] = [];
  let queue: TestQueue;
  let queues = 0;

  before("start the emulator", async () => {
    emulator = await startEmulator();
    const ca = readFileSync(stores().certificateAuthority, "utf8");
    const { username, password, host, pathname } = new URL(stores().postgres.adminUrl);
    postgres = new Client({ connectionString: `postgres://${username}:${password}@${host}${pathname}`, ssl: { ca } });
    await postgres.connect();
  });
  beforeEach(async () => {
    queue = new TestQueue(emulator.endpoint, `orders-${(queues += 1)}`);
    await queue.create();
  });
  afterEach(async () => {
    const ended = running.splice(0);
    await Promise.all(ended.map((worker) => worker.destroy()));
    for (const { output } of ended) for (const text of texts) assert.ok(!output.includes(text), `the log has ${text}`);
    if ((await postgres.query("SELECT to_regclass('orders_inbox') AS name")).rows[0].name) {
      await postgres.query("TRUNCATE orders_inbox");
    }
  });

  const start = async (variables: Record<string, string> = {}) => {
    const given = await surroundings(stores(), "worldstore_server", { QUEUE_REDELIVERY_MS: "1000", ...variables });
    texts = given.secretTexts;
    const { environment } = onEcs(given, queue.url, emulator.endpoint);
    const worker = new ServiceProcess(["app/payment-server/main.ts", "worker"], environment);
    running.push(worker);
    return worker;
  };
  const ready = async (worker: ServiceProcess) => {
    const url = await worker.url();
    await eventually(async () => assert.equal((await getJson(`${url}/ready`)).status, 200));
    return url;
  };
  const send = async (id: string) =>
    await new SqsSender(queue.sqs, queue.url).send({ id, correlationId: `req_${id}`, payload: `{"sku":"${id}"}` });
  const stored = async () => {
    const { rows } = await postgres.query("SELECT id, correlation_id, payload FROM orders_inbox ORDER BY id");
    return rows as { id: string; correlation_id: string; payload: unknown }[];
  };
  const storedIds = async () => (await stored()).map(({ id }) => id);

  it("stores orders with their correlation ids and removes them from the queue", async () => {
    await send("early");
    const worker = await start();
    const url = await ready(worker);
    for (let n = 10; n < 35; n += 1) await send(`late${n}`);
    await eventually(async () => assert.equal((await stored()).length, 26));
    assert.deepEqual((await stored())[0], { id: "early", correlation_id: "req_early", payload: { sku: "early" } });
    await eventually(async () => assert.equal(await queue.size(), 0));
    const line = worker.lines().find((line) => line["orderId"] === "late20");
    assert.equal(line?.["correlationId"], "req_late20");
    const metrics = await (await fetch(`${url}/metrics`)).text();
    assert.match(metrics, /^orders_received_total 26$/m);
    assert.match(metrics, /^order_queue_entries\{state="waiting"\} 0$/m);
    assert.doesNotMatch(metrics, /state="dead"/);
  });

  it("leaves what is no order to the redrive policy, counts it once and goes on with the rest", async () => {
    const worker = await start();
    const url = await ready(worker);
    await queue.sendBody("{");
    await send("good");
    await eventually(async () => assert.equal(await queue.dead(), 1));
    assert.deepEqual(await storedIds(), ["good"]);
    assert.equal(await queue.size(), 0);
    const levels = worker.lines().filter((line) => /id must be present/.test(String(line["reason"])));
    assert.deepEqual(
      levels.map(({ level }) => level),
      ["warn", "warn", "error"],
    );
    const metrics = await (await fetch(`${url}/metrics`)).text();
    assert.match(metrics, /^orders_dead_lettered_total\{reason="malformed"\} 1$/m);
  });

  it("stores what a dead worker left, once its visibility ends", async () => {
    await send("left");
    assert.equal(await queue.take(2), 1);
    await start();
    await sleep(1_000);
    assert.deepEqual(await storedIds(), []);
    await eventually(async () => assert.deepEqual(await storedIds(), ["left"]), 30_000);
  });

  it("keeps an order longer than its visibility while it works on it, also from a second worker", async () => {
    const workers = [await start(), await start()];
    for (const worker of workers) await ready(worker);
    await postgres.query("BEGIN");
    await postgres.query("LOCK TABLE orders_inbox");
    await send("slow");
    await sleep(4_000);
    await postgres.query("COMMIT");
    await eventually(async () => assert.equal(await queue.size(), 0));
    const received = workers.flatMap((worker) => worker.lines()).filter(({ message }) => /been received/.test(message));
    assert.equal(received.length, 1);
    assert.equal(await queue.dead(), 0);
  });

  it("ends with 0 in the middle of a long poll", async () => {
    const worker = await start();
    await ready(worker);
    await sleep(1_000);
    const began = performance.now();
    assert.equal(await worker.stop(), 0);
    assert.ok(performance.now() - began < 5_000);
  });

  it("finishes the order in hand on SIGTERM before it ends with 0", async () => {
    const busy = await start();
    await ready(busy);
    await postgres.query("BEGIN");
    await postgres.query("LOCK TABLE orders_inbox");
    await send("in-hand");
    await eventually(async () => assert.equal(await queue.inHand(), 1));
    busy.signal("SIGTERM");
    await busy.line("Stopping: no new work is taken.");
    await sleep(500);
    await postgres.query("COMMIT");
    assert.equal(await busy.ended, 0);
    assert.deepEqual([await storedIds(), await queue.size()], [["in-hand"], 0]);
  });

  it("gives an order back at its end while PostgreSQL refuses it", async () => {
    const worker = await start({ QUEUE_REDELIVERY_MS: "30000" });
    await ready(worker);
    await postgres.query("ALTER TABLE orders_inbox RENAME TO orders_inbox_away");
    try {
      await send("patient");
      await worker.line("An order cannot be stored yet; it is tried again.");
      assert.equal(await worker.stop(), 0);
      assert.equal(await queue.take(0), 1);
    } finally {
      await postgres.query("ALTER TABLE orders_inbox_away RENAME TO orders_inbox");
    }
  });

  it("is alive but not ready without the queue, and works once it is there", async () => {
    await queue.remove();
    const worker = await start();
    const url = await worker.url();
    await worker.line("The order queue cannot be read; it is tried again.");
    assert.equal((await getJson(`${url}/ready`)).status, 503);
    assert.equal((await getJson(`${url}/live`)).status, 200);
    await queue.create();
    await send("again");
    await eventually(async () => assert.deepEqual(await storedIds(), ["again"]));
    await eventually(async () => assert.equal((await getJson(`${url}/ready`)).status, 200));
  });

  it("refuses a queue without dead letters, in which a bad message would go round for ever", async () => {
    await queue.remove();
    await queue.create({});
    const worker = await start();
    const { error } = await worker.line("The order queue cannot be read; it is tried again.");
    assert.match((error as { message: string }).message, /The queue has no redrive policy/);
  });
});
