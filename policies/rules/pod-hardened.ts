import type { Check } from "../frame/check.ts";
import { definePolicy } from "../frame/policy.ts";
import { taskOf, type Task } from "../workloads/ecs.ts";
import { containersOf, podOf, type Container } from "../workloads/kubernetes.ts";
import { BASELINE_CHECKS, RESTRICTED_CHECKS } from "../workloads/pod-security/checks.ts";
import { isWindows, type PodSecurityCheck } from "../workloads/pod-security/pod.ts";
import { hardenWorkload } from "./pod-hardened/harden.ts";

interface Parameters {
  profile: "baseline" | "restricted";
  readOnlyRoot: boolean;
}

const { appArmorProfile, seLinuxOptions, sysctls } = BASELINE_CHECKS;

/** What each profile asks besides what POL-NO-HOST does; a restricted check replaces the weaker one of its setting. */
const PROFILES: Readonly<Record<Parameters["profile"], readonly PodSecurityCheck[]>> = {
  baseline: Object.values(BASELINE_CHECKS),
  restricted: [...Object.values(RESTRICTED_CHECKS), appArmorProfile, seLinuxOptions, sysctls],
};

/** A Pod Security profile and a read-only root, for every container of a pod or task. */
export const podHardened = definePolicy<Parameters>({
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
  parameters: {
    profile: {
      type: "string",
      enum: ["baseline", "restricted"],
      description: "Profile of the Pod Security Standards.",
      default: "restricted",
    },
    readOnlyRoot: { type: "boolean", description: "Demand read-only root file systems.", default: true },
  },
  check(check, resource, { profile, readOnlyRoot }) {
    const pod = podOf(resource);
    if (pod) {
      const containers = containersOf(check, pod);
      PROFILES[profile].forEach((standard) => standard(check, pod, containers));
      if (readOnlyRoot && !isWindows(check, pod)) {
        checkRoots(check, containers);
      }
    }
    const task = taskOf(resource);
    if (task) {
      checkTask(check, task, readOnlyRoot);
    }
  },
  remediate: hardenWorkload,
});

function checkRoots(check: Check, containers: readonly Container[]): void {
  for (const { field } of containers) {
    check.expect(field.get("securityContext", "readOnlyRootFilesystem"), (value) => value === true, {
      expected: "true",
      fix: "Set readOnlyRootFilesystem: true and mount an emptyDir where the program writes.",
    });
  }
}

function checkTask(check: Check, { windows, containers }: Task, readOnlyRoot: boolean): void {
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
    check.expect(container.get("readonlyRootFilesystem"), (value) => value === true || !readOnlyRoot, {
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
