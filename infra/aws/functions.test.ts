import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { find, record } from "../testing/record.ts";
import { functionArn, functionRoleName, operationsCalls } from "./function-names.ts";
import { functionPolicy } from "./function-policies.ts";
import { FunctionRoles } from "./function-roles.ts";
import { OperationsFunction } from "./functions.ts";
import { account, shopTarget } from "./testing/shop.ts";
import { surroundings } from "./testing/surroundings.ts";

interface PolicyStatement {
  Sid: string;
  Action: string[];
  Resource: string[];
  Condition?: object;
}

const target = shopTarget();
const regional = (service: string, resource: string) => `arn:aws:${service}:eu-central-1:${account}:${resource}`;
const role = (name: string) => `arn:aws:iam::${account}:role/shop-test-${name}`;

describe("The functions of a system", () => {
  it("are those that its stores, jobs and volumes need", () => {
    assert.deepEqual(operationsCalls(target), [
      { handler: "database-setup", store: "db" },
      { handler: "database-rotation", store: "db" },
      { handler: "run-task" },
      { handler: "start-backup" },
    ]);
    const { writer, ...stateless } = target.system.services;
    assert.ok(writer);
    assert.deepEqual(
      operationsCalls({ ...target, system: { ...target.system, services: stateless, stores: {}, jobs: {} } }),
      [],
    );
  });

  it("exchange no password where a cluster holds copies of it", () => {
    const aws = { ...target.aws, clusterSecurityGroupIds: ["sg-0123456789abcdef0"] };
    const handlers = operationsCalls({ ...target, aws }).map(({ handler }) => handler);
    assert.ok(handlers.includes("database-setup"));
    assert.ok(!handlers.includes("database-rotation"));
  });

  it("have names and roles of their own", () => {
    const calls = operationsCalls(target);
    assert.equal(new Set(calls.map((call) => functionArn(target, call))).size, calls.length);
    assert.equal(
      functionArn(target, { handler: "run-task" }),
      regional("lambda", "function:shop-test-operations-task"),
    );
    // The role of the task of a service called "operations" has another name.
    assert.equal(functionRoleName(target, { handler: "run-task" }), "shop-test-operations-taskfunction");
  });
});

