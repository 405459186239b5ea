import type { Examples } from "../testing/examples.ts";
import { aws, closedGroup, subnet, vpc } from "../testing/network-fixtures.ts";

export const examples: Examples = {
  good: [
    { title: "A network whose default group is empty", resources: [vpc, closedGroup, subnet("a")] },
    {
      title: "An ACL that lets HTTPS in",
      resources: [
        aws("ec2/networkAclRule:NetworkAclRule", {
          ruleAction: "allow",
          protocol: "tcp",
          cidrBlock: "0.0.0.0/0",
          fromPort: 443,
          toPort: 443,
        }),
      ],
    },
  ],
  bad: [
    { title: "A network with AWS's own default group", resources: [vpc], property: "the resource itself" },
    {
      title: "A subnet that gives public addresses",
      resources: [subnet("a", "a", { mapPublicIpOnLaunch: true })],
      property: "mapPublicIpOnLaunch",
    },
    {
      title: "An ACL that lets SSH in",
      resources: [
        aws("ec2/networkAcl:NetworkAcl", {
          ingress: [{ action: "allow", protocol: "tcp", cidrBlock: "0.0.0.0/0", fromPort: 22, toPort: 22 }],
        }),
      ],
      property: "ingress[0].cidrBlock",
    },
  ],
};
