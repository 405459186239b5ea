import assert from "node:assert/strict";

import { find, record, type RecordedResource } from "../testing/record.ts";
import { Network } from "./network.ts";
import { groupEnds, groupRules } from "./network-rules.ts";
import { SecurityGroups } from "./security-groups.ts";
import { shopTarget } from "./testing/shop.ts";
import type { Target } from "./target.ts";

const groupType = "aws:ec2/securityGroup:SecurityGroup";
const ingressType = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const egressType = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";

function create(target: Target): Promise<RecordedResource[]> {
  return record(() => {
    const network = new Network("net", { target }, {});
    new SecurityGroups("groups", { target, network }, {});
  });
}

describe("Security groups", () => {
  let shop: RecordedResource[];
  before(async () => (shop = await create(shopTarget())));
  it("let nothing in or out by themselves", () => {
    const groups = shop.filter(({ type }) => type === groupType);
    assert.equal(groups.length, groupEnds(shopTarget()).length);
    assert.ok(groups.every(({ inputs }) => !("ingress" in inputs) && !("egress" in inputs)));
    assert.deepEqual(groups.find(({ name }) => name === "groups-store.db")?.inputs, {
      name: "shop-test-db-store",
      description: "Connections of store.db",
      vpcId: "net-vpc-id",
      tags: { component: "db", Name: "shop-test-db-store" },
    });
  });

  it("have one rule for each flow and direction, with exactly one peer", () => {
    const rules = shop.filter(({ type }) => type === ingressType || type === egressType);
    assert.equal(rules.length, groupRules(shopTarget()).length);
    assert.ok(rules.every(({ parent }) => parent === "groups"));
    for (const { inputs } of rules) {
      const peers = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"].filter(
        (key) => key in inputs,
      );
      assert.equal(peers.length, 1);
      assert.equal(inputs["ipProtocol"], "tcp");
      assert.equal(inputs["fromPort"], inputs["toPort"]);
    }
  });

  const cases: [string, string, object][] = [
    [
      ingressType,
      "groups-store.db.service.api.5432-ingress",
      {
        securityGroupId: "groups-store.db-id",
        referencedSecurityGroupId: "groups-service.api-id",
        ipProtocol: "tcp",
        fromPort: 5432,
        toPort: 5432,
        description: "T-14: api to db",
        tags: { component: "db" },
      },
    ],
    [
      egressType,
      "groups-service.writer.internet.443-egress",
      {
        securityGroupId: "groups-service.writer-id",
        cidrIpv4: "0.0.0.0/0",
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        description: "T-13: bank",
        tags: { component: "writer" },
      },
    ],
    [
      egressType,
      "groups-service.api.s3.443-egress",
      {
        securityGroupId: "groups-service.api-id",
        prefixListId: "net-routes-s3-prefixListId",
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        description: "image layers",
        tags: { component: "api" },
      },
    ],
    [
      ingressType,
      "groups-edge.network.8443-ingress",
      {
        securityGroupId: "groups-edge-id",
        cidrIpv4: "10.20.0.0/16",
        ipProtocol: "tcp",
        fromPort: 8443,
        toPort: 8443,
        description: "T-26: trying a release",
        tags: { component: "network" },
      },
    ],
  ];
  for (const [type, name, inputs] of cases) {
    it(`make ${name}`, () => assert.deepEqual(find(shop, type, name).inputs, inputs));
  }

  it("admit the nodes of a Kubernetes cluster by their own group", async () => {
    const target = structuredClone(shopTarget());
    target.aws.clusterSecurityGroupIds = ["sg-0123456789abcdef0"];
    const rule = find(await create(target), ingressType, "groups-store.db.cluster.sg-0123456789abcdef0.5432-ingress");
    assert.equal(rule.inputs["referencedSecurityGroupId"], "sg-0123456789abcdef0");
  });

  it("say so when asked for a group that there is not", async () => {
    const target = shopTarget();
    await record(() => {
      const groups = new SecurityGroups("groups", { target, network: new Network("net", { target }, {}) }, {});
      assert.throws(() => groups.of({ kind: "store", name: "orders" }), /no security group for store.orders/);
    });
  });
});
