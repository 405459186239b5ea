import { StatefulSet } from "@pulumi/kubernetes/apps/v1/statefulSet.js";
import { Service as KubernetesService } from "@pulumi/kubernetes/core/v1/service.js";
import * as pulumi from "@pulumi/pulumi";

import type { Port } from "../spec/service.ts";
import { workloadLabels, workloadSelector } from "./labels.ts";
import { podTemplate, type PodPlan } from "./pod.ts";
import { servicePorts } from "./ports.ts";
import { workloadAccount } from "./rbac.ts";
import type { Target } from "./target.ts";
import { claimTemplate, type Claim } from "./volume.ts";

/** What a workload with an identity needs. */
export interface StatefulWorkloadArgs {
  target: Target;
  /** What it is an instance of: a service or a store. */
  of: string;
  /** @default what it is an instance of */
  workload?: string;
  component: string;
  ports: Record<string, Port>;
  pod: Omit<PodPlan, "labels" | "serviceAccount">;
  /** Folders that outlive the pod. */
  claims: readonly Claim[];
}

/**
 * Exactly one pod with volumes of its own: a StatefulSet stops the old pod before it starts the new one, so that nothing is
 * ever written by two (WS-SEC-24).
 */
export class StatefulWorkload extends pulumi.ComponentResource {
  constructor(name: string, args: StatefulWorkloadArgs, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:kubernetes:StatefulWorkload", name, {}, opts);
    const { target, of, workload = of, component, ports, pod, claims } = args;
    const { namespace, profile } = target.settings;
    const labels = workloadLabels(target, of, component, workload);
    const selector = workloadSelector(of, workload);
    const metadata = { name: workload, namespace, labels };

    const account = workloadAccount(name, { workload, namespace, labels }, { parent: this });
    new KubernetesService(
      `${name}-service`,
      { metadata, spec: { type: "ClusterIP", clusterIP: "None", selector, ports: servicePorts(ports) } },
      { parent: this },
    );
    new StatefulSet(
      `${name}-workload`,
      {
        metadata,
        spec: {
          replicas: 1,
          serviceName: workload,
          selector: { matchLabels: selector },
          // Pods are not waited for in order: there is one, and a broken one must not block the release that mends it.
          podManagementPolicy: "Parallel",
          updateStrategy: { type: "RollingUpdate" },
          persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
          revisionHistoryLimit: 5,
          template: podTemplate({ ...pod, labels, serviceAccount: workload }),
          volumeClaimTemplates: claims.map((claim) => claimTemplate(claim, selector)),
        },
      },
      { parent: this, dependsOn: [account], protect: profile.protect && claims.length > 0 },
    );

    this.registerOutputs({});
  }
}
