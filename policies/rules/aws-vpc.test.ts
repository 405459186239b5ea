import assert from "node:assert/strict";
import { UNKNOWN, type TestResource } from "../testing/analyzer.ts";
import { remediated, verdictRemediated } from "../testing/in-process.ts";
import { aws, closedGroup, ecsService, subnet, vpc } from "../testing/network-fixtures.ts";
import { stackVerdict, verdict } from "../testing/pack.ts";
import { awsVpc } from "./aws-vpc.ts";

const POLICY = "aws-vpc";
const a = subnet("a");
const group = (properties: Record<string, unknown>) =>
  aws("ec2/defaultSecurityGroup:DefaultSecurityGroup", properties, "closed", { vpcId: [vpc] });

describe("POL-AWS-VPC (RB-SEC-12)", () => {
  describe("the default security group", () => {
    it("has no rules", async () => {
      assert.deepEqual(await verdict(POLICY, group({ ingress: [], egress: [] })), []);
      assert.deepEqual(await verdict(POLICY, group({})), []);
      const rule = "a rule of the default group";
      assert.deepEqual(await verdict(POLICY, group({ ingress: [{ self: true }], egress: [{}, {}] })), [
        `mandatory ingress[0]: ${rule}`,
        `mandatory egress[0]: ${rule}`,
        `mandatory egress[1]: ${rule}`,
      ]);
      assert.deepEqual(await verdict(POLICY, group({ ingress: UNKNOWN })), ["advisory not evaluated: ingress"]);
    });

    it("is emptied by the stack that makes the VPC", async () => {
      assert.deepEqual(await stackVerdict(POLICY, [vpc, closedGroup]), []);
      assert.deepEqual(await stackVerdict(POLICY, [vpc]), [
        "mandatory the resource itself: a default security group with AWS's own rules",
      ]);
    });

    it("loses its rules, and nothing else does", () => {
      for (const resource of [
        group({}),
        group({ ingress: UNKNOWN, egress: [] }),
        aws("ec2/securityGroup:SecurityGroup", { ingress: [{ self: true }], mapPublicIpOnLaunch: true }),
        aws("ec2/securityGroup:SecurityGroup", { egress: [{ self: true }] }),
        subnet("a"),
        subnet("a", "a", { mapPublicIpOnLaunch: UNKNOWN }),
      ]) {
        assert.deepEqual(remediated(awsVpc, resource), resource);
      }
      assert.deepEqual(verdictRemediated(awsVpc, group({ ingress: [{ self: true }], egress: [] })), {
        verdict: [],
        idempotent: true,
      });
    });
  });

  describe("subnets", () => {
    it("give no public addresses", async () => {
      const maps = (mapPublicIpOnLaunch: unknown) => verdict(POLICY, subnet("a", "a", { mapPublicIpOnLaunch }));
      assert.deepEqual(await maps(false), []);
      assert.deepEqual(await maps(undefined), []);
      assert.deepEqual(await maps(true), ["mandatory mapPublicIpOnLaunch: true"]);
      assert.deepEqual(await maps(UNKNOWN), ["advisory not evaluated: mapPublicIpOnLaunch"]);
      assert.deepEqual(verdictRemediated(awsVpc, subnet("a", "a", { mapPublicIpOnLaunch: true })), {
        verdict: [],
        idempotent: true,
      });
    });
  });

  it("wants the block of public access on, where the stack sets it", async () => {
    const mode = (internetGatewayBlockMode: unknown) =>
      verdict(POLICY, aws("ec2/vpcBlockPublicAccessOptions:VpcBlockPublicAccessOptions", { internetGatewayBlockMode }));
    assert.deepEqual(await mode("block-ingress"), []);
    assert.deepEqual(await mode("off"), ['mandatory internetGatewayBlockMode: "off"']);
    assert.deepEqual(await mode(undefined), ["mandatory internetGatewayBlockMode: nothing"]);
    assert.deepEqual(await mode(UNKNOWN), ["advisory not evaluated: internetGatewayBlockMode"]);
  });

  describe("network ACLs, within one or as rules of their own", () => {
    const forms: Record<string, (rule: Record<string, unknown>) => [TestResource, string]> = {
      within: ({ action, ...rule }) => [
        aws("ec2/networkAcl:NetworkAcl", { ingress: [{ action, ...rule }] }),
        "ingress[0].",
      ],
      default: ({ action, ...rule }) => [
        aws("ec2/defaultNetworkAcl:DefaultNetworkAcl", { ingress: [{ action, ...rule }] }),
        "ingress[0].",
      ],
      beside: ({ action, ...rule }) => [aws("ec2/networkAclRule:NetworkAclRule", { ruleAction: action, ...rule }), ""],
    };
    for (const [form, make] of Object.entries(forms)) {
      it(`let nobody of the internet reach SSH or RDP: ${form}`, async () => {
        const found = async (rule: Record<string, unknown>) => {
          const [resource, prefix] = make({ action: "allow", protocol: "tcp", cidrBlock: "0.0.0.0/0", ...rule });
          const lines = await verdict(POLICY, resource);
          return lines.map((line) => line.replace(`mandatory ${prefix}`, ""));
        };
        assert.deepEqual(await found({ fromPort: 443, toPort: 443 }), []);
        assert.deepEqual(await found({ fromPort: 22, toPort: 22 }), ["cidrBlock: the internet on 22"]);
        assert.deepEqual(await found({ fromPort: 23, toPort: 3388 }), []);
        assert.deepEqual(await found({ fromPort: 22, toPort: 3389, protocol: "6" }), [
          "cidrBlock: the internet on 22 and 3389",
        ]);
        assert.deepEqual(await found({ fromPort: 22, toPort: 22, protocol: "udp" }), []);
        assert.deepEqual(await found({ fromPort: 0, toPort: 0, protocol: "-1" }), [
          "cidrBlock: the internet on 22 and 3389",
        ]);
        assert.deepEqual(await found({}), ["cidrBlock: the internet on 22 and 3389"]);
        assert.deepEqual(await found({ fromPort: 22, toPort: 22, action: "deny" }), []);
        assert.deepEqual(await found({ fromPort: 22, toPort: 22, cidrBlock: "10.0.0.0/8" }), []);
        assert.deepEqual(await found({ fromPort: 22, toPort: 22, cidrBlock: undefined, ipv6CidrBlock: "::/0" }), [
          "ipv6CidrBlock: the internet on 22",
        ]);
      });
    }

    it("may let traffic out, and are judged once they are known", async () => {
      const rule = { ruleAction: "allow", protocol: "-1", cidrBlock: "0.0.0.0/0" };
      assert.deepEqual(await verdict(POLICY, aws("ec2/networkAclRule:NetworkAclRule", { ...rule, egress: true })), []);
      assert.deepEqual(await verdict(POLICY, aws("ec2/networkAclRule:NetworkAclRule", { ...rule, egress: UNKNOWN })), [
        "advisory not evaluated: egress",
      ]);
      assert.deepEqual(
        await verdict(POLICY, aws("ec2/networkAclRule:NetworkAclRule", { ...rule, cidrBlock: UNKNOWN })),
        ["advisory not evaluated: cidrBlock"],
      );
    });
  });

  describe("the endpoints of AWS's services", () => {
    const endpoint = (service: string, type = "Interface") =>
      aws(
        "ec2/vpcEndpoint:VpcEndpoint",
        { serviceName: service === UNKNOWN ? UNKNOWN : `com.amazonaws.eu-central-1.${service}`, vpcEndpointType: type },
        service,
        { vpcId: [vpc] },
      );
    const tasks = [vpc, closedGroup, a, ecsService({}, { networkConfiguration: [a] })];
    const all = ["ecr.api", "ecr.dkr", "ssm"].map((service) => endpoint(service));

    it("are all in a VPC with tasks", async () => {
      assert.deepEqual(await stackVerdict(POLICY, [...tasks, ...all]), []);
      assert.deepEqual(await stackVerdict(POLICY, [...tasks, ...all.slice(1)]), [
        "mandatory the resource itself: no interface endpoint for ecr.api",
      ]);
      assert.deepEqual(await stackVerdict(POLICY, tasks), [
        "mandatory the resource itself: no interface endpoint for ecr.api, ecr.dkr, ssm",
      ]);
      assert.deepEqual(await stackVerdict(POLICY, [...tasks, endpoint("ecr.api", "Gateway"), ...all.slice(1)]), [
        "mandatory the resource itself: no interface endpoint for ecr.api",
      ]);
    });

    it("include EC2's own in a VPC with instances", async () => {
      const instance = aws("ec2/instance:Instance", {}, "instance", { subnetId: [a] });
      assert.deepEqual(await stackVerdict(POLICY, [vpc, closedGroup, a, instance, endpoint("ssm")]), [
        "mandatory the resource itself: no interface endpoint for ec2",
      ]);
      assert.deepEqual(
        await stackVerdict(POLICY, [vpc, closedGroup, a, instance, endpoint("ec2"), endpoint("ssm")]),
        [],
      );
    });

    it("are not asked for where nothing runs, nor judged while one is unknown", async () => {
      assert.deepEqual(await stackVerdict(POLICY, [vpc, closedGroup, a]), []);
      assert.deepEqual(await stackVerdict(POLICY, [...tasks, endpoint(UNKNOWN)]), [
        "advisory not evaluated: serviceName",
      ]);
      const config = { [POLICY]: { parameters: { taskEndpoints: ["ssm"] } } };
      assert.deepEqual(await stackVerdict(POLICY, [...tasks, endpoint("ssm")], config), []);
    });
  });
});
