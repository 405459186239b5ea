import type { Check } from "../frame/check.ts";
import { definePolicy } from "../frame/policy.ts";
import { taskOf, type Task } from "../workloads/ecs.ts";
import { containersOf, podOf, type Pod } from "../workloads/kubernetes.ts";

const PROBES = ["livenessProbe", "readinessProbe", "startupProbe"] as const;
const HOOKS = ["postStart", "preStop"] as const;

/** What reaches into the machine below the container. */
export const noHost = definePolicy({
  id: "POL-NO-HOST",
  title: "No host namespaces, hostPath or privileged pods",
  severity: "critical",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: {
    pss: [
      "hostNamespaces",
      "hostPathVolumes",
      "hostPorts",
      "hostProbesAndHostLifecycle",
      "privileged",
      "windowsHostProcess",
    ],
    nsa: ["C-0038", "C-0041", "C-0044", "C-0057"],
    cis: ["5.2.2", "5.2.3", "5.2.4", "5.2.5", "5.2.10", "5.2.11", "5.2.12"],
    fsbp: ["ECS.3", "ECS.4"],
  },
  requirements: ["EB-SEC-34"],
  remediation: "Remove the setting: a service of these systems needs nothing of the machine it runs on.",
  check(check, resource) {
    const pod = podOf(resource);
    if (pod) {
      checkPod(check, pod);
    }
    const task = taskOf(resource);
    if (task) {
      checkTask(check, task);
    }
  },
});

function checkPod(check: Check, pod: Pod): void {
  for (const key of ["hostNetwork", "hostPID", "hostIPC"]) {
    check.expect(pod.spec.get(key), isNotTrue, { expected: "false or nothing" });
  }
  for (const volume of check.items(pod.spec.get("volumes"))) {
    const hostPath = volume.get("hostPath");
    check.expect(hostPath, isNothing, { found: "a directory of the host", expected: "a volume of another type" });
  }
  const podOptions = pod.spec.get("securityContext", "windowsOptions", "hostProcess");
  check.expect(podOptions, isNotTrue, { expected: "false or nothing" });
  for (const { field } of containersOf(check, pod)) {
    const context = field.get("securityContext");
    check.expect(context.get("privileged"), isNotTrue, { expected: "false or nothing" });
    check.expect(context.get("windowsOptions", "hostProcess"), isNotTrue, { expected: "false or nothing" });
    for (const port of check.items(field.get("ports"))) {
      check.expect(port.get("hostPort"), (value) => isNothing(value) || value === 0, {
        expected: "no port of the host",
      });
    }
    const actions = [...PROBES.map((probe) => field.get(probe)), ...HOOKS.map((hook) => field.get("lifecycle", hook))];
    for (const action of actions.flatMap((handler) => [
      handler.get("httpGet", "host"),
      handler.get("tcpSocket", "host"),
    ])) {
      check.expect(action, (value) => isNothing(value) || value === "", { expected: "the pod itself (no host)" });
    }
  }
}

function checkTask(check: Check, { properties, containers }: Task): void {
  check.expect(properties.get("networkMode"), (mode) => mode !== "host", { expected: "awsvpc" });
  for (const key of ["pidMode", "ipcMode"]) {
    check.expect(properties.get(key), (mode) => mode !== "host", { expected: '"task" or nothing' });
  }
  for (const volume of check.items(properties.get("volumes"))) {
    check.expect(volume.get("hostPath"), isNothing, {
      found: "a directory of the host",
      expected: "an EFS or task volume",
    });
  }
  for (const container of containers(check)) {
    check.expect(container.get("privileged"), isNotTrue, { expected: "false or nothing" });
  }
}

function isNotTrue(value: unknown): boolean {
  return value !== true && value !== "true";
}

function isNothing(value: unknown): boolean {
  return value === undefined;
}
