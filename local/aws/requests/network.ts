import { at, step, text, without, type Creation, type Creations, type Inputs } from "./creation.ts";

/** A made-up id of EC2's form. */
const id = (kind: string) => `${kind}-0123456789abcdef0`;

/** A resource of EC2 whose answer holds it under one name with its id. */
function ec2(
  operation: string,
  kind: string,
  idPath: readonly (string | number)[],
  options: { prefix: string; renames?: Record<string, string | undefined> },
): Creation {
  return {
    create: (inputs) => step("ec2", operation, { ...without(inputs, "tags"), ...tagged(kind, inputs) }, options),
    outputs: (_inputs, answer, { region, accountId }) => {
      const made = text(answer, idPath, id(options.prefix));
      return { id: made, arn: `arn:aws:ec2:${region}:${accountId}:${kind}/${made}` };
    },
  };
}

function tagged(resourceType: string, { tags }: Inputs): Inputs {
  return tags === undefined ? {} : { tagSpecifications: [{ resourceType, tags }] };
}

const vpcSwitches = ["enableDnsSupport", "enableDnsHostnames"];
const subnetSwitches = ["mapPublicIpOnLaunch"];

/** The lists of a permission by the input that names the other end, and what that end is called there. */
const otherEnds: Record<string, [list: string, member: string]> = {
  cidrIpv4: ["ipRanges", "cidrIp"],
  cidrIpv6: ["ipv6Ranges", "cidrIpv6"],
  prefixListId: ["prefixListIds", "prefixListId"],
  referencedSecurityGroupId: ["userIdGroupPairs", "groupId"],
};

/** A security group's rule; each is a resource of its own. */
function rule(operation: string): Creation {
  return {
    create: (inputs) => {
      const { securityGroupId, ipProtocol, fromPort, toPort, description } = inputs;
      const others = Object.entries(otherEnds).flatMap(([name, [list, member]]) =>
        inputs[name] === undefined ? [] : [[list, [{ [member]: inputs[name], description }]]],
      );
      const permission = { ipProtocol, fromPort, toPort, ...(Object.fromEntries(others) as Inputs) };
      const told = { groupId: securityGroupId, ipPermissions: [permission], ...tagged("security-group-rule", inputs) };
      return step("ec2", operation, told);
    },
    outputs: (_inputs, answer) => {
      const made = text(answer, ["SecurityGroupRules", 0, "SecurityGroupRuleId"], id("sgr"));
      return { id: made, securityGroupRuleId: made };
    },
  };
}

const endpoint = ec2("CreateVpcEndpoint", "vpc-endpoint", ["VpcEndpoint", "VpcEndpointId"], {
  prefix: "vpce",
  renames: { policy: "PolicyDocument" },
});

/** Networks: EC2's part of a VPC. */
export const network: Creations = {
  "aws:ec2/vpc:Vpc": {
    ...ec2("CreateVpc", "vpc", ["Vpc", "VpcId"], {
      prefix: "vpc",
      renames: Object.fromEntries(vpcSwitches.map((name) => [name, undefined])),
    }),
    then: (inputs, outputs) =>
      vpcSwitches
        .filter((name) => inputs[name] !== undefined)
        .map((name) =>
          step(
            "ec2",
            "ModifyVpcAttribute",
            { vpcId: outputs["id"], [name]: inputs[name] },
            {
              renames: { [name]: `${name}.value` },
            },
          ),
        ),
  },
  "aws:ec2/subnet:Subnet": {
    ...ec2("CreateSubnet", "subnet", ["Subnet", "SubnetId"], {
      prefix: "subnet",
      renames: Object.fromEntries(subnetSwitches.map((name) => [name, undefined])),
    }),
    then: (inputs, outputs) =>
      subnetSwitches
        .filter((name) => inputs[name] !== undefined)
        .map((name) =>
          step(
            "ec2",
            "ModifySubnetAttribute",
            { subnetId: outputs["id"], [name]: inputs[name] },
            {
              renames: { [name]: `${name}.value` },
            },
          ),
        ),
  },
  "aws:ec2/internetGateway:InternetGateway": {
    ...ec2("CreateInternetGateway", "internet-gateway", ["InternetGateway", "InternetGatewayId"], {
      prefix: "igw",
      renames: { vpcId: undefined },
    }),
    then: ({ vpcId }, { id: internetGatewayId }) => [
      step("ec2", "AttachInternetGateway", { vpcId, internetGatewayId }),
    ],
  },
  "aws:ec2/eip:Eip": {
    ...ec2("AllocateAddress", "elastic-ip", ["AllocationId"], { prefix: "eipalloc" }),
    outputs: (_inputs, answer) => {
      const made = text(answer, ["AllocationId"], id("eipalloc"));
      return { id: made, allocationId: made, publicIp: text(answer, ["PublicIp"], "198.51.100.7") };
    },
  },
  "aws:ec2/natGateway:NatGateway": ec2("CreateNatGateway", "natgateway", ["NatGateway", "NatGatewayId"], {
    prefix: "nat",
  }),
  "aws:ec2/routeTable:RouteTable": ec2("CreateRouteTable", "route-table", ["RouteTable", "RouteTableId"], {
    prefix: "rtb",
  }),
  "aws:ec2/route:Route": {
    create: (inputs) => step("ec2", "CreateRoute", inputs),
    outputs: ({ routeTableId, destinationCidrBlock }) => ({ id: [routeTableId, destinationCidrBlock].join("-") }),
  },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": {
    create: (inputs) => step("ec2", "AssociateRouteTable", inputs),
    outputs: (_inputs, answer) => ({ id: text(answer, ["AssociationId"], id("rtbassoc")) }),
  },
  "aws:ec2/vpcEndpoint:VpcEndpoint": {
    ...endpoint,
    read: (_inputs, answer) =>
      step("ec2", "DescribeVpcEndpoints", { vpcEndpointIds: [at(answer, "VpcEndpoint", "VpcEndpointId")] }),
    outputs: (inputs, answer, place) => ({
      ...endpoint.outputs?.(inputs, answer, place),
      ...(inputs["vpcEndpointType"] === "Gateway" ? { prefixListId: id("pl") } : {}),
    }),
  },
  "aws:ec2/securityGroup:SecurityGroup": ec2("CreateSecurityGroup", "security-group", ["GroupId"], {
    prefix: "sg",
    renames: { name: "GroupName", revokeRulesOnDelete: undefined },
  }),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": rule("AuthorizeSecurityGroupIngress"),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": rule("AuthorizeSecurityGroupEgress"),
  // Takes over the group that every VPC has and takes its rules away; nothing is created.
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": { outputs: () => ({ id: id("sg") }) },
  "aws:ec2/flowLog:FlowLog": {
    create: ({ vpcId, subnetId, ...inputs }) => {
      const watched = { resourceIds: [vpcId ?? subnetId], resourceType: vpcId === undefined ? "Subnet" : "VPC" };
      const told = { ...without(inputs, "tags"), ...watched, ...tagged("vpc-flow-log", inputs) };
      return step("ec2", "CreateFlowLogs", told, { renames: { iamRoleArn: "DeliverLogsPermissionArn" } });
    },
    outputs: (_inputs, answer) => ({ id: text(answer, ["FlowLogIds", 0], id("fl")) }),
  },
};