describe("What a function may do", () => {
  const master = {
    Sid: "Master",
    Action: ["secretsmanager:GetSecretValue"],
    Resource: [regional("secretsmanager", "secret:rds!db-*")],
    Condition: {
      StringEquals: { "aws:ResourceTag/aws:rds:primaryDBInstanceArn": regional("rds", "db:shop-test-db-primary") },
    },
  };
  const users = ["api", "migrate"].map((user) => regional("secretsmanager", `secret:shop/test/db/${user}-??????`));
  const cases: [Parameters<typeof functionPolicy>[1], object[]][] = [
    [
      { handler: "database-setup", store: "db" },
      [master, { Sid: "Users", Action: ["secretsmanager:GetSecretValue"], Resource: users }],
    ],
    [
      { handler: "database-rotation", store: "db" },
      [
        master,
        {
          Sid: "Users",
          Action: ["DescribeSecret", "GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage"].map(
            (action) => `secretsmanager:${action}`,
          ),
          Resource: users,
        },
        {
          Sid: "Redeployment",
          Action: ["ecs:UpdateService"],
          Resource: [regional("ecs", "service/shop-test-webcluster/shop-test-api")],
        },
      ],
    ],
    [
      { handler: "run-task" },
      [
        {
          Sid: "Start",
          Action: ["ecs:RunTask"],
          Resource: [regional("ecs", "task-definition/shop-test-migrate:*")],
          Condition: { ArnEquals: { "ecs:cluster": [regional("ecs", "cluster/shop-test-shop")] } },
        },
        {
          Sid: "Watch",
          Action: ["ecs:DescribeTasks", "ecs:StopTask"],
          Resource: [regional("ecs", "task/shop-test-shop/*")],
          Condition: { ArnEquals: { "ecs:cluster": [regional("ecs", "cluster/shop-test-shop")] } },
        },
        {
          Sid: "Tag",
          Action: ["ecs:TagResource"],
          Resource: [regional("ecs", "task/shop-test-shop/*")],
          Condition: { StringEquals: { "ecs:CreateAction": "RunTask" } },
        },
        {
          Sid: "HandOver",
          Action: ["iam:PassRole"],
          Resource: [role("migrate-execution"), role("migrate-task")],
          Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
        },
      ],
    ],
    [
      { handler: "start-backup" },
      [
        {
          Sid: "Start",
          Action: ["backup:StartBackupJob"],
          Resource: [regional("backup", "backup-vault:shop-test")],
        },
        { Sid: "Watch", Action: ["backup:DescribeBackupJob"], Resource: ["*"] },
        {
          Sid: "HandOver",
          Action: ["iam:PassRole"],
          Resource: [role("backup-service")],
          Condition: { StringEquals: { "iam:PassedToService": "backup.amazonaws.com" } },
        },
      ],
    ],
  ];
  for (const [call, expected] of cases) {
    it(`as ${call.handler} is that alone, beside logs, traces, its network and failures`, () => {
      const { Statement } = JSON.parse(functionPolicy(target, call)) as { Statement: PolicyStatement[] };
      const [logs, network, failures, ...own] = Statement;
      assert.deepEqual(
        own,
        expected.map((statement) => ({ Effect: "Allow", ...statement })),
      );
      assert.deepEqual(logs?.Resource, [regional("logs", "log-group:/shop/test/platform/functions:*")]);
      assert.ok(!network?.Action.some((action) => action.includes("*")));
      assert.deepEqual(failures?.Resource, [regional("sns", "shop-test-critical")]);
      assert.doesNotMatch(JSON.stringify(Statement), /kms:/);
    });
  }

  it("is reading the administrator's secret by name where RDS makes none: beside read replicas", () => {
    const replicated = shopTarget();
    Object.assign(replicated.system.stores["db"] ?? {}, { replicas: 1 });
    const policy = functionPolicy(replicated, { handler: "database-setup", store: "db" });
    const { Statement } = JSON.parse(policy) as { Statement: PolicyStatement[] };
    assert.deepEqual(
      Statement.find(({ Sid }) => Sid === "Master"),
      {
        Sid: "Master",
        Effect: "Allow",
        Action: ["secretsmanager:GetSecretValue"],
        Resource: [regional("secretsmanager", "secret:shop/test/db/master-user-??????")],
      },
    );
  });

  it("stands in a role that only Lambda takes, for this account", async () => {
    const resources = await record(() => new FunctionRoles("shop-functions", { target }, {}));
    const { inputs } = find(resources, "aws:iam/role:Role", "shop-functions-db-database-setup");
    assert.equal(inputs["name"], "shop-test-db-setupfunction");
    assert.deepEqual((JSON.parse(inputs["assumeRolePolicy"] as string) as { Statement: object[] }).Statement, [
      {
        Sid: "Assume",
        Effect: "Allow",
        Principal: { Service: ["lambda.amazonaws.com"] },
        Action: ["sts:AssumeRole"],
        Condition: { StringEquals: { "aws:SourceAccount": account } },
      },
    ]);
    assert.equal(resources.filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy").length, 4);
  });
});

describe("A function", () => {
  it("runs the image in the private subnets, watched, encrypted and limited", async () => {
    const call = { handler: "run-task" } as const;
    const environment = { NAME: "value" };
    const resources = await record(
      () => new OperationsFunction("shop-task", { target, call, environment, ...surroundings }, {}),
    );
    const { inputs } = find(resources, "aws:lambda/function:Function", "shop-task-function");
    assert.deepEqual(inputs, {
      name: "shop-test-operations-task",
      description: 'Handler run-task of the image "operations"',
      packageType: "Image",
      imageUri: `${account}.dkr.ecr.eu-central-1.amazonaws.com/shop-test/operations:1.0`,
      imageConfig: { commands: ["run-task"] },
      architectures: ["x86_64"],
      role: role("operations-taskfunction"),
      timeout: 900,
      memorySize: 256,
      vpcConfig: { subnetIds: ["subnet-private-a", "subnet-private-b"], securityGroupIds: ["sg-functions"] },
      kmsKeyArn: "key-operations",
      environment: { variables: environment },
      deadLetterConfig: { targetArn: regional("sns", "shop-test-critical") },
      tracingConfig: { mode: "Active" },
      loggingConfig: {
        logFormat: "JSON",
        logGroup: "/shop/test/platform/functions",
        applicationLogLevel: "INFO",
        systemLogLevel: "INFO",
      },
      tags: { component: "operations" },
    });
  });

  it("is called when it exists, with an event of known values and Outputs", async () => {
    const resources = await record(() => {
      const task = new OperationsFunction("f", { target, call: { handler: "run-task" }, ...surroundings }, {});
      task.invoke("f-call", { cluster: "c", subnetIds: [pulumi.output("subnet-1")] }, { image: "1.0" }, {});
    });
    const { inputs, dependencies } = find(resources, "aws:lambda/invocation:Invocation", "f-call");
    assert.deepEqual(inputs, {
      functionName: "shop-test-operations-task",
      input: '{"cluster":"c","subnetIds":["subnet-1"]}',
      triggers: { image: "1.0" },
    });
    assert.deepEqual(dependencies, ["f-function"]);
  });
});
