import assert from "node:assert/strict";
import type { FastifyInstance } from "fastify";
import { afterEach, beforeEach, describe, it } from "mocha";

import { currentCorrelationId, isCorrelationId, newCorrelationId } from "./correlation.ts";
import { Health } from "./health.ts";
import { createHttpServer } from "./http-server.ts";
import { createLogger } from "./logger.ts";
import { createMetrics, type Metrics } from "./metrics.ts";

describe("the HTTP server", () => {
  let server: FastifyInstance;
  let metrics: Metrics;
  let lines: { level: string; message: string; correlationId?: string; error?: { message: string } }[];
  let works: boolean;

  beforeEach(() => {
    lines = [];
    works = true;
    metrics = createMetrics();
    const health = new Health({ freshness: -1 });
    health.phase = "running";
    health.add({ name: "store", critical: true, check: () => (works ? undefined : Promise.reject(new Error("down"))) });
    const write = (line: string) => lines.push(JSON.parse(line));
    server = createHttpServer({
      health,
      metrics,
      logger: createLogger({ service: "test", level: "info", secrets: [], write }),
    });
    server.get("/v1/fails", () => {
      throw new Error("inside knowledge");
    });
    server.post("/v1/echo", (request) => ({ body: request.body, id: currentCorrelationId() }));
  });
  afterEach(async () => {
    await server.close();
  });

  it("keeps liveness apart from what the service needs (X-08)", async () => {
    const status = async (path: string) => (await server.inject(path)).statusCode;
    assert.deepEqual(await Promise.all(["/live", "/ready", "/health", "/metrics"].map(status)), [200, 200, 200, 200]);
    works = false;
    assert.deepEqual(await Promise.all(["/live", "/ready", "/health", "/metrics"].map(status)), [200, 503, 503, 200]);
  });

  it("takes a well-formed correlation id and replaces every other", async () => {
    const good = ["req_abc123", "0123456789abcdef", "a".repeat(64), "A.b-c_d"];
    const bad = ["", "short", "a".repeat(65), "has space", "semi;colon", "<script>", "-leading", "ünicode"];
    for (const id of good) assert.ok(isCorrelationId(id), id);
    for (const id of [...bad, undefined, ["req_abc123"], 123456]) assert.ok(!isCorrelationId(id), String(id));
    assert.ok(isCorrelationId(newCorrelationId()));
    const answered = async (id: string) => {
      const { headers } = await server.inject({ url: "/live", headers: { "x-correlation-id": id } });
      return headers["x-correlation-id"];
    };
    assert.equal(await answered("req_abc123"), "req_abc123");
    assert.match(String(await answered("has space")), /^req_[0-9a-f]{16}$/);
  });

  it("keeps the correlation id across the reading of a body", async () => {
    const headers = { "x-correlation-id": "req_body01", "content-type": "application/json" };
    const { body } = await server.inject({ method: "POST", url: "/v1/echo", headers, payload: '{"a":1}' });
    assert.deepEqual(JSON.parse(body), { body: { a: 1 }, id: "req_body01" });
  });

  it("answers an error without inside knowledge, logs it with its id and counts it", async () => {
    const { statusCode, body } = await server.inject({
      url: "/v1/fails",
      headers: { "x-correlation-id": "req_fails1" },
    });
    assert.equal(statusCode, 500);
    assert.ok(!/inside|stack|\.ts/.test(body), body);
    assert.equal(JSON.parse(body).error.correlationId, "req_fails1");
    const logged = lines.find(({ level }) => level === "error");
    assert.deepEqual([logged?.correlationId, logged?.error?.message], ["req_fails1", "inside knowledge"]);
    const text = await metrics.registry.metrics();
    assert.match(text, /^service_errors_total\{source="http"\} 1$/m);
    assert.match(text, /^http_requests_total\{method="GET",route="\/v1\/fails",status="500"\} 1$/m);
    assert.match(text, /^http_request_duration_seconds_count\{method="GET",route="\/v1\/fails"\} 1$/m);
  });

  it("logs the observed seconds of each request under the histogram's name, and of no question about health", async () => {
    await server.inject({ url: "/v1/fails" });
    await server.inject({ url: "/live" });
    const answered = lines.filter(({ message }) => message === "Request answered.");
    const observed = answered.map((line) => (line as Record<string, unknown>)["http_request_duration_seconds"]);
    assert.equal(observed.length, 1);
    const sum = /^http_request_duration_seconds_sum\{.*\} (\S+)$/m.exec(await metrics.registry.metrics())?.[1];
    assert.equal(observed[0], Number(sum));
  });

  it("refuses what is too large, no JSON or not there, in one sentence", async () => {
    const post = (payload: string) =>
      server.inject({ method: "POST", url: "/v1/echo", headers: { "content-type": "application/json" }, payload });
    const large = await post(JSON.stringify("x".repeat(70_000)));
    const broken = await post("{");
    const absent = await server.inject("/v1/none");
    assert.deepEqual([large.statusCode, broken.statusCode, absent.statusCode], [413, 400, 404]);
    for (const { body } of [large, broken, absent]) assert.equal(typeof JSON.parse(body).error.message, "string");
  });
});
