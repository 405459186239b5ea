import assert from "node:assert/strict";
import { UNKNOWN, type TestResource } from "../testing/analyzer.ts";
import { aws, ecsService, loadBalancer, securityGroup, vpc } from "../testing/network-fixtures.ts";
import { analyze, stackVerdict, verdict } from "../testing/pack.ts";
import { sgNoOpen } from "./sg-no-open.ts";

const POLICY = "sg-no-open";

interface Permission {
  range?: unknown;
  protocol?: unknown;
  from?: unknown;
  to?: unknown;
  direction?: "ingress" | "egress";
}

/** One permission in each of the three forms that AWS has for it, with the group that it is of. */
const forms: Record<string, (permission: Permission) => { group: TestResource; rules: TestResource[]; path: string }> =
  {
    "within the group": ({ range, protocol = "tcp", from, to, direction = "ingress" }) => {
      const list = String(range).includes(":") ? "ipv6CidrBlocks" : "cidrBlocks";
      const rule = { protocol, fromPort: from, toPort: to, [list]: [range] };
      const group = aws("ec2/securityGroup:SecurityGroup", { [direction]: [rule] }, "edge", { vpcId: [vpc] });
      return { group, rules: [], path: `${direction}[0].${list}[0]` };
    },
    "as a rule of the old type": ({ range, protocol = "tcp", from, to, direction = "ingress" }) => {
      const list = String(range).includes(":") ? "ipv6CidrBlocks" : "cidrBlocks";
      const properties = { type: direction, protocol, fromPort: from, toPort: to, [list]: [range] };
      const rule = aws("ec2/securityGroupRule:SecurityGroupRule", properties, "rule", {
        securityGroupId: [securityGroup],
      });
      return { group: securityGroup, rules: [rule], path: `${list}[0]` };
    },
    "as a rule of today's type": ({ range, protocol = "tcp", from, to, direction = "ingress" }) => {
      const key = String(range).includes(":") ? "cidrIpv6" : "cidrIpv4";
      const kind = direction === "ingress" ? "SecurityGroupIngressRule" : "SecurityGroupEgressRule";
      const type = `vpc/s${kind.slice(1)}:${kind}`;
      const properties = { ipProtocol: protocol, fromPort: from, toPort: to, [key]: range };
      return {
        group: securityGroup,
        rules: [aws(type, properties, "rule", { securityGroupId: [securityGroup] })],
        path: key,
      };
    },
  };

const ingressRule = (properties: Record<string, unknown>) =>
  aws("vpc/securityGroupIngressRule:SecurityGroupIngressRule", { ipProtocol: "tcp", ...properties });

