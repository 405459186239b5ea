import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { find, record, type RecordedResource } from "../testing/record.ts";
import { declared } from "../spec/names.ts";
import { Clusters } from "./cluster.ts";
import type { EdgeTarget } from "./edge.ts";
import { SystemService } from "./service.ts";
import type { Target } from "./target.ts";
import { operations } from "./testing/invocations.ts";
import { shopTarget } from "./testing/shop.ts";
import { surroundings } from "./testing/surroundings.ts";

const serviceType = "aws:ecs/service:Service";
const taskType = "aws:ecs/taskDefinition:TaskDefinition";

const edgeTarget: EdgeTarget = {
  container: "api",
  port: 8080,
  targetGroupArn: pulumi.output("blue"),
  blueGreen: {
    alternateTargetGroupArn: pulumi.output("green"),
    productionRuleArn: pulumi.output("rule"),
    testRuleArn: pulumi.output("test-rule"),
  },
};

const volume = {
  files: {
    fileSystemId: pulumi.output("fs-1"),
    fileSystemArn: pulumi.output("arn-fs-1"),
    accessPointId: ({ workload }: { workload: string }, name: string) => pulumi.output(`fsap-${workload}-${name}`),
  },
  backup: operations,
};

const args = { ...surroundings, edge: { targets: (service: string) => (service === "api" ? [edgeTarget] : []) } };

function deploy(service: string, target: Target = shopTarget(), options = {}): Promise<RecordedResource[]> {
  const more = { target, service, ...(service === "writer" ? { volume } : {}) };
  return record(() => new SystemService(service, { ...args, ...more }, {}), options);
}

const same = {
  platformVersion: "LATEST",
  schedulingStrategy: "REPLICA",
  deploymentController: { type: "ECS" },
  deploymentCircuitBreaker: { enable: true, rollback: true },
  enableExecuteCommand: false,
  enableEcsManagedTags: true,
  propagateTags: "SERVICE",
  waitForSteadyState: true,
};

describe("A service with equal copies on ECS", () => {
  it("runs in private subnets behind the edge, and switches colours", async () => {
    const resources = await deploy("api");
    const { inputs, parent, ignoreChanges } = find(resources, serviceType, "api-copies-service");
    assert.equal(parent, "api-copies");
    assert.deepEqual(ignoreChanges, ["desiredCount"]);
    assert.deepEqual(inputs, {
      ...same,
      name: "shop-test-api",
      cluster: "arn:aws:ecs:eu-central-1:111122223333:cluster/shop-test-webcluster",
      taskDefinition: "api-copies-task-arn",
      desiredCount: 2,
      launchType: "FARGATE",
      deploymentMinimumHealthyPercent: 100,
      deploymentMaximumPercent: 200,
      deploymentConfiguration: { strategy: "BLUE_GREEN", bakeTimeInMinutes: "10" },
      availabilityZoneRebalancing: "ENABLED",
      networkConfiguration: {
        subnets: ["subnet-private-a", "subnet-private-b"],
        securityGroups: ["sg-service-api"],
        assignPublicIp: false,
      },
      loadBalancers: [
        {
          containerName: "api",
          containerPort: 8080,
          targetGroupArn: "blue",
          advancedConfiguration: {
            alternateTargetGroupArn: "green",
            productionListenerRule: "rule",
            testListenerRule: "test-rule",
            roleArn: "arn:aws:iam::111122223333:role/shop-test-api-deployment",
          },
        },
      ],
      healthCheckGracePeriodSeconds: 150,
      serviceConnectConfiguration: {
        enabled: true,
        namespace: "shop-test",
        services: [{ portName: "http", discoveryName: "api_http", clientAlias: [{ dnsName: "api", port: 8080 }] }],
      },
      tags: { component: "api" },
    });
  });

  it("follows its load between the limits of the specification", async () => {
    const resources = await deploy("api");
    const scalable = {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: "service/shop-test-webcluster/shop-test-api",
    };
    const range = find(resources, "aws:appautoscaling/target:Target", "api-copies-scaling-range");
    assert.deepEqual(range.inputs, { ...scalable, minCapacity: 2, maxCapacity: 6, tags: { component: "api" } });
    const policy = find(resources, "aws:appautoscaling/policy:Policy", "api-copies-scaling-cpu");
    assert.deepEqual(policy.inputs, {
      ...scalable,
      name: "shop-test-api-cpu",
      policyType: "TargetTrackingScaling",
      targetTrackingScalingPolicyConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
        targetValue: 70,
        scaleOutCooldown: 60,
        scaleInCooldown: 300,
      },
    });
    assert.deepEqual(policy.dependencies, ["api-copies-scaling-range"]);
  });

  it("uses capacity that can be taken away only where the specification allows it, and not for every copy", async () => {
    const strategies = async (profile: "dev" | "production") => {
      const { inputs } = find(await deploy("worker", shopTarget(profile)), serviceType, "worker-copies-service");
      assert(!("launchType" in inputs));
      return inputs["capacityProviderStrategies"];
    };
    const taken = { capacityProvider: "FARGATE_SPOT", weight: 1 };
    assert.deepEqual(await strategies("dev"), [taken]);
    assert.deepEqual(await strategies("production"), [{ capacityProvider: "FARGATE", base: 1, weight: 0 }, taken]);
  });

  it("has a task of the size that its containers need, whose revisions stay", async () => {
    const { inputs } = find(await deploy("api"), taskType, "api-copies-task");
    const { containerDefinitions, ...others } = inputs;
    assert.equal(typeof containerDefinitions, "string");
    assert.deepEqual(others, {
      family: "shop-test-api",
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: "X86_64" },
      cpu: "256",
      memory: "512",
      taskRoleArn: "arn:aws:iam::111122223333:role/shop-test-api-task",
      executionRoleArn: "arn:aws:iam::111122223333:role/shop-test-api-execution",
      volumes: [],
      skipDestroy: true,
      tags: { component: "api" },
    });
  });

  it("is known but for what AWS decides in a first preview", async () => {
    const resources = await deploy("api", shopTarget(), { preview: true });
    assert.doesNotMatch(JSON.stringify(find(resources, taskType, "api-copies-task").inputs), /\[unknown\]/);
    assert.equal(find(resources, serviceType, "api-copies-service").inputs["taskDefinition"], "[unknown]");
  });
});

