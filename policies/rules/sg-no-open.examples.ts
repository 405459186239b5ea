import type { Examples } from "../testing/examples.ts";
import { aws, loadBalancer, securityGroup } from "../testing/network-fixtures.ts";

const rule = (properties: Record<string, unknown>) =>
  aws("vpc/securityGroupIngressRule:SecurityGroupIngressRule", { ipProtocol: "tcp", ...properties }, "rule", {
    securityGroupId: [securityGroup],
  });
const https = rule({ cidrIpv4: "0.0.0.0/0", fromPort: 443, toPort: 443 });

export const examples: Examples = {
  good: [
    { title: "HTTPS to a load balancer", resources: [securityGroup, https, loadBalancer()] },
    {
      title: "PostgreSQL from a group",
      resources: [securityGroup, rule({ referencedSecurityGroupId: "sg-1", fromPort: 5432, toPort: 5432 })],
    },
  ],
  bad: [
    {
      title: "PostgreSQL from anywhere",
      resources: [securityGroup, rule({ cidrIpv4: "0.0.0.0/0", fromPort: 5432, toPort: 5432 })],
      property: "cidrIpv4",
    },
    {
      title: "Every port, within the group",
      resources: [
        aws("ec2/securityGroup:SecurityGroup", {
          ingress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["10.0.0.0/8"] }],
        }),
      ],
      property: "ingress[0]",
    },
    {
      title: "A database in the group of the load balancer",
      resources: [
        securityGroup,
        https,
        aws("rds/instance:Instance", {}, "database", { vpcSecurityGroupIds: [securityGroup] }),
      ],
      property: "cidrIpv4",
    },
  ],
};
