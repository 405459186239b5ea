import assert from "node:assert/strict";

import type { ProfileName } from "../profile.ts";
import type { AwsSettings } from "../settings.ts";
import { find, record, type RecordedResource } from "../testing/record.ts";
import { interfaceServices, NetworkEndpoints } from "./network-endpoints.ts";
import { NetworkFlowLogs } from "./network-flow-logs.ts";
import { Network } from "./network.ts";
import { executionPolicy, taskPolicy } from "./role-policies.ts";
import { SecurityGroups } from "./security-groups.ts";
import { account, shopTarget } from "./testing/shop.ts";
import type { Target } from "./target.ts";

const existing: AwsSettings["network"] = {
  vpcId: "vpc-0123456789abcdef0",
  cidr: "10.9.0.0/16",
  publicSubnetIds: ["subnet-1", "subnet-2"],
  privateSubnetIds: ["subnet-3", "subnet-4"],
  dataSubnetIds: ["subnet-5", "subnet-6"],
};

function target(profileName: ProfileName = "production", aws: Partial<AwsSettings> = {}): Target {
  const shop = shopTarget(profileName);
  return { ...shop, aws: { ...shop.aws, ...aws } };
}

function create(stack: Target): Promise<RecordedResource[]> {
  return record(() => {
    const network = new Network("net", { target: stack }, {});
    const groups = new SecurityGroups("groups", { target: stack, network }, {});
    new NetworkEndpoints("endpoints", { target: stack, network, groups }, {});
    new NetworkFlowLogs("flows", { target: stack, network }, {});
  });
}

const ofType = (resources: readonly RecordedResource[], type: string) =>
  resources.filter((resource) => resource.type === type);

