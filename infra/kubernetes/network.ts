import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import * as pulumi from "@pulumi/pulumi";

import { systemLabels } from "./labels.ts";
import { denyAll, dnsEgress, workloadRules } from "./network-rules.ts";
import type { Target } from "./target.ts";

/** Nothing may talk to anything, except by the flows of the specification (POL-NETPOL-DEFAULT-DENY). */
export class Network extends pulumi.ComponentResource {
  constructor(name: string, args: { target: Target }, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:kubernetes:Network", name, {}, opts);
    const { namespace } = args.target.settings;
    const labels = systemLabels(args.target);
    const policy = (suffix: string, spec: ReturnType<typeof denyAll>, annotations: Record<string, string> = {}) =>
      new NetworkPolicy(
        `${name}-${suffix}`,
        { metadata: { name: suffix, namespace, labels, annotations }, spec },
        { parent: this },
      );

    policy("default-deny", denyAll());
    policy("allow-dns", dnsEgress());
    for (const { workload, spec, hosts } of workloadRules(args.target)) {
      policy(`allow-${workload}`, spec, hosts.length === 0 ? {} : { "agent-commerce/hosts": hosts.join(",") });
    }

    this.registerOutputs({});
  }
}
