import assert from "node:assert/strict";
import { UNKNOWN } from "../testing/analyzer.ts";
import { aws, ecsService, flowLog, routeToInternet, subnet, vpc } from "../testing/network-fixtures.ts";
import { stackVerdict, verdict } from "../testing/pack.ts";

const POLICY = "vpc-isolation";
const a = subnet("a");
const b = subnet("b", "b");
const missing = ["mandatory the resource itself: a VPC without a flow log"];

describe("POL-VPC-ISOLATION (RB-SEC-12)", () => {
  describe("the network", () => {
    it("wants a flow log of each VPC that the stack makes", async () => {
      assert.deepEqual(await stackVerdict(POLICY, [vpc, flowLog]), []);
      assert.deepEqual(await stackVerdict(POLICY, [vpc]), missing);
      const other = aws("ec2/vpc:Vpc", {}, "other");
      assert.deepEqual(await stackVerdict(POLICY, [vpc, other, flowLog]), missing);
      assert.deepEqual(await stackVerdict(POLICY, [a]), []);
    });

    it("finds the flow log by the id of the VPC once it is known", async () => {
      const known = aws("ec2/vpc:Vpc", { id: "vpc-1" }, "vpc");
      const log = (vpcId: string) => aws("ec2/flowLog:FlowLog", { vpcId });
      assert.deepEqual(await stackVerdict(POLICY, [known, log("vpc-1")]), []);
      assert.deepEqual(await stackVerdict(POLICY, [known, log("vpc-2")]), missing);
    });

    it("records all traffic, or at least what is refused", async () => {
      const log = (trafficType: unknown) => verdict(POLICY, aws("ec2/flowLog:FlowLog", { trafficType }));
      assert.deepEqual(await log("REJECT"), []);
      assert.deepEqual(await log(undefined), []);
      assert.deepEqual(await log("ACCEPT"), ['mandatory trafficType: "ACCEPT"']);
      assert.deepEqual(await log(UNKNOWN), ["advisory not evaluated: trafficType"]);
      assert.deepEqual(await verdict(POLICY, aws("ec2/vpc:Vpc", { trafficType: "ACCEPT" })), []);
    });

    it("is not the account's default one", async () => {
      const found = ["mandatory the resource itself: the account's default network"];
      assert.deepEqual(await verdict(POLICY, aws("ec2/defaultVpc:DefaultVpc")), found);
      assert.deepEqual(await verdict(POLICY, aws("ec2/defaultSubnet:DefaultSubnet")), found);
    });

    it("is named by databases, which otherwise live in the default one", async () => {
      for (const type of ["rds/instance:Instance", "rds/cluster:Cluster", "docdb/cluster:Cluster"]) {
        const database = (dbSubnetGroupName: unknown) => verdict(POLICY, aws(type, { dbSubnetGroupName }));
        assert.deepEqual(await database("data"), []);
        assert.deepEqual(await database(undefined), ["mandatory dbSubnetGroupName: nothing"]);
        assert.deepEqual(await database("default"), ['mandatory dbSubnetGroupName: "default"']);
        assert.deepEqual(await database(UNKNOWN), ["advisory not evaluated: dbSubnetGroupName"]);
      }
      assert.deepEqual(await verdict(POLICY, aws("rds/instance:Instance", { replicateSourceDb: "primary" })), []);
    });
  });

  describe("what lives in it", () => {
    const kinds = {
      "ecs/service:Service": "networkConfiguration",
      "ecs/taskSet:TaskSet": "networkConfiguration",
      "lambda/function:Function": "vpcConfig",
      "rds/subnetGroup:SubnetGroup": "subnetIds",
      "efs/mountTarget:MountTarget": "subnetId",
    };
    for (const [type, property] of Object.entries(kinds)) {
      it(`is in private subnets: ${type}`, async () => {
        const holder = aws(type, {}, "holder", { [property]: [a, b] });
        assert.deepEqual(await stackVerdict(POLICY, [vpc, flowLog, a, b, holder]), []);
        assert.deepEqual(await stackVerdict(POLICY, [vpc, flowLog, a, b, holder, ...routeToInternet(a, b)]), [
          `mandatory ${property}: the public subnets a, b`,
        ]);
      });
    }

    it("is spread over zones, as many as the configuration says", async () => {
      const service = ecsService({}, { networkConfiguration: [a, subnet("c")] });
      const stack = [vpc, flowLog, a, subnet("c"), service];
      assert.deepEqual(await stackVerdict(POLICY, stack), ["mandatory networkConfiguration: subnets in 1 zone"]);
      assert.deepEqual(await stackVerdict(POLICY, stack, { [POLICY]: { parameters: { minZones: 1 } } }), []);
      const two = [vpc, flowLog, a, b, ecsService({}, { networkConfiguration: [a, b] })];
      assert.deepEqual(await stackVerdict(POLICY, two), []);
      assert.deepEqual(await stackVerdict(POLICY, two, { [POLICY]: { parameters: { minZones: 3 } } }), [
        "mandatory networkConfiguration: subnets in 2 zones",
      ]);
      const mount = aws("efs/mountTarget:MountTarget", {}, "mount", { subnetId: [a] });
      assert.deepEqual(await stackVerdict(POLICY, [vpc, flowLog, a, mount]), []);
    });

    it("is not judged by zones or subnets that nobody knows yet", async () => {
      const later = subnet("later", UNKNOWN);
      const service = ecsService({}, { networkConfiguration: [later] });
      assert.deepEqual(await stackVerdict(POLICY, [vpc, flowLog, later, service]), []);
      assert.deepEqual(await stackVerdict(POLICY, [ecsService()]), []);
      const byId = subnet("by-id", "", { availabilityZoneId: "euc1-az1" });
      const single = ecsService({}, { networkConfiguration: [byId] });
      assert.deepEqual(await stackVerdict(POLICY, [vpc, flowLog, byId, single]), [
        "mandatory networkConfiguration: subnets in 1 zone",
      ]);
    });
  });
});
