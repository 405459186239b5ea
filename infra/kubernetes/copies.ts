import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { HorizontalPodAutoscaler } from "@pulumi/kubernetes/autoscaling/v2/horizontalPodAutoscaler.js";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import type * as pulumi from "@pulumi/pulumi";

import type { Service } from "../spec/service.ts";
import { workloadLabels, workloadSelector } from "./labels.ts";
import { podTemplate, type PodPlan } from "./pod.ts";
import { copiesOf } from "../copies.ts";
import { deploymentStrategy } from "./release.ts";
import { autoscalerSpec } from "./scaling.ts";
import type { Target } from "./target.ts";

/** How long a new copy must have been ready before the next old one is stopped. */
const minReadySeconds = 5;

/** What equal copies need. */
export interface CopiesArgs {
  target: Target;
  /** The service they run; it has an account of its name. */
  of: string;
  specification: Pick<Service, "component" | "scaling" | "release">;
  /** Name of the Deployment. @default the service's */
  workload?: string;
  pod: Omit<PodPlan, "labels" | "serviceAccount" | "spread">;
  /** No copy runs. @default false */
  empty?: boolean;
}

/** Equal copies, as few at a time moved elsewhere as possible, and scaled if the specification says so. */
export function makeCopies(name: string, args: CopiesArgs, opts: pulumi.CustomResourceOptions): Deployment {
  const { target, of, specification, workload = of, pod, empty = false } = args;
  const { component, scaling, release } = specification;
  const copies = copiesOf(specification, target.settings);
  const labels = workloadLabels(target, of, component, workload);
  const selector = workloadSelector(of, workload);
  const metadata = { name: workload, namespace: target.settings.namespace, labels };
  const scaled = "minimum" in scaling && copies.maximum > copies.minimum && !empty;
  const several = copies.minimum > 1;

  if (several && !empty) {
    new PodDisruptionBudget(
      `${name}-disruption`,
      {
        metadata,
        spec: { maxUnavailable: 1, selector: { matchLabels: selector }, unhealthyPodEvictionPolicy: "AlwaysAllow" },
      },
      opts,
    );
  }
  if (scaled) {
    const spec = autoscalerSpec(workload, copies, scaling);
    new HorizontalPodAutoscaler(`${name}-scaling`, { metadata, spec }, opts);
  }
  return new Deployment(
    `${name}-workload`,
    {
      metadata,
      spec: {
        // A number here would be a second opinion beside the autoscaler's.
        ...(scaled ? {} : { replicas: empty ? 0 : copies.minimum }),
        selector: { matchLabels: selector },
        strategy: deploymentStrategy(release),
        minReadySeconds,
        revisionHistoryLimit: 5,
        template: podTemplate({ ...pod, labels, serviceAccount: of, ...(several ? { spread: selector } : {}) }),
      },
    },
    opts,
  );
}
