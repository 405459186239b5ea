import assert from "node:assert/strict";
import fc from "fast-check";

import { costEstimate } from "./cost-estimate.ts";
import { costItems, pricedTypes, type PricedResource } from "./cost-items.ts";
import { cacheHours, databaseHours, prices, type Price } from "./prices.ts";

const resource = (type: string, inputs: Record<string, unknown>, name = "x"): PricedResource => ({
  type,
  name,
  inputs,
});
const tags = { component: "agent" };

const taskDefinition = resource("aws:ecs/taskDefinition:TaskDefinition", {
  family: "shop-test-agent",
  cpu: "512",
  memory: "1024",
  tags,
});
const service = (more: Record<string, unknown>) =>
  resource("aws:ecs/service:Service", { name: "shop-test-agent", desiredCount: 2, tags, ...more });
/** A month of half a processor and one gigabyte. */
const task = 730 * (0.5 * 0.04656 + 0.00511);

describe("The cost of a resource", () => {
  const spot = { capacityProvider: "FARGATE_SPOT", weight: 1 };
  const cases: [string, PricedResource, [string, number | undefined][]][] = [
    ["of tasks is that of their size", service({ launchType: "FARGATE" }), [["tasks", 2 * task]]],
    [
      "of tasks on Spot is lower, but for those that always stay",
      service({
        desiredCount: 3,
        capacityProviderStrategies: [{ capacityProvider: "FARGATE", base: 1, weight: 0 }, spot],
      }),
      [
        ["tasks", task],
        ["tasks on Spot", 2 * task * 0.3],
      ],
    ],
    [
      "of a single task on Spot",
      service({ desiredCount: 1, capacityProviderStrategies: [spot] }),
      [["tasks on Spot", task * 0.3]],
    ],
    ["of tasks without a size is not known", service({ name: "other" }), [["tasks of an unknown size", undefined]]],
    [
      "of a database doubles with a standby",
      resource("aws:rds/instance:Instance", { instanceClass: "db.t4g.micro", multiAz: true, allocatedStorage: 20 }),
      [
        ["database servers", 2 * 0.019 * 730],
        ["database storage", 2 * 20 * 0.137],
      ],
    ],
    [
      "of a class that is not in the table is not known",
      resource("aws:rds/instance:Instance", { instanceClass: "db.x99.huge", allocatedStorage: 20 }),
      [
        ["database servers of type db.x99.huge", undefined],
        ["database storage", 20 * 0.137],
      ],
    ],
    [
      "of a cache is that of its nodes",
      resource("aws:elasticache/replicationGroup:ReplicationGroup", {
        nodeType: "cache.t4g.micro",
        numCacheClusters: 3,
      }),
      [["cache nodes", 3 * 0.019 * 730]],
    ],
    [
      "of a sharded cache counts the copies of each shard",
      resource("aws:elasticache/replicationGroup:ReplicationGroup", {
        nodeType: "cache.t4g.micro",
        numNodeGroups: 3,
        replicasPerNodeGroup: 1,
      }),
      [["cache nodes", 6 * 0.019 * 730]],
    ],
    [
      "of an interface endpoint is for each zone",
      resource("aws:ec2/vpcEndpoint:VpcEndpoint", {
        vpcEndpointType: "Interface",
        subnetIds: ["[unknown]", "[unknown]"],
      }),
      [["VPC endpoints", 2 * 0.012 * 730]],
    ],
    [
      "of a gateway endpoint is nothing",
      resource("aws:ec2/vpcEndpoint:VpcEndpoint", { vpcEndpointType: "Gateway" }),
      [],
    ],
    [
      "of a load balancer has its addresses",
      resource("aws:lb/loadBalancer:LoadBalancer", { subnets: ["a", "b", "c"] }),
      [
        ["load balancers", 0.027 * 730],
        ["public addresses", 3 * 0.005 * 730],
      ],
    ],
    [
      "of an alarm is one metric",
      resource("aws:cloudwatch/metricAlarm:MetricAlarm", { metricName: "x" }),
      [["alarms", 0.1]],
    ],
    [
      "of an alarm with an expression is each of its metrics",
      resource("aws:cloudwatch/metricAlarm:MetricAlarm", {
        metricQueries: [
          { id: "result", expression: "a / b" },
          { id: "a", metric: {} },
          { id: "b", metric: {} },
        ],
      }),
      [["alarms", 0.2]],
    ],
    [
      "of a firewall has its rules",
      resource("aws:wafv2/webAcl:WebAcl", { rules: [{}, {}, {}] }),
      [
        ["firewall", 5],
        ["firewall", 3],
      ],
    ],
    ["of what costs only for its use is nothing", resource("aws:sqs/queue:Queue", {}), []],
  ];
  for (const [what, subject, expected] of cases) {
    it(what, () => {
      const items = costItems(subject, [taskDefinition, subject]);
      assert.deepEqual(
        items.map(({ what, usd }) => [what, usd?.toFixed(6)]),
        expected.map(([what, usd]) => [what, usd?.toFixed(6)]),
      );
    });
  }

  it("of a read replica has the storage of its source", () => {
    const primary = resource("aws:rds/instance:Instance", {
      identifier: "db",
      instanceClass: "db.t4g.micro",
      allocatedStorage: 50,
    });
    const replica = resource("aws:rds/instance:Instance", { replicateSourceDb: "db", instanceClass: "db.t4g.micro" });
    assert.equal(costItems(replica, [primary, replica])[1]?.usd, 50 * 0.137);
  });
});