describe("POL-SG-NO-OPEN (EB-SEC-19, RB-SEC-09)", () => {
  for (const [form, make] of Object.entries(forms)) {
    describe(`for a permission ${form}`, () => {
      const found = async (permission: Permission, ...others: TestResource[]) => {
        const { group, rules, path } = make(permission);
        const lines = await stackVerdict(POLICY, [group, ...rules, ...others]);
        return lines.map((line) =>
          line.replace(`mandatory ${path}: `, "RANGE ").replace(/^mandatory [^:]*: every/, "RULE every"),
        );
      };

      it("accepts the ports of the web from anywhere, and any port from private networks", async () => {
        for (const port of [80, 443]) {
          assert.deepEqual(await found({ range: "0.0.0.0/0", from: port, to: port }), []);
          assert.deepEqual(await found({ range: "::/0", from: port, to: port }), []);
        }
        assert.deepEqual(await found({ range: "10.0.0.0/8", from: 5432, to: 5432 }), []);
        assert.deepEqual(await found({ range: "0.0.0.0/0", from: 5432, to: 5432, direction: "egress" }), []);
      });

      it("rejects other ports, ranges of ports and other protocols from anywhere", async () => {
        assert.deepEqual(await found({ range: "0.0.0.0/0", from: 22, to: 22 }), ["RANGE the internet on port 22"]);
        assert.deepEqual(await found({ range: "::/0", from: 80, to: 443 }), [
          "RANGE the internet on the ports 80 to 443",
        ]);
        assert.deepEqual(await found({ range: "0.0.0.0/0", protocol: "icmp", from: 80, to: 80 }), [
          "RANGE the internet on the protocol icmp",
        ]);
      });

      it("rejects the two halves of the internet as it does the whole, and nothing narrower than a private network", async () => {
        assert.deepEqual(await found({ range: "128.0.0.0/1", from: 22, to: 22 }), ["RANGE the internet on port 22"]);
        assert.deepEqual(await found({ range: "8.0.0.0/7", from: 22, to: 22 }), ["RANGE the internet on port 22"]);
        assert.deepEqual(await found({ range: "2000::/3", from: 22, to: 22 }), ["RANGE the internet on port 22"]);
        assert.deepEqual(await found({ range: "fc00::/7", from: 22, to: 22 }), []);
      });

      it("rejects every port, whoever may connect and in both directions", async () => {
        assert.deepEqual(await found({ range: "10.0.0.0/8", protocol: "-1" }), ["RULE every port"]);
        assert.deepEqual(await found({ range: "10.0.0.0/8", from: 0, to: 65535 }), ["RULE every port"]);
        assert.deepEqual(await found({ range: "0.0.0.0/0", protocol: "-1", direction: "egress" }), [
          "RULE every port to the internet",
        ]);
        assert.deepEqual(await found({ range: "10.0.0.0/8", from: 2, to: 65535 }), []);
      });

      it("rejects members other than load balancers in a group that is open", async () => {
        const https = { range: "0.0.0.0/0", from: 443, to: 443 };
        const { group } = make(https);
        const balancer = { ...loadBalancer(), propertyDependencies: { securityGroups: [] } };
        assert.deepEqual(await found(https, loadBalancer(), balancer), []);
        assert.deepEqual(await found(https, ecsService({}, { networkConfiguration: [group] })), [
          "RANGE the internet, and service (aws:ecs/service:Service) in the group",
        ]);
        const inside = { range: "10.0.0.0/8", from: 443, to: 443 };
        assert.deepEqual(await found(inside, ecsService({}, { networkConfiguration: [group] })), []);
      });
    });
  }

  it("finds the group by its id once it is known", async () => {
    const group = aws("ec2/securityGroup:SecurityGroup", { id: "sg-1" }, "open");
    const rule = ingressRule({ cidrIpv4: "0.0.0.0/0", fromPort: 443, toPort: 443, securityGroupId: "sg-1" });
    const database = aws("rds/instance:Instance", { vpcSecurityGroupIds: ["sg-1"] }, "database");
    assert.deepEqual(await stackVerdict(POLICY, [group, rule, database]), [
      "mandatory cidrIpv4: the internet, and database (aws:rds/instance:Instance) in the group",
    ]);
  });

  it("finds members by every property that names groups", async () => {
    const group = aws("ec2/securityGroup:SecurityGroup", {
      ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"] }],
    });
    for (const property of [
      "securityGroups",
      "securityGroupIds",
      "vpcSecurityGroupIds",
      "networkConfiguration",
      "vpcConfig",
      "networkInterfaces",
    ]) {
      const member = aws("lambda/function:Function", {}, "member", { [property]: [group] });
      assert.deepEqual(await stackVerdict(POLICY, [group, member]), [
        "mandatory ingress[0].cidrBlocks[0]: the internet, and member (aws:lambda/function:Function) in the group",
      ]);
    }
    const sibling = aws("ec2/securityGroup:SecurityGroup", {}, "sibling", { securityGroups: [group] });
    const rule = aws("ec2/securityGroupRule:SecurityGroupRule", { type: "ingress" }, "rule", {
      securityGroups: [group],
    });
    const classic = aws("elb/loadBalancer:LoadBalancer", {}, "classic", { securityGroups: [group] });
    assert.deepEqual(await stackVerdict(POLICY, [group, sibling, classic]), []);
    assert.deepEqual(await stackVerdict(POLICY, [group, rule]), ["mandatory the resource itself: every port"]);
  });

  it("has AWS's own lists of ports", () => {
    assert.deepEqual(sgNoOpen.parameters["publicPorts"]?.default, [80, 443]);
    assert.equal(
      JSON.stringify(sgNoOpen.parameters["highRiskPorts"]?.default),
      "[20,21,22,23,25,110,135,143,445,1433,1434,3000,3306,3389,4333,5000,5432,5500,5601,8080,8088,8888,9200,9300]",
    );
  });

  it("says what is wrong and what to do", async () => {
    const reports = await analyze(ingressRule({ cidrIpv4: "0.0.0.0/0", fromPort: 5432, toPort: 5432 }));
    assert.equal(
      reports
        .find(({ policy }) => policy === POLICY)
        ?.message.split("\n")
        .slice(2, 6)
        .join("\n"),
      [
        "  property: cidrIpv4",
        "  found:    the internet on port 5432",
        "  expected: the internet on 80 and 443 alone",
        "  fix:      Name the security group that may connect, and its port; only load balancers are open to the internet.",
      ].join("\n"),
    );
  });

  it("reads absent ports as all", async () => {
    assert.deepEqual(await verdict(POLICY, ingressRule({ cidrIpv4: "0.0.0.0/0" })), [
      "mandatory the resource itself: every port to the internet",
    ]);
    assert.deepEqual(await verdict(POLICY, ingressRule({ cidrIpv4: "0.0.0.0/0", fromPort: 443 })), []);
    assert.deepEqual(await verdict(POLICY, aws("ec2/securityGroup:SecurityGroup")), []);
  });

  it("goes on past what is not known yet", async () => {
    const group = aws("ec2/securityGroup:SecurityGroup", {
      ingress: [
        { protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: [UNKNOWN, "0.0.0.0/0"] },
        { protocol: UNKNOWN, fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] },
        { protocol: "tcp", fromPort: UNKNOWN, toPort: 22, cidrBlocks: UNKNOWN },
      ],
      egress: UNKNOWN,
    });
    assert.deepEqual(await verdict(POLICY, group), [
      "mandatory ingress[0].cidrBlocks[1]: the internet on port 22",
      "advisory not evaluated: ingress[2].cidrBlocks",
      "advisory not evaluated: egress",
      "advisory not evaluated: ingress[0].cidrBlocks[0]",
      "advisory not evaluated: ingress[1].protocol",
      "advisory not evaluated: ingress[2].fromPort",
    ]);
    const rule = aws("ec2/securityGroupRule:SecurityGroupRule", { type: UNKNOWN });
    assert.deepEqual(await verdict(POLICY, rule), ["advisory not evaluated: type"]);
  });

  it("takes its ports from the configuration, and never one of high risk", async () => {
    const config = { [POLICY]: { parameters: { publicPorts: [8443, 22] } } };
    const open = (port: number) => ingressRule({ cidrIpv4: "0.0.0.0/0", fromPort: port, toPort: port });
    assert.deepEqual(await verdict(POLICY, open(8443), config), []);
    assert.deepEqual(await verdict(POLICY, open(443), config), ["mandatory cidrIpv4: the internet on port 443"]);
    assert.deepEqual(await verdict(POLICY, open(22), config), ["mandatory cidrIpv4: the internet on port 22"]);
  });

  it("accepts a dated exemption", async () => {
    const exemption = { policy: "POL-SG-NO-OPEN", urn: "*::subject", reason: "a game server", owner: "platform" };
    const expires = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    const config = { exemptions: { parameters: { exemptions: [{ ...exemption, expires }] } } };
    const [line] = await verdict(POLICY, ingressRule({ cidrIpv4: "0.0.0.0/0", fromPort: 22, toPort: 22 }), config);
    assert.match(line ?? "", /^advisory cidrIpv4: exempt until/);
  });
});
