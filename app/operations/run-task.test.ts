import assert from "node:assert/strict";
import { ECSClient, type Task } from "@aws-sdk/client-ecs";

import { failureOf, runTask } from "./run-task.ts";
import { AwsStandIn, type Asked } from "./testing/aws-stand-in.ts";
import { emulatedClient } from "./testing/emulated.ts";
import { testInvocation } from "./testing/invocation.ts";

const event = {
  cluster: "worldstore-prod",
  taskDefinition: "migrate:7",
  subnetIds: ["subnet-1"],
  securityGroupIds: ["sg-1"],
  timeoutSeconds: 1,
};

describe("a task of ECS, which a small server stands in for", () => {
  let standIn: AwsStandIn;
  let states: Task[][];
  let started: unknown;
  beforeEach(async () => {
    started = { tasks: [{ taskArn: "arn:task/1" }] };
    const answers = ({ operation }: Asked) =>
      operation === "RunTask" ? started : operation === "StopTask" ? {} : { tasks: states.shift() ?? [] };
    standIn = new AwsStandIn(answers);
    await standIn.start();
  });
  afterEach(() => standIn.stop());

  const run = async (changes: Record<string, unknown> = {}, milliseconds = 60_000) =>
    await runTask({ ecs: new ECSClient(emulatedClient(standIn.endpoint)), interval: 20 })(
      { ...event, ...changes },
      testInvocation("request-7", milliseconds),
    );
  const ended = (exitCode: number): Task => ({ lastStatus: "STOPPED", containers: [{ name: "migrate", exitCode }] });

  it("is run on Fargate in private, once for a call, and waited for", async () => {
    states = [[], [{ lastStatus: "PENDING" }], [{ lastStatus: "RUNNING" }], [ended(0)]];
    assert.deepEqual(await run(), { taskArn: "arn:task/1" });
    assert.equal(states.length, 0);
    assert.deepEqual(standIn.asked[0], {
      operation: "RunTask",
      body: {
        cluster: "worldstore-prod",
        taskDefinition: "migrate:7",
        launchType: "FARGATE",
        networkConfiguration: {
          awsvpcConfiguration: { subnets: ["subnet-1"], securityGroups: ["sg-1"], assignPublicIp: "DISABLED" },
        },
        propagateTags: "TASK_DEFINITION",
        clientToken: "request-7",
        startedBy: "operations",
      },
    });
  });

  it("fails with container, exit code and reason", async () => {
    states = [[{ ...ended(3), stoppedReason: "Essential container in task exited" }]];
    await assert.rejects(
      run(),
      /The task arn:task\/1 failed: container migrate ended with exit code 3; ECS says: Essential container in task exited\./,
    );
  });

  it("fails when ECS does not start it", async () => {
    started = { tasks: [], failures: [{ arn: "x", reason: "RESOURCE:MEMORY" }] };
    await assert.rejects(run(), /ECS did not start migrate:7 in worldstore-prod: RESOURCE:MEMORY\./);
  });

  for (const [what, seconds, milliseconds] of [
    ["its time", 1, 60_000],
    ["the function's", 600, 10_500],
  ] as const) {
    it(`is stopped when it outlasts ${what}`, async () => {
      states = Array.from({ length: 200 }, () => [{ lastStatus: "RUNNING" }]);
      await assert.rejects(
        run({ timeoutSeconds: seconds }, milliseconds),
        /arn:task\/1 was stopped: it was still running/,
      );
      assert.deepEqual(standIn.asked.at(-1)?.operation, "StopTask");
    });
  }

  const table: [what: string, task: Task, container: string | undefined, failure: string | undefined][] = [
    ["every container ended with 0", { containers: [{ name: "a", exitCode: 0 }] }, undefined, undefined],
    [
      "a sidecar was stopped with the task",
      {
        containers: [
          { name: "a", exitCode: 0 },
          { name: "log-router", exitCode: 143 },
        ],
      },
      "a",
      undefined,
    ],
    [
      "a sidecar failed and all count",
      {
        containers: [
          { name: "a", exitCode: 0 },
          { name: "b", exitCode: 143 },
        ],
      },
      undefined,
      "container b ended with exit code 143",
    ],
    [
      "the image could not be pulled",
      { containers: [{ name: "a", reason: "CannotPullContainerError" }], stoppedReason: "Task failed to start" },
      "a",
      "container a never ran (CannotPullContainerError); ECS says: Task failed to start",
    ],
    ["it has no such container", { containers: [{ name: "a", exitCode: 0 }] }, "b", 'it has no container "b"'],
  ];
  for (const [what, task, container, failure] of table) {
    it(`is judged: ${what}`, () => assert.equal(failureOf(task, container), failure));
  }
});