describe("The estimate of a plan", () => {
  const secret = resource("aws:secretsmanager/secret:Secret", { tags });

  it("adds up by component, dearest first, and names what is not in it", () => {
    const estimate = costEstimate([
      resource("kubernetes:core/v1:Secret", {}),
      secret,
      secret,
      taskDefinition,
      service({}),
      resource("aws:cloudwatch/dashboard:Dashboard", {}),
      resource("aws:sqs/queue:Queue", {}),
      resource("aws:rds/instance:Instance", { instanceClass: "db.x99.huge", tags: { component: "db" } }),
    ]);
    assert.deepEqual(estimate, {
      currency: "USD",
      region: "eu-central-1",
      pricesOf: "2026-11-21",
      components: [
        {
          component: "agent",
          usd: 42.25,
          items: [
            { what: "secrets", usd: 0.8 },
            { what: "tasks", usd: 41.45 },
          ],
        },
        { component: "dashboards", usd: 3, items: [{ what: "dashboards", usd: 3 }] },
        { component: "db", usd: 0, items: [{ what: "database storage", usd: 0 }] },
      ],
      total: 45.25,
      unpriced: ["database servers of type db.x99.huge"],
      notIncluded: ["messages in queues", "tasks beyond the least number, traffic between zones and to the internet"],
    });
  });

  it("is none without resources in AWS", () => {
    assert.equal(costEstimate([resource("kubernetes:core/v1:Secret", {})]), undefined);
  });

  it("does not depend on the order of the plan, and its parts make its total", () => {
    const plan = [
      secret,
      service({}),
      taskDefinition,
      resource("aws:kms/key:Key", { tags: { component: "keys" } }),
      resource("aws:ec2/natGateway:NatGateway", { tags: { component: "network" } }),
      resource("aws:ec2/eip:Eip", { tags: { component: "network" } }),
    ];
    const expected = costEstimate(plan);
    fc.assert(
      fc.property(fc.shuffledSubarray(plan, { minLength: plan.length }), (shuffled) =>
        assert.deepEqual(costEstimate(shuffled), expected),
      ),
    );
    const total = expected?.components.reduce((sum, { usd }) => sum + usd, 0);
    assert.equal(expected?.total.toFixed(2), total?.toFixed(2));
  });
});

describe("The table of prices", () => {
  it("says of each price what it rests on", () => {
    const all: Price[] = [
      ...Object.values<Price>(prices),
      ...Object.values(databaseHours),
      ...Object.values(cacheHours),
    ];
    for (const { usd, source } of all) assert(usd > 0 && source.length > 10, source);
  });

  it("is for types of AWS's provider", () => {
    for (const type of pricedTypes) assert.match(type, /^aws:[a-z0-9]+\/[a-zA-Z]+:[A-Z][A-Za-z]+$/);
  });
});
