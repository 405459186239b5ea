import assert from "node:assert/strict";

import type * as pulumi from "@pulumi/pulumi";

import { find, record } from "../testing/record.ts";
import { Jobs } from "./jobs.ts";
import { operations } from "./testing/invocations.ts";
import { shopTarget } from "./testing/shop.ts";
import { surroundings } from "./testing/surroundings.ts";

const target = shopTarget();
const args = { ...surroundings, target, runTask: operations };

describe("The jobs of a system", () => {
  it("run before a release and let services wait", async () => {
    let gate: readonly pulumi.Resource[] = [];
    const resources = await record(() => {
      ({ gate } = new Jobs("jobs", args, {}));
    });
    assert.equal(gate.length, 1);
    const { inputs } = find(resources, "aws:lambda/invocation:Invocation", "jobs-migrate-run");
    assert.deepEqual(inputs["triggers"], { task: "jobs-migrate-task-arn" });
    assert.deepEqual(JSON.parse(inputs["input"] as string), {
      cluster: "arn:aws:ecs:eu-central-1:111122223333:cluster/shop-test-shop",
      taskDefinition: "jobs-migrate-task-arn",
      subnetIds: ["subnet-private-a", "subnet-private-b"],
      securityGroupIds: ["sg-job-migrate"],
      timeoutSeconds: 600,
      container: "migrate",
    });
  });

  it("run by the clock, are tried again, and are kept when they cannot start", async () => {
    const resources = await record(() => new Jobs("jobs", args, {}));
    const schedule = find(resources, "aws:scheduler/schedule:Schedule", "jobs-report-schedule");
    assert.deepEqual(schedule.inputs, {
      name: "shop-test-report",
      description: "Writes a report.",
      scheduleExpression: "cron(0 2 * * ? *)",
      scheduleExpressionTimezone: "UTC",
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: "arn:aws:ecs:eu-central-1:111122223333:cluster/shop-test-shop",
        roleArn: "arn:aws:iam::111122223333:role/shop-test-report-schedule",
        ecsParameters: {
          taskDefinitionArn: "jobs-report-task-arn",
          taskCount: 1,
          launchType: "FARGATE",
          platformVersion: "LATEST",
          networkConfiguration: {
            subnets: ["subnet-private-a", "subnet-private-b"],
            securityGroups: ["sg-job-report"],
            assignPublicIp: false,
          },
          enableEcsManagedTags: true,
          enableExecuteCommand: false,
          propagateTags: "TASK_DEFINITION",
        },
        retryPolicy: { maximumRetryAttempts: 3, maximumEventAgeInSeconds: 3600 },
        deadLetterConfig: { arn: "arn:aws:sqs:eu-central-1:111122223333:shop-test-jobs-failed" },
      },
    });
    assert(schedule.dependencies.includes("jobs-failed"));
    const { policy, ...failed } = find(resources, "aws:sqs/queue:Queue", "jobs-failed").inputs;
    assert.deepEqual(failed, {
      name: "shop-test-jobs-failed",
      sqsManagedSseEnabled: true,
      messageRetentionSeconds: 14 * 86_400,
      tags: { component: "jobs" },
    });
    assert.match(String(policy), /"aws:SecureTransport":"false"/);
  });

  it("are nothing at all where the specification has none", async () => {
    const none = { ...target, system: { ...target.system, jobs: {} } };
    const resources = await record(() => new Jobs("jobs", { ...args, target: none }, {}));
    assert.deepEqual(
      resources.map(({ name }) => name).filter((name) => name !== "agent-commerce-test"),
      ["jobs"],
    );
  });
});