describe("A service on ECS", () => {
  for (const service of ["api", "writer"]) {
    it(`waits for what its component waits for, and is deleted before it: ${service}`, async () => {
      const more = { target: shopTarget(), service, ...(service === "writer" ? { volume } : {}) };
      const resources = await record(() => {
        const clusters = new Clusters("clusters", { target: more.target }, {});
        new SystemService(service, { ...args, ...more }, { dependsOn: [clusters] });
      });
      const found = resources.find(({ type }) => type === serviceType);
      for (const cluster of ["clusters-shop", "clusters-webcluster"]) assert(found?.dependencies.includes(cluster));
    });
  }
});

describe("A single writer on ECS", () => {
  it("stops before its successor starts, with a copy of its volume taken between", async () => {
    const resources = await deploy("writer");
    const service = find(resources, serviceType, "writer-writer-service");
    assert.deepEqual(service.inputs, {
      ...same,
      name: "shop-test-writer",
      cluster: "arn:aws:ecs:eu-central-1:111122223333:cluster/shop-test-shop",
      taskDefinition: "writer-writer-task-arn",
      desiredCount: 1,
      launchType: "FARGATE",
      deploymentMinimumHealthyPercent: 0,
      deploymentMaximumPercent: 100,
      deploymentConfiguration: { strategy: "ROLLING" },
      availabilityZoneRebalancing: "DISABLED",
      networkConfiguration: {
        subnets: ["subnet-private-a", "subnet-private-b"],
        securityGroups: ["sg-service-writer"],
        assignPublicIp: false,
      },
      serviceConnectConfiguration: { enabled: true, namespace: "shop-test", services: [] },
      tags: { component: "writer" },
    });
    assert.equal(service.deleteBeforeReplace, true);
    assert(service.dependencies.includes("writer-writer-backup"));
    const copied = find(resources, "aws:lambda/invocation:Invocation", "writer-writer-backup");
    assert.deepEqual(copied.inputs["triggers"], { task: "writer-writer-task-arn" });
    assert.deepEqual(JSON.parse(copied.inputs["input"] as string), {
      vaultName: "shop-test",
      resourceArn: "arn-fs-1",
      roleArn: "arn:aws:iam::111122223333:role/shop-test-backup-service",
      timeoutSeconds: 840,
    });
  });

  it("mounts its volume through its own access point, encrypted on the way", async () => {
    const { inputs } = find(await deploy("writer"), taskType, "writer-writer-task");
    assert.deepEqual(inputs["volumes"], [
      {
        name: "data",
        efsVolumeConfiguration: {
          fileSystemId: "fs-1",
          transitEncryption: "ENABLED",
          authorizationConfig: { accessPointId: "fsap-writer-data", iam: "ENABLED" },
        },
      },
      { name: "certificates" },
    ]);
  });

  it("is a service of its own for each instance, and no volume or secret is shared", async () => {
    const target = shopTarget();
    declared(target.system.services, "writer").singleWriter = { instances: 3, ownSecrets: ["WALLET"] };
    const resources = await deploy("writer", target);
    const names = ["writer-0-writer", "writer-1-writer", "writer-2-writer"];
    for (const name of names) assert.equal(find(resources, serviceType, `${name}-service`).inputs["desiredCount"], 1);
    const tasks = names.map((name) => JSON.stringify(find(resources, taskType, `${name}-task`).inputs));
    for (const pattern of [/fsap-[a-z0-9-]+/, /WALLET_\d/]) {
      assert.equal(new Set(tasks.map((task) => pattern.exec(task)?.[0])).size, 3);
    }
  });
});
