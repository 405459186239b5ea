import type { Check } from "../../frame/check.ts";
import type { Field } from "../../frame/field.ts";
import type { Container, Pod } from "../../workloads/kubernetes.ts";

/** A setting that the pod makes for all containers and each container may make for itself. */
function effective(pod: Pod, { field }: Container, ...keys: readonly string[]): Field {
  const own = field.get("securityContext", ...keys);
  const shared = pod.spec.get("securityContext", ...keys);
  return own.absent && !shared.absent ? shared : own;
}

/** User and seccomp profile of every container: its own setting, else the pod's, else the platform's lax default. */
export function checkUsers(check: Check, pod: Pod, containers: readonly Container[]): void {
  for (const container of containers) {
    check.expect(effective(pod, container, "runAsNonRoot"), (value) => value === true, {
      expected: "true",
      fix: "Set runAsNonRoot: true in the pod's security context.",
    });
    if (pod.windows) {
      continue;
    }
    check.expect(effective(pod, container, "runAsUser"), (value) => value !== 0, {
      expected: "a user other than 0",
      fix: "Set runAsUser to a number other than 0.",
    });
    check.expect(effective(pod, container, "seccompProfile", "type"), isConfined, {
      expected: '"RuntimeDefault" or "Localhost"',
      fix: "Set seccompProfile.type: RuntimeDefault in the pod's security context.",
    });
  }
  if (!pod.windows) {
    const shared = pod.spec.get("securityContext");
    check.expect(shared.get("seccompProfile", "type"), (value) => value === undefined || isConfined(value), {
      expected: '"RuntimeDefault" or "Localhost"',
      fix: "Set seccompProfile.type: RuntimeDefault in the pod's security context.",
    });
    check.expect(shared.get("runAsUser"), (value) => value !== 0, {
      expected: "a user other than 0",
      fix: "Set runAsUser to a number other than 0.",
    });
    check.expect(shared.get("runAsNonRoot"), (value) => value !== false, {
      expected: "true",
      fix: "Set runAsNonRoot: true in the pod's security context.",
    });
  }
}

function isConfined(value: unknown): boolean {
  return value === "RuntimeDefault" || value === "Localhost";
}
