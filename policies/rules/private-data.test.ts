import assert from "node:assert/strict";
import { UNKNOWN } from "../testing/analyzer.ts";
import { remediated, verdictRemediated } from "../testing/in-process.ts";
import { aws, ecsService, routeToInternet, subnet, vpc } from "../testing/network-fixtures.ts";
import { stackVerdict, verdict } from "../testing/pack.ts";
import { privateData } from "./private-data.ts";

const POLICY = "private-data";
const a = subnet("a");
const b = subnet("b", "b");
const places = {
  "rds/subnetGroup:SubnetGroup": "subnetIds",
  "elasticache/subnetGroup:SubnetGroup": "subnetIds",
  "docdb/subnetGroup:SubnetGroup": "subnetIds",
  "efs/mountTarget:MountTarget": "subnetId",
};

describe("POL-PRIVATE-DATA (CC-SEC-13, RB-SEC-01, RB-SEC-12)", () => {
  it("rejects public addresses of every kind of store and task; absent means none", async () => {
    const types = [
      "rds/instance:Instance",
      "rds/clusterInstance:ClusterInstance",
      "neptune/clusterInstance:ClusterInstance",
      "mq/broker:Broker",
      "dms/replicationInstance:ReplicationInstance",
      "redshift/cluster:Cluster",
      "redshiftserverless/workgroup:Workgroup",
    ];
    for (const type of types) {
      assert.deepEqual(await verdict(POLICY, aws(type, { publiclyAccessible: true })), [
        "mandatory publiclyAccessible: true",
      ]);
      assert.deepEqual(await verdict(POLICY, aws(type, { publiclyAccessible: false })), []);
      assert.deepEqual(await verdict(POLICY, aws(type)), []);
      assert.deepEqual(await verdict(POLICY, aws(type, { publiclyAccessible: UNKNOWN })), [
        "advisory not evaluated: publiclyAccessible",
      ]);
    }
  });

  it("rejects public addresses of services and task sets", async () => {
    const networkConfiguration = { assignPublicIp: true };
    const path = "mandatory networkConfiguration.assignPublicIp: true";
    assert.deepEqual(await verdict(POLICY, ecsService({ networkConfiguration })), [path]);
    assert.deepEqual(await verdict(POLICY, aws("ecs/taskSet:TaskSet", { networkConfiguration })), [path]);
    assert.deepEqual(await verdict(POLICY, ecsService({ networkConfiguration: { assignPublicIp: "ENABLED" } })), [
      'mandatory networkConfiguration.assignPublicIp: "ENABLED"',
    ]);
    assert.deepEqual(await verdict(POLICY, ecsService()), []);
  });

  it("wants a subnet group of its own for a cache that is not part of a group", async () => {
    const group = (subnetGroupName: unknown) =>
      verdict(POLICY, aws("elasticache/replicationGroup:ReplicationGroup", { subnetGroupName }));
    assert.deepEqual(await group("data"), []);
    assert.deepEqual(await group(undefined), ["mandatory subnetGroupName: nothing"]);
    assert.deepEqual(await group("default"), ['mandatory subnetGroupName: "default"']);
    assert.deepEqual(await group(UNKNOWN), ["advisory not evaluated: subnetGroupName"]);
    assert.deepEqual(await verdict(POLICY, aws("elasticache/cluster:Cluster")), ["mandatory subnetGroupName: nothing"]);
    const member = aws("elasticache/cluster:Cluster", { replicationGroupId: "group" });
    assert.deepEqual(await verdict(POLICY, member), []);
  });

  for (const [type, property] of Object.entries(places)) {
    it(`rejects public subnets of ${type}`, async () => {
      const holder = aws(type, {}, "holder", { [property]: [a, b] });
      assert.deepEqual(await stackVerdict(POLICY, [vpc, a, b, holder]), []);
      assert.deepEqual(await stackVerdict(POLICY, [vpc, a, b, holder, ...routeToInternet(b)]), [
        `mandatory ${property}: the public subnets b`,
      ]);
    });
  }

  it("leaves the subnets of tasks to POL-VPC-ISOLATION", async () => {
    const service = ecsService({}, { networkConfiguration: [a] });
    assert.deepEqual(await stackVerdict(POLICY, [vpc, a, service, ...routeToInternet(a)]), []);
  });

  it("reads a public subnet by its own switch, a route within the table, and the main table", async () => {
    const group = (one: typeof a) => aws("rds/subnetGroup:SubnetGroup", {}, "data", { subnetIds: [one] });
    const found = (name: string) => [`mandatory subnetIds: the public subnets ${name}`];
    const mapped = subnet("mapped", "a", { mapPublicIpOnLaunch: true });
    assert.deepEqual(await stackVerdict(POLICY, [vpc, mapped, group(mapped)]), found("mapped"));
    const table = (gatewayId: string) => [
      aws("ec2/routeTable:RouteTable", { routes: [{ cidrBlock: "0.0.0.0/0", gatewayId }] }, "table", { vpcId: [vpc] }),
    ];
    const associate = (tables: ReturnType<typeof table>) =>
      aws("ec2/routeTableAssociation:RouteTableAssociation", {}, "one", { routeTableId: tables, subnetId: [a] });
    for (const [gateway, expected] of [
      ["igw-1", found("a")],
      ["vgw-1", []],
    ] as const) {
      const tables = table(gateway);
      assert.deepEqual(await stackVerdict(POLICY, [vpc, a, group(a), ...tables, associate(tables)]), expected);
    }
    const main = aws("ec2/defaultRouteTable:DefaultRouteTable", { routes: [{ gatewayId: "igw-1" }] }, "main", {
      defaultRouteTableId: [vpc],
    });
    assert.deepEqual(await stackVerdict(POLICY, [vpc, a, group(a), main]), found("a"));
    const closed = table("vgw-1");
    assert.deepEqual(await stackVerdict(POLICY, [vpc, a, group(a), main, ...closed, associate(closed)]), []);
  });

  it("takes public addresses away and leaves everything else", () => {
    const open = aws("rds/instance:Instance", { publiclyAccessible: true, engine: "postgres" });
    assert.deepEqual(verdictRemediated(privateData, open), { verdict: [], idempotent: true });
    const service = ecsService({ networkConfiguration: { assignPublicIp: true } });
    assert.deepEqual(verdictRemediated(privateData, service), { verdict: [], idempotent: true });
    for (const resource of [
      aws("rds/instance:Instance"),
      aws("rds/instance:Instance", { publiclyAccessible: UNKNOWN }),
      aws("ec2/vpc:Vpc", { publiclyAccessible: true }),
      ecsService(),
    ]) {
      assert.deepEqual(remediated(privateData, resource), resource);
    }
  });
});
