import { HttpNamespace } from "@pulumi/aws/servicediscovery/httpNamespace.js";
import * as pulumi from "@pulumi/pulumi";
import type { ecs } from "@pulumi/aws/types/input.js";

import { declared } from "../spec/names.ts";
import { type Instance, instancesOf } from "../spec/instances.ts";
import { physicalName } from "./names.ts";
import { componentTags } from "./tags.ts";
import type { Target } from "./target.ts";

/** The name of the namespace in which services find each other. */
export function namespaceName(target: Target): string {
  return physicalName(target, "namespace");
}

/** Whether a service calls another or is called by one, so that its tasks have Service Connect's proxy. */
export function isConnected(target: Target, workload: string): boolean {
  return calls(target, workload) || calledPorts(target, workload).length > 0;
}

/**
 * How an instance finds others and is found (WS-FLW-02): as a server under its service's name if another service has a
 * flow to it, as a client if it has a flow to another service itself.
 *
 * @returns undefined if neither is so
 */
export function serviceConnect(
  target: Target,
  service: string,
  instance: Instance,
): ecs.ServiceServiceConnectConfiguration | undefined {
  if (!isConnected(target, service)) return undefined;
  const { ports } = declared(target.system.services, service);
  return {
    enabled: true,
    namespace: namespaceName(target),
    services: calledPorts(target, service).map((port) => ({
      portName: port,
      discoveryName: `${instance.workload}_${port}`,
      clientAlias: [{ dnsName: instance.workload, port: declared(ports, port).port }],
    })),
  };
}

/** Services with several instances that another service calls: there is no address for all of them. */
export function sharedAddresses({ system }: Pick<Target, "system">): string[] {
  return Object.entries(system.services)
    .filter(([name, service]) => instancesOf(name, service).length > 1 && calledPorts({ system }, name).length > 0)
    .map(([name]) => name);
}

/** The names of the ports to which another service has a flow, sorted. */
function calledPorts({ system }: Pick<Target, "system">, service: string): string[] {
  const called = system.flows.flatMap(({ from, to }) =>
    "service" in from && "service" in to && to.service === service ? [to.port] : [],
  );
  return [...new Set(called)].sort();
}

function calls({ system }: Pick<Target, "system">, service: string): boolean {
  return system.flows.some(({ from, to }) => "service" in from && from.service === service && "service" in to);
}

/** The namespace of Service Connect, in which services find each other. */
export class Discovery extends pulumi.ComponentResource {
  constructor(name: string, { target }: { target: Target }, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:Discovery", name, {}, opts);
    new HttpNamespace(
      `${name}-namespace`,
      {
        name: namespaceName(target),
        description: `Services of ${target.system.name}`,
        tags: componentTags("discovery"),
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
