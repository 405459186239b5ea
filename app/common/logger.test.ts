import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, it } from "mocha";

import { withCorrelationId } from "./correlation.ts";
import { createLogger, logLevels } from "./logger.ts";

describe("the log", () => {
  const written = (level: string) => {
    const lines: Record<string, unknown>[] = [];
    const write = (line: string) => lines.push(JSON.parse(line) as Record<string, unknown>);
    return { lines, logger: createLogger({ service: "test", level, secrets: ["a-long-secret"], write }) };
  };

  it("is made of JSON lines with an ISO timestamp, the level as a word, service and message", () => {
    const { lines, logger } = written("info");
    logger.warn({ orderId: "CM_789abc" }, "Something happened.");
    const [{ timestamp, ...rest } = {}] = lines;
    assert.match(String(timestamp), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.deepEqual(rest, { level: "warn", service: "test", orderId: "CM_789abc", message: "Something happened." });
  });

  it("has no level without a retention of its own (WS-LOG-03)", () => {
    assert.deepEqual(logLevels, ["error", "warn", "info", "debug"]);
    const { logger } = written("debug");
    // @ts-expect-error: the type has no such level
    void logger.fatal;
    // @ts-expect-error: as above
    void logger.trace;
  });

  it("leaves out what is below its level", () => {
    const { lines, logger } = written("warn");
    logger.info("quiet");
    logger.error("loud");
    assert.deepEqual(
      lines.map(({ message }) => message),
      ["loud"],
    );
  });

  it("carries the correlation id through what happens later, each its own", async () => {
    const { lines, logger } = written("info");
    const work = (id: string, delay: number) =>
      withCorrelationId(id, async () => {
        await sleep(delay);
        logger.info(id);
      });
    await Promise.all([work("req_first", 20), work("req_second", 5)]);
    logger.info("none");
    assert.deepEqual(
      lines.map(({ message, correlationId }) => [message, correlationId]),
      [
        ["req_second", "req_second"],
        ["req_first", "req_first"],
        ["none", undefined],
      ],
    );
  });

  it("hides secrets in messages, fields, errors and their stacks", () => {
    const { lines, logger } = written("info");
    const error = new Error("connect with a-long-secret failed", { cause: new Error("rediss://u:p@host") });
    logger.error(
      { error, deep: { list: ["a-long-secret"] }, headers: { authorization: "Basic abc" } },
      "a-long-secret",
    );
    const text = JSON.stringify(lines);
    assert.ok(!/a-long-secret|u:p@|Basic abc/.test(text), text);
    assert.match(text, /connect with \[hidden\] failed/);
  });
});
