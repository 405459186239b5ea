import { Ingress } from "@pulumi/kubernetes/networking/v1/ingress.js";
import type { networking } from "@pulumi/kubernetes/types/input.js";
import * as pulumi from "@pulumi/pulumi";

import type { PublicEndpoint } from "../spec/service.ts";
import { declared } from "../spec/names.ts";
import { workloadLabels } from "./labels.ts";
import type { Target } from "./target.ts";

/** Public endpoints of a system: only their open paths lead to a service, over TLS with cert-manager's certificates (WS-NET-07). */
export class Edge extends pulumi.ComponentResource {
  constructor(name: string, args: { target: Target }, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:kubernetes:Edge", name, {}, opts);
    const { target } = args;
    const { system, settings } = target;
    for (const [endpoint, specification] of Object.entries(system.publicEndpoints)) {
      const { component } = declared(system.services, specification.service);
      new Ingress(
        `${name}-${endpoint}`,
        {
          metadata: {
            name: endpoint,
            namespace: settings.namespace,
            labels: workloadLabels(target, specification.service, component),
            annotations: { "cert-manager.io/cluster-issuer": ingressOf(target).certificateIssuer },
          },
          spec: ingressSpec(target, endpoint, specification),
        },
        { parent: this },
      );
    }

    this.registerOutputs({});
  }
}

/** How the cluster's ingress controller is used. */
export function ingressOf({ settings }: Pick<Target, "settings">): NonNullable<Target["settings"]["ingress"]> {
  if (settings.ingress === undefined) throw new Error("the settings of the ingress controller are missing");
  return settings.ingress;
}

function ingressSpec(
  target: Target,
  endpoint: string,
  { service, port, paths }: PublicEndpoint,
): networking.v1.IngressSpec {
  const host = declared(target.settings.hosts, endpoint);
  const backend = { service: { name: service, port: { name: port } } };
  return {
    ingressClassName: ingressOf(target).className,
    tls: [{ hosts: [host], secretName: `${endpoint}-endpoint-tls` }],
    rules: [{ host, http: { paths: paths.map((path) => ({ path, pathType: "Prefix", backend })) } }],
  };
}
