import type { Check } from "../frame/check.ts";
import { definePolicy } from "../frame/policy.ts";
import { taskOf, type Task } from "../workloads/ecs.ts";
import { containersOf, podOf, type Container, type Pod } from "../workloads/kubernetes.ts";
import { checkSystemSettings } from "./pod-hardened/system.ts";
import { checkUsers } from "./pod-hardened/users.ts";

/** Volume types of the restricted profile; hostPath has a policy of its own. */
const VOLUME_TYPES = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
];

/** The restricted Pod Security profile and a read-only root, for every container of a pod or task. */
export const podHardened = definePolicy({
  id: "POL-POD-HARDENED",
  title: "Containers run hardened",
  severity: "high",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: {
    pss: [
      "allowPrivilegeEscalation",
      "appArmorProfile",
      "capabilities_baseline",
      "capabilities_restricted",
      "procMount_baseline",
      "procMount_restricted",
      "restrictedVolumes",
      "runAsNonRoot",
      "runAsUser",
      "seLinuxOptions",
      "seccompProfile_baseline",
      "seccompProfile_restricted",
      "sysctls",
    ],
    nsa: ["C-0013", "C-0016", "C-0017", "C-0046", "C-0055"],
    cis: ["5.2.6", "5.2.7", "5.2.8", "5.2.9", "5.6.2", "5.6.3"],
    fsbp: ["ECS.5", "ECS.20", "ECS.21"],
  },
  requirements: ["WS-SEC-47", "EB-SEC-34"],
  remediation:
    "Run as a numbered user other than 0 with runAsNonRoot, no privilege escalation, all capabilities dropped, a read-only root and the default seccomp profile.",
  check(check, resource) {
    const pod = podOf(resource);
    if (pod) {
      const containers = containersOf(check, pod);
      checkUsers(check, pod, containers);
      checkSystemSettings(check, pod, containers);
      containers.forEach((container) => checkContainer(check, pod, container));
      checkVolumes(check, pod);
    }
    const task = taskOf(resource);
    if (task) {
      checkTask(check, task);
    }
  },
});

function checkContainer(check: Check, { windows }: Pod, { field }: Container): void {
  const context = field.get("securityContext");
  if (!windows) {
    check.expect(context.get("readOnlyRootFilesystem"), (value) => value === true, {
      expected: "true",
      fix: "Set readOnlyRootFilesystem: true and mount an emptyDir where the program writes.",
    });
    check.expect(context.get("allowPrivilegeEscalation"), (value) => value === false, {
      expected: "false",
      fix: "Set allowPrivilegeEscalation: false.",
    });
    check.expect(context.get("capabilities", "drop"), (value) => Array.isArray(value) && value.includes("ALL"), {
      expected: '["ALL"]',
      fix: 'Set capabilities.drop: ["ALL"].',
    });
    for (const capability of check.items(context.get("capabilities", "add"))) {
      check.expect(capability, (value) => value === "NET_BIND_SERVICE", { expected: "nothing but NET_BIND_SERVICE" });
    }
  }
}

function checkVolumes(check: Check, pod: Pod): void {
  for (const volume of check.items(pod.spec.get("volumes"))) {
    for (const [type, field] of check.entries(volume)) {
      if (type !== "name" && type !== "hostPath" && !field.absent && !VOLUME_TYPES.includes(type)) {
        check.object(field, { found: `a ${type} volume`, expected: `one of ${VOLUME_TYPES.join(", ")}` });
      }
    }
  }
}

function checkTask(check: Check, { windows, containers }: Task): void {
  for (const container of containers(check)) {
    if (windows) {
      check.expect(container.get("user"), (user) => typeof user === "string" && !/administrator$/i.test(user), {
        expected: "a user other than ContainerAdministrator",
      });
      continue;
    }
    check.expect(container.get("user"), isOrdinaryUser, {
      expected: "a user other than root, as a number or a name",
      fix: 'Set user: "10001:10001".',
    });
    check.expect(container.get("readonlyRootFilesystem"), (value) => value === true, {
      expected: "true",
      fix: "Set readonlyRootFilesystem: true and mount a volume where the program writes.",
    });
    for (const capability of check.items(container.get("linuxParameters", "capabilities", "add"))) {
      check.object(capability, { expected: "no added capability" });
    }
  }
}

/** ECS takes `user`, `user:group`, each a name or a number; only the user decides about root. */
function isOrdinaryUser(value: unknown): boolean {
  const user = typeof value === "string" ? value.split(":")[0]?.trim() : undefined;
  return user !== undefined && user !== "" && user !== "root" && !/^0+$/.test(user);
}