describe("The network", () => {
  let shop: RecordedResource[];
  before(async () => (shop = await create(target())));
  it("is a VPC with names for its addresses, protected where the profile protects", async () => {
    const resources = shop;
    const vpc = find(resources, "aws:ec2/vpc:Vpc", "net-vpc");
    assert.deepEqual(vpc.inputs, {
      cidrBlock: "10.20.0.0/16",
      enableDnsSupport: true,
      enableDnsHostnames: true,
      tags: { component: "network", Name: "shop-test-vpc" },
    });
    assert.equal(vpc.parent, "net");
    assert.equal(vpc.protect, true);
    assert.equal(find(await create(target("dev")), "aws:ec2/vpc:Vpc", "net-vpc").protect, false);
  });

  it("closes the group that AWS gives to what names none", async () => {
    const group = find(
      await create(target()),
      "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
      "net-default-group",
    );
    assert.deepEqual(group.inputs["ingress"], []);
    assert.deepEqual(group.inputs["egress"], []);
    assert.equal(group.inputs["vpcId"], "net-vpc-id");
  });

  it("has a subnet of each tier in every zone, none of which gives out public addresses", () => {
    const subnets = ofType(shop, "aws:ec2/subnet:Subnet");
    assert.deepEqual(
      subnets.map(({ name, inputs }) => [name, inputs["availabilityZone"], inputs["cidrBlock"]]),
      [
        ["net-data-eu-central-1a", "eu-central-1a", "10.20.128.0/20"],
        ["net-data-eu-central-1b", "eu-central-1b", "10.20.144.0/20"],
        ["net-private-eu-central-1a", "eu-central-1a", "10.20.0.0/19"],
        ["net-private-eu-central-1b", "eu-central-1b", "10.20.32.0/19"],
        ["net-public-eu-central-1a", "eu-central-1a", "10.20.192.0/21"],
        ["net-public-eu-central-1b", "eu-central-1b", "10.20.200.0/21"],
      ],
    );
    assert.ok(subnets.every(({ inputs, parent }) => inputs["mapPublicIpOnLaunch"] === false && parent === "net"));
  });

  it("gives every private subnet the NAT gateway of its zone, and data subnets no way out", () => {
    const resources = shop;
    assert.deepEqual(routes(resources), [
      ["net-routes-private-eu-central-1a-id", "0.0.0.0/0", "net-routes-nat-eu-central-1a-id"],
      ["net-routes-private-eu-central-1b-id", "0.0.0.0/0", "net-routes-nat-eu-central-1b-id"],
      ["net-routes-public-id", "0.0.0.0/0", "net-internet-gateway-id"],
    ]);
    assert.deepEqual(
      ofType(resources, "aws:ec2/routeTableAssociation:RouteTableAssociation").map(({ inputs }) => [
        inputs["subnetId"],
        inputs["routeTableId"],
      ]),
      [
        ["net-data-eu-central-1a-id", "net-routes-data-id"],
        ["net-data-eu-central-1b-id", "net-routes-data-id"],
        ["net-private-eu-central-1a-id", "net-routes-private-eu-central-1a-id"],
        ["net-private-eu-central-1b-id", "net-routes-private-eu-central-1b-id"],
        ["net-public-eu-central-1a-id", "net-routes-public-id"],
        ["net-public-eu-central-1b-id", "net-routes-public-id"],
      ],
    );
    const nat = find(resources, "aws:ec2/natGateway:NatGateway", "net-routes-nat-eu-central-1b");
    assert.deepEqual(nat.inputs, {
      allocationId: "net-routes-nat-eu-central-1b-id",
      subnetId: "net-public-eu-central-1b-id",
      connectivityType: "public",
      tags: { component: "network", Name: "shop-test-nat-eu-central-1b" },
    });
    assert.ok(nat.dependencies.includes("net-internet-gateway"));
  });

  it("shares one NAT gateway in a small profile", async () => {
    const resources = await create(target("dev"));
    assert.equal(ofType(resources, "aws:ec2/natGateway:NatGateway").length, 1);
    assert.equal(ofType(resources, "aws:ec2/eip:Eip").length, 1);
    assert.deepEqual(routes(resources).slice(0, 2), [
      ["net-routes-private-eu-central-1a-id", "0.0.0.0/0", "net-routes-nat-eu-central-1a-id"],
      ["net-routes-private-eu-central-1b-id", "0.0.0.0/0", "net-routes-nat-eu-central-1a-id"],
    ]);
  });

  it("reaches AWS's own services without the internet, as the own account only", () => {
    const endpoints = ofType(shop, "aws:ec2/vpcEndpoint:VpcEndpoint");
    assert.deepEqual(
      endpoints.map(({ inputs }) => inputs["serviceName"]),
      ["ecr.api", "ecr.dkr", "kms", "logs", "secretsmanager", "sqs", "ssm", "xray", "s3"].map(
        (service) => `com.amazonaws.eu-central-1.${service}`,
      ),
    );
    const [first, ...others] = endpoints;
    const gateway = others.pop();
    assert.deepEqual(first?.inputs, {
      vpcId: "net-vpc-id",
      serviceName: "com.amazonaws.eu-central-1.ecr.api",
      vpcEndpointType: "Interface",
      privateDnsEnabled: true,
      subnetIds: ["net-private-eu-central-1a-id", "net-private-eu-central-1b-id"],
      securityGroupIds: ["groups-endpoints-id"],
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "OwnAccount",
            Effect: "Allow",
            Principal: "*",
            Action: ["ecr:*"],
            Resource: ["*"],
            Condition: { StringEquals: { "aws:PrincipalAccount": account } },
          },
        ],
      }),
      tags: { component: "network", Name: "shop-test-ecr.api" },
    });
    assert.equal(gateway?.inputs["vpcEndpointType"], "Gateway");
    assert.deepEqual(gateway.inputs["routeTableIds"], [
      "net-routes-private-eu-central-1a-id",
      "net-routes-private-eu-central-1b-id",
    ]);
    assert.match(String(gateway.inputs["policy"]), /"aws:ResourceAccount":"111122223333"/);
    assert.match(String(gateway.inputs["policy"]), /arn:aws:s3:::prod-eu-central-1-starport-layer-bucket\/\*/);
  });

  it("lets every task reach the services of AWS that its roles may use, though it may not reach the internet", () => {
    const stack = target();
    const near = [...interfaceServices(stack).map((service) => service.split(".")[0]), "s3"];
    // Volumes are reached by their own security group.
    const mounted = "elasticfilesystem";
    for (const workload of [...Object.keys(stack.system.services), ...Object.keys(stack.system.jobs)]) {
      const policies = `${executionPolicy(stack, workload)}${taskPolicy(stack, workload)}`;
      const used = [...policies.matchAll(/"([a-z0-9-]+):[A-Z][A-Za-z]+"/g)].map(([, service]) => service);
      for (const service of new Set(used)) assert.ok([...near, mounted].includes(service), `${workload}: ${service}`);
    }
  });

  it("writes down who talked to whom, in a role that can do nothing else", () => {
    const resources = shop;
    const log = find(resources, "aws:ec2/flowLog:FlowLog", "flows-log");
    assert.deepEqual(log.inputs, {
      vpcId: "net-vpc-id",
      trafficType: "ALL",
      logDestinationType: "cloud-watch-logs",
      logDestination: `arn:aws:logs:eu-central-1:${account}:log-group:/shop/test/platform/flow-logs`,
      iamRoleArn: "flows-role-arn",
      maxAggregationInterval: 60,
      tags: { component: "network", Name: "shop-test-flow-logs" },
    });
    assert.deepEqual(log.dependencies, ["flows-policy", "flows-role", "net-vpc"]);
    const { Statement } = JSON.parse(
      String(find(resources, "aws:iam/rolePolicy:RolePolicy", "flows-policy").inputs["policy"]),
    ) as { Statement: { Action: string[]; Resource: string[] }[] };
    const group = String(log.inputs["logDestination"]);
    assert.deepEqual(
      Statement.map(({ Action, Resource }) => [Action, Resource]),
      [
        [["logs:DescribeLogGroups"], ["*"]],
        [["logs:DescribeLogStreams"], [`${group}:*`]],
        [["logs:CreateLogStream", "logs:PutLogEvents"], [`${group}:log-stream:*`]],
      ],
    );
  });

  it("uses an existing one as it is, and makes nothing there but security groups", async () => {
    const resources = await create(target("production", { network: existing }));
    const types = new Set(resources.map(({ type }) => type).filter((type) => type.startsWith("aws:")));
    assert.deepEqual([...types].sort(), [
      "aws:ec2/securityGroup:SecurityGroup",
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    ]);
    assert.ok(
      ofType(resources, "aws:ec2/securityGroup:SecurityGroup").every(
        ({ inputs }) => inputs["vpcId"] === "vpc-0123456789abcdef0",
      ),
    );
  });

  it("gives every child a name that starts with its parent's", () => {
    for (const { name, parent } of shop) {
      if (name.startsWith("net-") || name.startsWith("groups-")) assert.ok(name.startsWith(`${parent}-`), name);
    }
  });
});

function routes(resources: readonly RecordedResource[]) {
  return ofType(resources, "aws:ec2/route:Route").map(({ inputs }) => [
    inputs["routeTableId"],
    inputs["destinationCidrBlock"],
    inputs["natGatewayId"] ?? inputs["gatewayId"],
  ]);
}
