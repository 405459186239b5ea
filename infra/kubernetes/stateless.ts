import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { Service as KubernetesService } from "@pulumi/kubernetes/core/v1/service.js";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import * as pulumi from "@pulumi/pulumi";

import type { Port, Release } from "../spec/service.ts";
import { workloadLabels, workloadSelector } from "./labels.ts";
import { podsServiceOf } from "./names.ts";
import { podTemplate, type PodPlan } from "./pod.ts";
import { servicePorts } from "./ports.ts";
import { workloadAccount } from "./rbac.ts";
import { deploymentStrategy } from "./release.ts";
import type { Target } from "./target.ts";

/** How long a new copy must have been ready before the next old one is stopped. */
const minReadySeconds = 5;

/** What a workload of equal copies needs. */
export interface StatelessWorkloadArgs {
  target: Target;
  /** The service it runs. */
  of: string;
  component: string;
  replicas: number;
  release: Release;
  ports: Record<string, Port>;
  pod: Omit<PodPlan, "labels" | "serviceAccount" | "spread">;
  /** Each copy is found by DNS, so that Prometheus reads every one of them. */
  discoverable: boolean;
}

/** Equal copies behind one address, replaced and moved without a gap. */
export class StatelessWorkload extends pulumi.ComponentResource {
  constructor(name: string, args: StatelessWorkloadArgs, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:kubernetes:StatelessWorkload", name, {}, opts);
    const { target, of, component, replicas, release, ports, pod, discoverable } = args;
    const { namespace } = target.settings;
    const labels = workloadLabels(target, of, component);
    const selector = workloadSelector(of);
    const metadata = { name: of, namespace, labels };

    const account = workloadAccount(name, { workload: of, namespace, labels }, { parent: this });
    new KubernetesService(
      `${name}-service`,
      { metadata, spec: { type: "ClusterIP", selector, ports: servicePorts(ports) } },
      { parent: this },
    );
    if (discoverable) {
      new KubernetesService(
        `${name}-pods`,
        {
          metadata: { ...metadata, name: podsServiceOf(of) },
          spec: {
            type: "ClusterIP",
            clusterIP: "None",
            publishNotReadyAddresses: true,
            selector,
            ports: servicePorts(ports),
          },
        },
        { parent: this },
      );
    }
    if (replicas > 1) {
      new PodDisruptionBudget(
        `${name}-disruption`,
        {
          metadata,
          spec: { maxUnavailable: 1, selector: { matchLabels: selector }, unhealthyPodEvictionPolicy: "AlwaysAllow" },
        },
        { parent: this },
      );
    }
    new Deployment(
      `${name}-workload`,
      {
        metadata,
        spec: {
          replicas,
          selector: { matchLabels: selector },
          strategy: deploymentStrategy(release),
          minReadySeconds,
          revisionHistoryLimit: 5,
          template: podTemplate({
            ...pod,
            labels,
            serviceAccount: of,
            ...(replicas > 1 ? { spread: selector } : {}),
          }),
        },
      },
      { parent: this, dependsOn: [account] },
    );

    this.registerOutputs({});
  }
}
