import { contextsOf, effective, hasOwnUsers, isWindows, type PodSecurityCheck } from "./pod.ts";

const SECCOMP = {
  expected: '"RuntimeDefault" or "Localhost"',
  fix: "Set seccompProfile.type: RuntimeDefault in the pod's security context.",
};

const NON_ROOT = { expected: "true", fix: "Set runAsNonRoot: true in the pod's security context." };

/** Each container by its own setting, else the pod's; the pod may not say otherwise even where every container does. */
export const runAsNonRoot: PodSecurityCheck = (check, pod, containers) => {
  if (!hasOwnUsers(check, pod)) {
    for (const container of containers) {
      check.expect(effective(pod, container, "runAsNonRoot"), (value) => value === true, NON_ROOT);
    }
    check.expect(pod.spec.get("securityContext", "runAsNonRoot"), (value) => value !== false, NON_ROOT);
  }
};

export const runAsUser: PodSecurityCheck = (check, pod, containers) => {
  if (!hasOwnUsers(check, pod)) {
    for (const context of contextsOf(pod, containers)) {
      check.expect(context.get("runAsUser"), (value) => value !== 0, {
        expected: "a user other than 0",
        fix: "Set runAsUser to a number other than 0.",
      });
    }
  }
};

export const seccompBaseline: PodSecurityCheck = (check, pod, containers) => {
  for (const profile of contextsOf(pod, containers).map((context) => context.get("seccompProfile"))) {
    if (!profile.absent) {
      check.expect(profile.get("type"), isConfined, SECCOMP);
    }
  }
};

export const seccompRestricted: PodSecurityCheck = (check, pod, containers) => {
  if (!isWindows(check, pod)) {
    for (const container of containers) {
      check.expect(effective(pod, container, "seccompProfile").get("type"), isConfined, SECCOMP);
    }
    seccompBaseline(check, pod, containers);
  }
};

function isConfined(value: unknown): boolean {
  return value === "RuntimeDefault" || value === "Localhost";
}
