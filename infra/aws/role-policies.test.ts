import assert from "node:assert/strict";

import fc from "fast-check";

import { deploymentPolicy, executionPolicy, schedulePolicy, taskPolicy } from "./role-policies.ts";
import { shopTarget } from "./testing/shop.ts";
import { anyTarget } from "./testing/specifications.ts";

interface Statement {
  Sid: string;
  Action: string[];
  Resource: string[];
  Condition?: object;
}

const target = shopTarget();

function statements(policy: string): Statement[] {
  return (JSON.parse(policy) as { Statement: Statement[] }).Statement;
}

/** Actions and resources by what a statement is for. */
function allowed(policy: string): Record<string, [string[], string[]]> {
  return Object.fromEntries(statements(policy).map(({ Sid, Action, Resource }) => [Sid, [Action, Resource]]));
}

const logs = "arn:aws:logs:eu-central-1:111122223333:log-group:/shop/test";
const repository = "arn:aws:ecr:eu-central-1:111122223333:repository/shop-test";
const write = ["logs:CreateLogStream", "logs:PutLogEvents"];

describe("What the containers of a service may do", () => {
  it("is to write its own log streams, metrics and traces, and to use the queues that flows lead to", () => {
    assert.deepEqual(allowed(taskPolicy(target, "worker")), {
      WriteLogs: [write, ["debug", "error", "info", "warn"].map((level) => `${logs}/${level}:log-stream:worker/*`)],
      WriteMetrics: [write, [`${logs}/platform/metrics:log-stream:worker`]],
      WriteTraces: [["xray:PutTelemetryRecords", "xray:PutTraceSegments"], ["*"]],
      UseQueues: [
        [
          "sqs:ChangeMessageVisibility",
          "sqs:DeleteMessage",
          "sqs:GetQueueAttributes",
          "sqs:GetQueueUrl",
          "sqs:ReceiveMessage",
          "sqs:SendMessage",
        ],
        ["arn:aws:sqs:eu-central-1:111122223333:shop-test-orders-messages"],
      ],
    });
  });

  it("is to use the objects of a store, and only to add to a locked one", () => {
    const locked = shopTarget();
    locked.system.flows = [
      ...locked.system.flows,
      { requirement: "T-0", from: { job: "report" }, to: { store: "audit" } },
    ];
    const { AddObjects, ListBuckets, UseObjects } = allowed(taskPolicy(locked, "report"));
    const bucket = (name: string) => `arn:aws:s3:::shop-test-${name}-111122223333-eucentral1`;
    assert.deepEqual(AddObjects, [["s3:PutObject"], [`${bucket("audit")}/*`]]);
    assert.deepEqual(ListBuckets, [["s3:ListBucket"], [bucket("files")]]);
    assert.deepEqual(UseObjects, [
      ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
      [`${bucket("files")}/*`],
    ]);
  });
});

describe("What ECS may do for a service", () => {
  const threatAgent = "arn:aws:ecr:eu-central-1:*:repository/aws-guardduty-agent-fargate";

  it("is to pull its images, to read its secrets and to write its sidecars' logs", () => {
    const secret = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop/test";
    assert.deepEqual(allowed(executionPolicy(target, "writer")), {
      WriteSidecarLogs: [
        write,
        [`${logs}/platform/collector:log-stream:writer/*`, `${logs}/platform/log-router:log-stream:writer/*`],
      ],
      EnterRegistry: [["ecr:GetAuthorizationToken"], ["*"]],
      PullImages: [
        ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        [threatAgent, ...["collector", "log-router", "operations", "writer"].map((image) => `${repository}/${image}`)],
      ],
      ReadSecrets: [["secretsmanager:GetSecretValue"], [`${secret}/KEY-??????`, `${secret}/WALLET_0-??????`]],
    });
  });

  it("has nothing to do with images of other registries, but for the agent of GuardDuty", () => {
    const foreign = shopTarget();
    foreign.settings.images = Object.fromEntries(
      Object.keys(foreign.settings.images).map((name) => [name, `registry.example/shop/${name}:1.0`]),
    );
    const policy = allowed(executionPolicy(foreign, "api"));
    assert.deepEqual(policy["PullImages"]?.[1], [threatAgent]);
  });

  it("is to move requests between the colours of its own endpoints", () => {
    const balancing = "arn:aws:elasticloadbalancing:eu-central-1:111122223333";
    const { MoveRequests, MoveTasks } = allowed(deploymentPolicy(target, "api"));
    assert.deepEqual(MoveRequests, [
      ["elasticloadbalancing:ModifyRule"],
      [`${balancing}:listener-rule/app/shop-test-edge/*`],
    ]);
    assert.deepEqual(MoveTasks?.[1], [
      `${balancing}:targetgroup/shop-test-web-blue/*`,
      `${balancing}:targetgroup/shop-test-web-green/*`,
    ]);
  });
});

describe("What the scheduler may do for a job", () => {
  it("is to run its task in its cluster with its roles", () => {
    const [run, tag, pass, keep] = statements(schedulePolicy(target, "report"));
    assert.deepEqual(run?.Resource, ["arn:aws:ecs:eu-central-1:111122223333:task-definition/shop-test-report:*"]);
    assert.deepEqual(run?.Condition, {
      ArnEquals: { "ecs:cluster": "arn:aws:ecs:eu-central-1:111122223333:cluster/shop-test-shop" },
    });
    assert.deepEqual(tag?.Condition, { StringEquals: { "ecs:CreateAction": "RunTask" } });
    assert.deepEqual(pass?.Condition, { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } });
    assert.deepEqual(keep?.Resource, ["arn:aws:sqs:eu-central-1:111122223333:shop-test-jobs-failed"]);
  });
});

describe("The policies of any workload", () => {
  it("name every action, speak of no key, name resources where AWS knows them, and fit into a role", () => {
    const withoutResource = /^(ecr:GetAuthorizationToken|xray:Put\w+)$/;
    fc.assert(
      fc.property(anyTarget, ({ target, service }) => {
        for (const policy of [taskPolicy(target, service), executionPolicy(target, service)]) {
          assert(policy.length <= 10_240);
          const all = statements(policy);
          assert.equal(new Set(all.map(({ Sid }) => Sid)).size, all.length);
          for (const { Sid, Action, Resource } of all) {
            assert.match(Sid, /^[A-Za-z0-9]+$/);
            for (const action of Action) assert.match(action, /^(ecr|logs|s3|secretsmanager|sqs|xray):[A-Za-z]+$/);
            if (Resource.includes("*")) assert(Action.every((action) => withoutResource.test(action)));
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
