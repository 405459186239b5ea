import assert from "node:assert/strict";

import { images, problemsOf, settings } from "./testing/settings.ts";

describe("the settings for AWS", () => {
  const aws = {
    region: "eu-central-1",
    accountId: "111122223333",
    hostedZoneId: "Z0123456789ABCDEFGHIJ",
    alertRecipients: { critical: ["pager@shop.example"], warning: ["team@shop.example"] },
  };
  const managed = ["operations", "log-router", "collector"].map((name) => [name, `shop/${name}:1`]);
  const onEcs = {
    target: "ecs",
    datastoreMode: "managed",
    images: { ...images, ...(Object.fromEntries(managed) as typeof images) },
    aws,
  };

  it("take zones and address range from region and profile", () => {
    assert.deepEqual(settings(onEcs).aws?.zones, ["eu-central-1a", "eu-central-1b"]);
    assert.deepEqual(settings({ ...onEcs, profile: "production" }).aws?.zones.length, 3);
    assert.deepEqual(settings(onEcs).aws?.network, { cidr: "10.20.0.0/16" });
  });

  it("admit a cluster's nodes to managed stores on kubernetes, and nobody's nodes on ecs", () => {
    const clusterSecurityGroupIds = [`sg-${"0".repeat(17)}`];
    const beside = { ...onEcs, target: "kubernetes" };
    const nodes = { ...aws, clusterSecurityGroupIds };
    assert.deepEqual(settings({ ...beside, aws: nodes }).aws?.clusterSecurityGroupIds, clusterSecurityGroupIds);
    assert.deepEqual(settings({ ...onEcs, aws: nodes }).aws?.clusterSecurityGroupIds, []);
    assert.match(
      problemsOf(beside).get("agent-commerce:aws.clusterSecurityGroupIds") ?? "",
      /required on kubernetes for managed stores/,
    );
  });

  const subnet = (digit: string) => `subnet-${digit.repeat(17)}`;
  const existingNetwork = {
    vpcId: `vpc-${"0".repeat(17)}`,
    cidr: "10.0.0.0/16",
    publicSubnetIds: [subnet("1"), subnet("2")],
    privateSubnetIds: [subnet("3"), subnet("4")],
    dataSubnetIds: [subnet("5"), subnet("6")],
  };

  it("take an existing network with a subnet of each kind in each zone", () => {
    const zones = ["eu-central-1b", "eu-central-1c"];
    assert.deepEqual(settings({ ...onEcs, aws: { ...aws, zones, existingNetwork } }).aws?.network, existingNetwork);
  });

  const wrongAws: [string, Record<string, unknown>, string, RegExp][] = [
    ["no AWS settings on ecs", { target: "ecs" }, "datastoreMode", /not supported on ecs; set it to managed/],
    ["stores in a cluster on ecs", { ...onEcs, datastoreMode: "incluster" }, "datastoreMode", /set it to managed/],
    ["no AWS settings for managed stores", { datastoreMode: "managed" }, "aws", /required for managed stores/],
    [
      "a zone of another region",
      { ...onEcs, aws: { ...aws, zones: ["eu-central-1a", "us-east-1a"] } },
      "aws.zones",
      /"us-east-1a" is not a zone of eu-central-1/,
    ],
    [
      "a network with too few subnets",
      { ...onEcs, aws: { ...aws, zones: ["eu-central-1a", "eu-central-1b", "eu-central-1c"], existingNetwork } },
      "aws.existingNetwork.dataSubnetIds",
      /one subnet for each of aws.zones/,
    ],
    [
      "an account id that is a number without its zeros",
      { ...onEcs, aws: { ...aws, accountId: "1122223333" } },
      "aws.accountId",
      /12 digits/,
    ],
    ["a region that is none", { ...onEcs, aws: { ...aws, region: "europe" } }, "aws.region", /such as eu-central-1/],
    [
      "nobody to call",
      { ...onEcs, aws: { ...aws, alertRecipients: { critical: [], warning: ["team@shop.example"] } } },
      "aws.alertRecipients.critical",
      /./,
    ],
    ["a misspelt part", { ...onEcs, aws: { ...aws, acountId: "1" } }, "aws", /no part "acountId"/],
  ];
  for (const [what, changes, key, message] of wrongAws) {
    it(`refuse ${what}`, () => {
      const problems = problemsOf(changes);
      assert.match(
        problems.get(`agent-commerce:${key}`) ?? `no problem there, but at ${[...problems.keys()].join(", ")}`,
        message,
      );
    });
  }
});
