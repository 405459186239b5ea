import type { core } from "@pulumi/kubernetes/types/input.js";

import type { Port } from "../spec/service.ts";

/** Ports of a Service. They lead to the container's ports by name, so that a number is written once. */
export function servicePorts(ports: Record<string, Port>): core.v1.ServicePort[] {
  return Object.entries(ports).map(([name, { port, protocol = "http" }]) => ({
    name,
    port,
    targetPort: name,
    protocol: "TCP",
    appProtocol: protocol,
  }));
}

/** Ports of a container: numbers by name. */
export function containerPorts(ports: Record<string, Port>): Record<string, number> {
  return Object.fromEntries(Object.entries(ports).map(([name, { port }]) => [name, port]));
}
