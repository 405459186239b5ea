import { ListenerRule } from "@pulumi/aws/lb/listenerRule.js";
import { TargetGroup } from "@pulumi/aws/lb/targetGroup.js";
import * as pulumi from "@pulumi/pulumi";

import { declared } from "../spec/names.ts";
import { toSeconds, type Duration } from "../spec/units.ts";
import { pathCondition } from "./edge-rules.ts";
import { physicalName } from "./names.ts";
import { componentTags } from "./tags.ts";
import type { Target } from "./target.ts";

/** Where a service receives requests from the internet: what its ECS service says in `loadBalancers`. */
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
  };
}

/** What an endpoint is made with. */
export interface EdgeEndpointArgs {
  target: Target;
  /** Name of the public endpoint. */
  endpoint: string;
  vpcId: pulumi.Input<string>;
  listenerArn: pulumi.Input<string>;
  /** The listener on which a release is tried, if there is one. */
  testListenerArn: pulumi.Input<string> | undefined;
  /** Of its rules. */
  priority: number;
}

/** How targets are asked: three failures in half a minute take a task out (WS-NET-02, POL-LB-HEALTH). */
const health = { interval: 10, timeout: 5, healthyThreshold: 2, unhealthyThreshold: 3 } as const;
/** The specification's default of a service. */
const usualGrace: Duration = "30 s";

/**
 * A way from the listeners to a service: target groups and rules. With a blue-green release there are two groups; ECS
 * moves the rules' weights from one to the other (WS-NET-03).
 */
export class EdgeEndpoint extends pulumi.ComponentResource {
  readonly edgeTarget: EdgeTarget;

  constructor(name: string, args: EdgeEndpointArgs, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:EdgeEndpoint", name, {}, opts);
    const { target, endpoint, vpcId, listenerArn, testListenerArn, priority } = args;
    const specification = declared(target.system.publicEndpoints, endpoint);
    const service = declared(target.system.services, specification.service);
    const { port } = declared(service.ports, specification.port);
    const tags = componentTags(specification.service);

    const group = (colour: "blue" | "green") =>
      new TargetGroup(
        `${name}-${colour}`,
        {
          name: physicalName(target, "targetGroup", endpoint, colour),
          vpcId,
          targetType: "ip",
          protocol: "HTTP",
          protocolVersion: "HTTP1",
          // Each task brings its own port. Were it here, another port would be another group, and a rule that ECS has
          // taken over would keep the old one.
          port: 80,
          loadBalancingAlgorithmType: "least_outstanding_requests",
          deregistrationDelay: toSeconds(service.terminationGrace ?? usualGrace),
          healthCheck: {
            enabled: true,
            protocol: "HTTP",
            port: "traffic-port",
            path: specification.healthPath,
            matcher: "200",
            ...health,
          },
          tags,
        },
        { parent: this },
      );
    const conditions = [
      { hostHeader: { values: [declared(target.settings.hosts, endpoint)] } },
      { pathPattern: pathCondition(endpoint, specification) },
    ];
    const rule = (kind: string, listener: pulumi.Input<string>, [blue, green]: [TargetGroup, TargetGroup?]) =>
      new ListenerRule(
        `${name}-${kind}`,
        {
          listenerArn: listener,
          priority,
          conditions,
          actions: [
            green === undefined
              ? { type: "forward", targetGroupArn: blue.arn }
              : {
                  type: "forward",
                  forward: {
                    targetGroups: [
                      { arn: blue.arn, weight: 100 },
                      { arn: green.arn, weight: 0 },
                    ],
                  },
                },
          ],
          tags,
        },
        { parent: this, ignoreChanges: green === undefined ? [] : ["actions[0].forward.targetGroups"] },
      );

    const blue = group("blue");
    const edgeTarget = { container: specification.service, port, targetGroupArn: blue.arn };
    if (service.release.strategy !== "blue-green" || testListenerArn === undefined) {
      rule("rule", listenerArn, [blue]);
      this.edgeTarget = edgeTarget;
    } else {
      const green = group("green");
      this.edgeTarget = {
        ...edgeTarget,
        blueGreen: {
          alternateTargetGroupArn: green.arn,
          productionRuleArn: rule("rule", listenerArn, [blue, green]).arn,
          testRuleArn: rule("test-rule", testListenerArn, [blue, green]).arn,
        },
      };
    }
    this.registerOutputs({});
  }
}
