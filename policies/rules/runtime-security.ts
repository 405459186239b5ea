import { textOf } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { containersOf, podOf } from "../workloads/kubernetes.ts";
import { imageName } from "../workloads/logs.ts";
import { bySystemIn, ECS_SERVICE, lastingWorkloads } from "../workloads/stack-systems.ts";

interface Parameters {
  systems: string[];
}

const DETECTOR = "aws:guardduty/detector:Detector";
const FEATURE = "aws:guardduty/detectorFeature:DetectorFeature";
const RUNTIME = ["RUNTIME_MONITORING", "EKS_RUNTIME_MONITORING"];
const WATCHER = /^(?:falco|falco-no-driver|tetragon|tracee)$/;

/** Something watches what runs in the containers, not only what is deployed. */
export const runtimeSecurity = definePolicy<Parameters>({
  id: "POL-RUNTIME-SECURITY",
  title: "Runtime threat detection present",
  severity: "medium",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: { pci: ["11.5.1"], soc2: ["CC6.8"] },
  requirements: ["EB-SEC-35"],
  remediation: "Run Falco on every node, or turn on GuardDuty with its runtime monitoring.",
  parameters: {
    systems: {
      type: "array",
      items: { type: "string" },
      description: "Systems whose stacks must bring a detector; one that is there must be on in every stack.",
      default: ["ecommerce-bot"],
    },
  },
  check(check, { type, properties }) {
    if (type === DETECTOR) {
      check.expect(properties.get("enable"), (value) => value !== false, {
        expected: "true",
        fix: "Set enable: true.",
      });
    }
    if (type === FEATURE && RUNTIME.includes(textOf(properties.get("name").value))) {
      check.expect(properties.get("status"), (value) => value === "ENABLED", {
        expected: '"ENABLED"',
        fix: 'Set status: "ENABLED".',
      });
    }
  },
  checkStack(stack, { systems }) {
    for (const [system, workloads] of bySystemIn(stack, lastingWorkloads(stack))) {
      const task = workloads.find(({ type }) => type === ECS_SERVICE);
      const pod = workloads.find(({ type }) => type !== ECS_SERVICE);
      if (systems.includes(system)) {
        demand(stack, task, monitored(stack, ["ECS_FARGATE_AGENT_MANAGEMENT", "EC2_AGENT_MANAGEMENT"]), "Fargate");
        demand(stack, pod, watched(stack) ?? monitored(stack, ["EKS_ADDON_MANAGEMENT"]), "the cluster");
      }
    }
  },
  remediate(draft) {
    if (draft.type === DETECTOR && draft.get("enable").value === false) {
      draft.get("enable").set(true);
    }
    const isRuntime = draft.type === FEATURE && RUNTIME.includes(textOf(draft.get("name").value));
    if (isRuntime && !draft.get("status").unknown) {
      draft.get("status").set("ENABLED");
    }
  },
});

/** Objects where a detector is missing; undefined while it is not known whether there is one. */
function demand(stack: Stack, workload: StackResource | undefined, present: boolean | undefined, where: string): void {
  if (workload !== undefined && present === false) {
    stack.check(workload).object(workload.properties, {
      found: `nothing that watches ${where} at run time`,
      expected: "Falco as a DaemonSet, or GuardDuty with runtime monitoring",
    });
  }
}

/** Whether GuardDuty looks into running containers by one of the given agents. */
function monitored(stack: Stack, agents: readonly string[]): boolean | undefined {
  const features = stack.resources.filter(({ type }) => type === FEATURE);
  const verdicts = features.map((feature) => {
    const { properties } = feature;
    const [name, additional] = [properties.get("name"), properties.get("additionalConfigurations")];
    if (!stack.check(feature).known(name) || !stack.check(feature).known(additional)) {
      return undefined;
    }
    const managed = additional
      .items()
      .some((agent) => agents.includes(textOf(agent.get("name").value)) && agent.get("status").value === "ENABLED");
    return RUNTIME.includes(textOf(name.value)) && managed;
  });
  return verdicts.includes(true) ? true : verdicts.includes(undefined) ? undefined : false;
}

/** Whether a DaemonSet of the stack watches its nodes; undefined when none does. */
function watched(stack: Stack): true | undefined {
  const found = stack.resources.some((resource) => {
    const pod = podOf(resource);
    return (
      pod?.kind === "DaemonSet" &&
      containersOf(stack.check(resource), pod, ["containers"]).some(({ field }) =>
        WATCHER.test(imageName(field.get("image"))),
      )
    );
  });
  return found || undefined;
}
