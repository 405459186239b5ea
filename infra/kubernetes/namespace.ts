import { LimitRange } from "@pulumi/kubernetes/core/v1/limitRange.js";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { ResourceQuota } from "@pulumi/kubernetes/core/v1/resourceQuota.js";
import * as pulumi from "@pulumi/pulumi";

import { systemLabels } from "./labels.ts";
import { resourceQuota } from "./quota.ts";
import type { Target } from "./target.ts";

/** The restricted Pod Security profile, enforced: a pod that asks for more is refused. */
const podSecurity = Object.fromEntries(
  ["enforce", "audit", "warn"].flatMap((mode) => [
    [`pod-security.kubernetes.io/${mode}`, "restricted"],
    [`pod-security.kubernetes.io/${mode}-version`, "latest"],
  ]),
);

/** What a container gets that does not say what it needs; those of this program all say it. */
const containerDefaults = {
  defaultRequest: { cpu: "50m", memory: "64Mi", "ephemeral-storage": "64Mi" },
  default: { cpu: "100m", memory: "128Mi", "ephemeral-storage": "512Mi" },
};

/** A namespace of its own for a system, with the restricted Pod Security profile and limits (POL-NAMESPACE). */
export class SystemNamespace extends pulumi.ComponentResource {
  constructor(name: string, args: { target: Target }, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:kubernetes:SystemNamespace", name, {}, opts);
    const { namespace, profile } = args.target.settings;
    const labels = systemLabels(args.target);

    const created = new Namespace(
      `${name}-namespace`,
      { metadata: { name: namespace, labels: { ...labels, ...podSecurity } } },
      // With the namespace go all volumes in it.
      { parent: this, protect: profile.protect },
    );
    const inside = { parent: this, dependsOn: [created] };
    new LimitRange(
      `${name}-limits`,
      {
        metadata: { name: "container-defaults", namespace, labels },
        spec: { limits: [{ type: "Container", ...containerDefaults }] },
      },
      inside,
    );
    new ResourceQuota(
      `${name}-quota`,
      { metadata: { name: "system-quota", namespace, labels }, spec: { hard: resourceQuota(args.target) } },
      inside,
    );

    this.registerOutputs({});
  }
}
