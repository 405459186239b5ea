import assert from "node:assert/strict";

import { startEmulator, type Emulator } from "../../local/aws/emulator.ts";
import { useStores } from "../../local/testing/stores/hooks.ts";
import { TestQueue } from "../testing/queue.ts";
import { eventually, getJson, ServiceProcess } from "../testing/service-process.ts";
import { onEcs, roles, surroundings } from "../testing/surroundings.ts";

describe("the agent with its secrets as variables and emulated SQS", function () {
  this.timeout(60_000);
  let emulator: Emulator;
  let agent: ServiceProcess | undefined;
  after("stop the agent", async () => {
    await agent?.destroy();
    await emulator.stop();
  });
  const stores = useStores(roles);
  before("start the emulator", async () => (emulator = await startEmulator()));

  it("is ready, not ready while the queue is gone, and ends with 0", async () => {
    const queue = new TestQueue(emulator.endpoint, "orders");
    await queue.create();
    const given = await surroundings(stores(), "worldstore_agent", { PAYMENT_SERVER_URL: "http://127.0.0.1:9" });
    const { environment } = onEcs(given, queue.url, emulator.endpoint);
    agent = new ServiceProcess(["app/agent/main.ts"], environment);
    const url = await agent.url();
    const { body } = await eventually(async () => {
      const answer = await getJson(`${url}/ready`);
      assert.equal(answer.status, 200);
      return await getJson(`${url}/health`);
    });
    assert.equal(body.services["order-queue"]?.status, "up");
    await queue.remove();
    await eventually(async () => assert.equal((await getJson(`${url}/ready`)).status, 503));
    assert.equal(await agent.stop(), 0);
    for (const text of given.secretTexts) assert.ok(!agent.output.includes(text), `the log contains ${text}`);
  });
});
