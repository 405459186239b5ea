import type { Target } from "./target.ts";

/** Labels by name. */
export type Labels = Record<string, string>;

/** Labels that everything of a system bears. */
export function systemLabels({ system, settings }: Target): Labels {
  return {
    "app.kubernetes.io/managed-by": "pulumi",
    "app.kubernetes.io/part-of": system.name,
    environment: settings.environment,
    owner: settings.owner,
  };
}

/** Labels of one workload and of what belongs to it. */
export function workloadLabels(target: Target, name: string, component: string, workload = name): Labels {
  return {
    ...systemLabels(target),
    "app.kubernetes.io/component": component,
    ...workloadSelector(name, workload),
  };
}

/**
 * The labels by which a workload finds its pods. They never change, since Kubernetes would have to replace the workload.
 *
 * @param workload the instance of a single writer. @default the name
 */
export function workloadSelector(name: string, workload = name): Labels {
  return { ...nameSelector(name), "app.kubernetes.io/instance": workload };
}

/** The label by which all pods of a name are found, whatever their instance. */
export function nameSelector(name: string): Labels {
  return { "app.kubernetes.io/name": name };
}
