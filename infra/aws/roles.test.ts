import assert from "node:assert/strict";

import { find, record } from "../testing/record.ts";
import { Clusters } from "./cluster.ts";
import { executionPolicy } from "./role-policies.ts";
import { roleArn, roleName, WorkloadRoles } from "./roles.ts";
import { account, shopTarget } from "./testing/shop.ts";

const target = shopTarget();

describe("The roles of workloads", () => {
  it("are known by name before they exist", () => {
    assert.equal(roleName(target, "writer", "execution"), "shop-test-writer-execution");
    assert.equal(roleArn(target, "writer", "task"), `arn:aws:iam::${account}:role/shop-test-writer-task`);
  });

  it("are two of each service and job, and one more where ECS moves requests or the scheduler starts a task", async () => {
    const resources = await record(() => new WorkloadRoles("roles", { target }, {}));
    const roles = resources.filter(({ type }) => type === "aws:iam/role:Role").map(({ inputs }) => inputs["name"]);
    const pairs = ["api", "migrate", "report", "worker", "writer"].flatMap((workload) => [
      `shop-test-${workload}-execution`,
      `shop-test-${workload}-task`,
    ]);
    const more = ["shop-test-api-deployment", "shop-test-report-schedule"];
    assert.deepEqual(roles.sort(), [...pairs, ...more].sort());
  });

  it("trust one service of AWS, for this account only, and hold one policy", async () => {
    const resources = await record(() => new WorkloadRoles("roles", { target }, {}));
    const { inputs, parent } = find(resources, "aws:iam/role:Role", "roles-writer-execution-role");
    assert.equal(parent, "roles");
    assert.deepEqual(JSON.parse(inputs["assumeRolePolicy"] as string), {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "Assume",
          Effect: "Allow",
          Principal: { Service: ["ecs-tasks.amazonaws.com"] },
          Action: ["sts:AssumeRole"],
          Condition: { StringEquals: { "aws:SourceAccount": account } },
        },
      ],
    });
    const policy = find(resources, "aws:iam/rolePolicy:RolePolicy", "roles-writer-execution-policy");
    assert.deepEqual(policy.inputs, {
      name: "execution",
      role: "shop-test-writer-execution",
      policy: executionPolicy(target, "writer"),
    });
  });
});

describe("The clusters", () => {
  it("are those that the specification names, watched closely and without a way in", async () => {
    const resources = await record(() => new Clusters("clusters", { target }, {}));
    const clusters = resources.filter(({ type }) => type === "aws:ecs/cluster:Cluster");
    assert.deepEqual(
      clusters.map(({ inputs }) => inputs["name"]),
      ["shop-test-shop", "shop-test-webcluster"],
    );
    assert.deepEqual(find(resources, "aws:ecs/cluster:Cluster", "clusters-webcluster").inputs, {
      name: "shop-test-webcluster",
      settings: [{ name: "containerInsights", value: "enhanced" }],
      configuration: { executeCommandConfiguration: { logging: "NONE" } },
      tags: { component: "cluster", Name: "WebCluster" },
    });
    const capacity = "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders";
    assert.deepEqual(find(resources, capacity, "clusters-webcluster-capacity").inputs, {
      clusterName: "shop-test-webcluster",
      capacityProviders: ["FARGATE", "FARGATE_SPOT"],
      defaultCapacityProviderStrategies: [{ capacityProvider: "FARGATE", weight: 1 }],
    });
  });
});
