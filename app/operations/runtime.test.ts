import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";

import { createLogger } from "../common/logger.ts";
import { eventually, ServiceProcess } from "../testing/service-process.ts";
import { handler } from "./handler.ts";
import { OperationError } from "./operation-error.ts";
import { RuntimeApi } from "./runtime-api.ts";
import { serveCalls } from "./runtime.ts";
import { SecretTexts } from "./secret-texts.ts";
import { RuntimeApiStandIn } from "./testing/runtime-api-stand-in.ts";

const secret = "a-very-secret-password";

describe("the loop over calls of Lambda, whose API a small server stands in for", () => {
  let api: RuntimeApiStandIn;
  let logged: string[];
  const running: ServiceProcess[] = [];
  beforeEach(async () => {
    api = new RuntimeApiStandIn();
    logged = [];
    await api.start();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((process) => process.destroy()));
    await api.stop();
  });

  const schema = z.object({ kind: z.string() });
  const work = handler(schema, async ({ kind }, { requestId, deadline, logger, secretTexts }) => {
    secretTexts.add(secret);
    logger.info({ kind }, `has read ${secret}`);
    if (kind === "sentence") throw new OperationError(`The login with ${secret} failed.`);
    if (kind === "bug") throw new TypeError(`undefined is not ${secret}`);
    if (kind === "nothing") return undefined;
    await sleep(5);
    return { kind, requestId, seconds: Math.round((deadline - Date.now()) / 1_000) };
  });
  const serve = (createHandler = () => work) => {
    const secretTexts = new SecretTexts();
    const write = (line: string) => logged.push(secretTexts.hide(line));
    const logger = createLogger({ service: "operations", level: "info", secrets: [], write });
    const end = serveCalls({ api: new RuntimeApi(api.host), logger, secretTexts, createHandler });
    end.catch(() => undefined);
    return end;
  };
  const told = async (count: number) =>
    await eventually(async () => {
      assert.ok(api.told.length >= count, JSON.stringify(api.told));
      return api.told.map(({ path, body }) => [path, body]);
    }, 5_000);

  it("answers call after call, on one connection that may wait for the next one", async () => {
    void serve();
    for (const [id, kind] of [
      ["id-1", "first"],
      ["id-2", "nothing"],
      ["id-3", "third"],
    ] as const) {
      api.call(id, JSON.stringify({ kind }));
    }
    assert.deepEqual(await told(3), [
      ["invocation/id-1/response", { kind: "first", requestId: "id-1", seconds: 60 }],
      ["invocation/id-2/response", null],
      ["invocation/id-3/response", { kind: "third", requestId: "id-3", seconds: 60 }],
    ]);
    await sleep(100);
    api.call("id-4", '{"kind":"later"}');
    assert.equal((await told(4)).at(-1)?.[0], "invocation/id-4/response");
  });

  it("tells failures with their type and without secrets, and goes on", async () => {
    void serve();
    for (const [index, event] of [
      '{"kind":"sentence"}',
      '{"kind":"bug"}',
      '{"kind":1}',
      "{",
      '{"kind":"x"}',
    ].entries()) {
      api.call(`id-${index}`, event);
    }
    const answers = await told(5);
    const failures = answers.slice(0, 4).map(([path, body]) => [path, (body as { errorType: string }).errorType]);
    assert.deepEqual(failures, [
      ["invocation/id-0/error", "OperationError"],
      ["invocation/id-1/error", "TypeError"],
      ["invocation/id-2/error", "OperationError"],
      ["invocation/id-3/error", "SyntaxError"],
    ]);
    assert.equal(api.told[1]?.headers["lambda-runtime-function-error-type"], "Function.TypeError");
    assert.match(JSON.stringify(answers[2]), /The event cannot be used: kind: Invalid input: expected string/);
    assert.equal(answers[4]?.[0], "invocation/id-4/response");
    assert.ok(!JSON.stringify([answers, logged]).includes(secret));
    const levels = new Set(logged.map((line) => (JSON.parse(line) as { level: string }).level));
    assert.deepEqual(levels, new Set(["info", "error"]));
  });

  it("ends when Lambda's API refuses an answer", async () => {
    const end = serve();
    api.status = 413;
    api.call("id-1", '{"kind":"x"}');
    await assert.rejects(end, /answered 413 to invocation\/id-1\/response/);
  });

  it("reports a start that fails", async () => {
    const end = serve(() => {
      throw new OperationError("SERVICES is missing.");
    });
    await assert.rejects(end, /SERVICES is missing/);
    assert.deepEqual(await told(1), [
      ["init/error", { errorType: "OperationError", errorMessage: "SERVICES is missing.", stackTrace: [] }],
    ]);
  });

  const program = (args: string[], environment: Record<string, string> = {}) => {
    const process = new ServiceProcess(["app/operations/main.ts", ...args], environment);
    running.push(process);
    return process;
  };

  it("is entered by the command's name, and tells an unknown one and missing variables", async () => {
    const environment = { AWS_LAMBDA_RUNTIME_API: api.host, AWS_REGION: "eu-central-1" };
    const unknown = program(["database-rotate"], environment);
    assert.equal(await unknown.ended, 1);
    assert.match(
      String(unknown.lines()[0]?.["reason"]),
      /no handler "database-rotate"; allowed is one of database-setup/,
    );
    const bare = program(["database-rotation"], environment);
    assert.equal(await bare.ended, 1);
    assert.match(JSON.stringify(await told(2)), /MASTER_SECRET_ARN is missing.*SERVICES is missing/s);
    const outside = program(["run-task"]);
    assert.equal(await outside.ended, 1);
    assert.match(String(outside.lines()[0]?.["reason"]), /runs as a function of AWS Lambda/);
  });

  it("answers in a process of its own and ends with 0 on SIGTERM", async () => {
    const environment = { AWS_LAMBDA_RUNTIME_API: api.host, AWS_REGION: "eu-central-1" };
    const process = program(["run-task"], environment);
    api.call("id-1", "{}");
    assert.match(JSON.stringify(await told(1)), /The event cannot be used: cluster: .*; taskDefinition: /);
    assert.equal(await process.stop(), 0);
  });
});
