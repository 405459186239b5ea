import assert from "node:assert/strict";
import { afterEach, describe, it } from "mocha";

import { useStores } from "../../local/testing/stores/hooks.ts";
import { eventually, getJson, ServiceProcess } from "../testing/service-process.ts";
import { roles, surroundings, type Surroundings } from "../testing/surroundings.ts";

describe("the agent with real stores", function () {
  this.timeout(60_000);
  const stores = useStores(roles);
  const running: ServiceProcess[] = [];
  const agentAt = (given: Surroundings) => {
    const agent = new ServiceProcess(["app/agent/main.ts"], given.environment);
    running.push(agent);
    return agent;
  };
  const forAgent = () => surroundings(stores(), "worldstore_agent", { PAYMENT_SERVER_URL: "http://127.0.0.1:9" });
  const hidesSecrets = ({ output }: ServiceProcess, { secretTexts }: Surroundings) => {
    for (const text of secretTexts) assert.ok(!output.includes(text), `the log contains ${text}`);
  };

  afterEach(async () => {
    await Promise.all(running.splice(0).map((agent) => agent.destroy()));
    await stores().redis.server.stop();
    await stores().redis.server.start();
  });

  it("is ready once it runs, tells what it needs part by part, and is degraded without the payment server", async () => {
    const given = await forAgent();
    const agent = agentAt(given);
    const url = await agent.url();
    assert.equal((await getJson(`${url}/live`)).status, 200);
    await eventually(async () => assert.equal((await getJson(`${url}/ready`)).status, 200));
    const { status, body } = await getJson(`${url}/health`);
    assert.equal(status, 200);
    assert.equal(body.status, "degraded");
    const states = Object.entries(body.services).map(([name, state]) => [name, state.status, state.critical]);
    assert.deepEqual(states, [
      ["data-volume", "up", true],
      ["postgres", "up", true],
      ["redis", "up", true],
      ["order-queue", "up", true],
      ["payment-server", "down", false],
    ]);
    assert.deepEqual(
      { ...body.xmtp, reason: "" },
      { connected: false, installations: 0, conversations: 0, reason: "" },
    );
    hidesSecrets(agent, given);
  });

  it("exports what it measures", async () => {
    const agent = agentAt(await forAgent());
    const url = await agent.url();
    await eventually(async () => {
      const metrics = await (await fetch(`${url}/metrics`)).text();
      assert.match(metrics, /^agent_starts_total 1$/m);
      assert.match(metrics, /^component_up\{component="redis"\} 1$/m);
      assert.match(metrics, /^component_up\{component="payment-server"\} 0$/m);
      assert.match(metrics, /^redis_response_time_seconds_count\{command="set"\} [1-9]/m);
      assert.match(metrics, /^data_volume_free_bytes [1-9]/m);
      assert.match(metrics, /^process_uptime_seconds [0-9.]+$/m);
    });
  });

  it("is alive but not ready while Redis is gone, and ready again when Redis is back", async () => {
    const given = await forAgent();
    const agent = agentAt(given);
    const url = await agent.url();
    await eventually(async () => assert.equal((await getJson(`${url}/ready`)).status, 200));
    await stores().redis.server.stop("SIGKILL");
    await eventually(async () => assert.equal((await getJson(`${url}/ready`)).status, 503));
    assert.equal((await getJson(`${url}/live`)).status, 200);
    const { status, body } = await getJson(`${url}/health`);
    assert.deepEqual([status, body.status, body.services["redis"]?.status], [503, "unhealthy", "down"]);
    assert.ok(!JSON.stringify(body).includes("localhost"), "the answer tells no address");
    await stores().redis.server.start();
    await eventually(async () => assert.equal((await getJson(`${url}/ready`)).status, 200));
    hidesSecrets(agent, given);
  });

  it("stops cleanly on SIGTERM and counts its starts on the volume", async () => {
    const given = await forAgent();
    const first = agentAt(given);
    await first.url();
    assert.equal(await first.stop(), 0);
    assert.equal(first.lines().at(-1)?.message, "Stopped.");
    const second = agentAt(given);
    const metrics = await (await fetch(`${await second.url()}/metrics`)).text();
    assert.match(metrics, /^agent_starts_total 2$/m);
  });

  it("stops cleanly while all stores are down", async () => {
    const agent = agentAt(await forAgent());
    const url = await agent.url();
    const all = [stores().redis, stores().queue, stores().postgres];
    try {
      for (const { server } of all) server.freeze();
      await eventually(async () => assert.equal((await getJson(`${url}/ready`)).status, 503));
      assert.equal(await agent.stop(), 0);
    } finally {
      for (const { server } of all) server.thaw();
    }
  });

  it("refuses a volume that another agent holds, and takes it over after that one was killed", async () => {
    const given = await forAgent();
    const first = agentAt(given);
    await first.url();
    const second = agentAt(given);
    assert.equal(await second.ended, 1);
    assert.match(
      second.lines().at(-1)?.message ?? "",
      /another agent holds the data volume .*; two agents never share/,
    );
    await first.destroy();
    await agentAt(given).url();
  });

  it("names every problem of its configuration at once and shows no secret", async () => {
    const given = await forAgent();
    const environment = {
      ...given.environment,
      SECRETS_DIR: "/nonexistent",
      ENCRYPTION_KEY: "too-short-secret",
      BATCH_SIZE: "0",
    };
    const agent = agentAt({ ...given, environment });
    assert.equal(await agent.ended, 1);
    const problems = agent.lines()[0]?.["problems"] as string[];
    const named = problems.map((problem) => problem.split(" ")[0]);
    assert.deepEqual(named.toSorted(), [
      ...["ANTHROPIC_API_KEY", "BATCH_SIZE", "CROSSMINT_API_KEY", "DATABASE_URL", "ENCRYPTION_KEY"],
      ...["QUEUE_URL", "REDIS_URL", "SERPAPI_API_KEY", "WALLET_KEY"],
    ]);
    assert.ok(!agent.output.includes("too-short-secret"));
  });
});
