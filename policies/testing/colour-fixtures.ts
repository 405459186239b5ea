import type { TestResource } from "./analyzer.ts";
import { kubernetes, podSpec, workload } from "./fixtures.ts";

const NAME = "worldstore-server";

function labels(instance: string, more: Record<string, unknown> = {}) {
  return {
    "app.kubernetes.io/name": NAME,
    "app.kubernetes.io/instance": instance,
    "app.kubernetes.io/component": "payment-server",
    "app.kubernetes.io/part-of": "worldstore",
    ...more,
  };
}

/** The copies of one colour of the payment server. */
export function colourSet(colour: string, replicas?: number, more: Record<string, unknown> = {}): TestResource {
  const own = labels(`${NAME}-${colour}`, more);
  const resource = workload(podSpec());
  const { spec } = resource.properties as { spec: { template: object } };
  return {
    ...resource,
    name: `${NAME}-${colour}`,
    properties: {
      metadata: { name: `${NAME}-${colour}`, namespace: "worldstore", labels: own },
      spec: { ...spec, replicas, template: { ...spec.template, metadata: { labels: own } } },
    },
  };
}

/** An address that leads to one colour, or to both when it names none. */
export function colourAddress(colour?: string, name = NAME): TestResource {
  const instance = colour === undefined ? {} : { "app.kubernetes.io/instance": `${NAME}-${colour}` };
  return {
    ...kubernetes("core/v1:Service", {}, name),
    properties: {
      metadata: { name, namespace: "worldstore", labels: labels("any") },
      spec: { selector: { "app.kubernetes.io/name": NAME, ...instance }, ports: [{ port: 3000 }] },
    },
  };
}

/** The payment server on ECS. */
export function colourService(overrides: Record<string, unknown> = {}): TestResource {
  return {
    type: "aws:ecs/service:Service",
    name: NAME,
    properties: {
      name: `worldstore-prod-${NAME}`,
      deploymentConfiguration: { strategy: "BLUE_GREEN" },
      loadBalancers: [
        {
          targetGroupArn: "arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/blue/1",
          advancedConfiguration: {
            alternateTargetGroupArn: "arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/green/1",
          },
        },
      ],
      tags: { system: "worldstore", component: NAME },
      ...overrides,
    },
  };
}

/** The rule of a listener that leads to the two target groups. */
export function colourRule(...weights: unknown[]): TestResource {
  const targetGroups = weights.map((weight, index) => ({ arn: `group-${index}`, weight }));
  return {
    type: "aws:lb/listenerRule:ListenerRule",
    name: "payment",
    properties: {
      actions: [{ type: "forward", forward: { targetGroups } }],
      tags: { system: "worldstore", component: NAME },
    },
  };
}
