import { Service as EcsService } from "@pulumi/aws/ecs/service.js";
import * as pulumi from "@pulumi/pulumi";
import type { ecs } from "@pulumi/aws/types/input.js";

import type { Instance } from "../spec/instances.ts";
import { declared } from "../spec/names.ts";
import { probeTimings } from "../spec/service.ts";
import { toSeconds } from "../spec/units.ts";
import { clusterArn } from "./cluster.ts";
import { serviceConnect } from "./discovery.ts";
import type { Edge, EdgeTarget } from "./edge.ts";
import type { Network } from "./network.ts";
import { type DeploymentPlan, releaseAlarms } from "./release.ts";
import { roleArn } from "./roles.ts";
import type { SecurityGroups } from "./security-groups.ts";
import { serviceName } from "./service-names.ts";
import { componentTags } from "./tags.ts";
import type { Target } from "./target.ts";

/** Longer than a release takes with its bake time, and than a stop that waits for its grace. */
const timeouts = { create: "30m", update: "60m", delete: "30m" };

/** Where the tasks of a service run, and where requests come from. */
export interface Surroundings {
  network: Pick<Network, "privateSubnetIds">;
  groups: Pick<SecurityGroups, "of">;
  edge: Pick<Edge, "targets">;
}

/** What differs between the ECS services of a system. */
export interface EcsServicePlan extends Surroundings {
  target: Target;
  /** The service's name in the specification. */
  service: string;
  instance: Instance;
  taskDefinition: pulumi.Output<string>;
  copies: number;
  deployment: DeploymentPlan;
  /** May run on capacity that can be taken away. @default false */
  interruptible?: boolean;
}

/**
 * The options of what a component of services makes. It names its cluster, namespace and roles by text, so what the
 * component waits for must be named again: it is deleted before them.
 */
export function childOptions(
  parent: pulumi.ComponentResource,
  { dependsOn = [] }: pulumi.ComponentResourceOptions,
): pulumi.CustomResourceOptions {
  return { parent, dependsOn };
}

/** An ECS service on Fargate in private subnets. A release that fails is undone, and the update fails with it. */
export function ecsService(name: string, plan: EcsServicePlan, opts: pulumi.CustomResourceOptions): EcsService {
  const { target, service, instance, network, groups, edge, copies, deployment } = plan;
  const loadBalancers = edge.targets(service).map((edgeTarget) => loadBalancer(target, service, edgeTarget));
  const connect = serviceConnect(target, service, instance);
  const alarmNames = releaseAlarms(target, service);
  return new EcsService(
    `${name}-service`,
    {
      name: serviceName(target, instance),
      cluster: clusterArn(target, service),
      taskDefinition: plan.taskDefinition,
      desiredCount: copies,
      ...(plan.interruptible
        ? // ECS takes over other capacity only with a new deployment.
          { capacityProviderStrategies: spot(copies), forceNewDeployment: true }
        : { launchType: "FARGATE" }),
      platformVersion: "LATEST",
      schedulingStrategy: "REPLICA",
      deploymentController: { type: "ECS" },
      deploymentCircuitBreaker: { enable: true, rollback: true },
      ...deployment,
      ...(alarmNames.length > 0 ? { alarms: { alarmNames, enable: true, rollback: true } } : {}),
      networkConfiguration: {
        subnets: network.privateSubnetIds,
        securityGroups: [groups.of({ kind: "service", name: service })],
        assignPublicIp: false,
      },
      ...(loadBalancers.length > 0
        ? { loadBalancers, healthCheckGracePeriodSeconds: startupSeconds(target, service) }
        : {}),
      ...(connect ? { serviceConnectConfiguration: connect } : {}),
      enableExecuteCommand: false,
      enableEcsManagedTags: true,
      propagateTags: "SERVICE",
      waitForSteadyState: true,
      tags: componentTags(service),
    },
    // Its name stays the same, and two single writers must not meet even when the cluster changes.
    pulumi.mergeOptions({ customTimeouts: timeouts, deleteBeforeReplace: true }, opts),
  );
}

/** Capacity that AWS may take away, but for one copy if there are several (WS-CST-07). */
function spot(copies: number): ecs.ServiceCapacityProviderStrategy[] {
  const taken = { capacityProvider: "FARGATE_SPOT", weight: 1 };
  return copies > 1 ? [{ capacityProvider: "FARGATE", base: 1, weight: 0 }, taken] : [taken];
}

function loadBalancer(target: Target, service: string, edgeTarget: EdgeTarget): ecs.ServiceLoadBalancer {
  const { container, port, targetGroupArn, blueGreen } = edgeTarget;
  return {
    containerName: container,
    containerPort: port,
    targetGroupArn,
    ...(blueGreen
      ? {
          advancedConfiguration: {
            alternateTargetGroupArn: blueGreen.alternateTargetGroupArn,
            productionListenerRule: blueGreen.productionRuleArn,
            testListenerRule: blueGreen.testRuleArn,
            roleArn: roleArn(target, service, "deployment"),
          },
        }
      : {}),
  };
}

/** The time that a service may take to start, in which the load balancer's verdict does not count. */
function startupSeconds({ system }: Target, service: string): number {
  const { probes } = declared(system.services, service);
  const { period, failures } = probes.startup.timing ?? probeTimings.startup;
  return Math.ceil(toSeconds(period) * failures);
}
