import type { Check } from "../frame/check.ts";
import type { DraftField } from "../frame/draft.ts";
import { definePolicy } from "../frame/policy.ts";
import { containerDrafts, podDraft, taskContainerDrafts } from "../workloads/drafts.ts";
import { TASK_DEFINITION, taskOf, type Task } from "../workloads/ecs.ts";
import { containersOf, podOf, type Container } from "../workloads/kubernetes.ts";
import { HOST_CHECKS } from "../workloads/pod-security/checks.ts";
import { handlersOf, HOST_NAMESPACES } from "../workloads/pod-security/host.ts";
import { isNothing, isNotTrue, isUnset } from "../workloads/pod-security/pod.ts";

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
    nsa: ["C-0038", "C-0041", "C-0044", "C-0057", "C-0058"],
    cis: ["5.2.2", "5.2.3", "5.2.4", "5.2.5", "5.2.10", "5.2.11", "5.2.12"],
    fsbp: ["ECS.3", "ECS.4"],
  },
  requirements: ["EB-SEC-34"],
  remediation: "Remove the setting: a service of these systems needs nothing of the machine it runs on.",
  check(check, resource) {
    const pod = podOf(resource);
    if (pod) {
      const containers = containersOf(check, pod);
      Object.values(HOST_CHECKS).forEach((standard) => standard(check, pod, containers));
      checkSubPaths(check, containers);
    }
    const task = taskOf(resource);
    if (task) {
      checkTask(check, task);
    }
  },
  remediate(draft) {
    const pod = podDraft(draft);
    if (pod && !pod.unknown) {
      HOST_NAMESPACES.forEach((key) => pod.get(key).remove());
      pod.get("securityContext", "windowsOptions", "hostProcess").remove();
      containerDrafts(pod).forEach(keepFromHost);
    }
    if (draft.type === TASK_DEFINITION) {
      for (const mode of [draft.get("pidMode"), draft.get("ipcMode")].filter(({ value }) => value === "host")) {
        mode.remove();
      }
      taskContainerDrafts(draft).forEach((container) => {
        container.get("privileged").remove();
      });
    }
  },
});

/** A directory of the host stays: what shall stand in its place only its author knows. */
function keepFromHost(container: DraftField): void {
  container.get("securityContext", "privileged").remove();
  container.get("securityContext", "windowsOptions", "hostProcess").remove();
  container
    .get("ports")
    .items()
    .forEach((port) => port.get("hostPort").remove());
  for (const handler of handlersOf(container)) {
    handler.get("httpGet", "host").remove();
    handler.get("tcpSocket", "host").remove();
  }
}

/** Links within a volume have led from a part of it to the host before (CVE-2021-25741). */
function checkSubPaths(check: Check, containers: readonly Container[]): void {
  for (const mount of containers.flatMap(({ field }) => check.items(field.get("volumeMounts")))) {
    for (const key of ["subPath", "subPathExpr"]) {
      check.expect(mount.get(key), isUnset, {
        expected: "nothing",
        fix: "Mount the whole volume, or a volume of its own.",
      });
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
