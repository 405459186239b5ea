import { isNothing, isNotTrue, isUnset, type PodSecurityCheck } from "./pod.ts";

const PROBES = ["livenessProbe", "readinessProbe", "startupProbe"] as const;
const HOOKS = ["postStart", "preStop"] as const;

/** The settings by which a pod shares a namespace of its host. */
export const HOST_NAMESPACES = ["hostNetwork", "hostPID", "hostIPC"] as const;

/** What the kubelet asks or runs for a container: its probes and hooks. */
export function handlersOf<T extends { get(...keys: readonly string[]): T }>(container: T): T[] {
  return [...PROBES.map((probe) => container.get(probe)), ...HOOKS.map((hook) => container.get("lifecycle", hook))];
}

export const hostNamespaces: PodSecurityCheck = (check, pod) => {
  for (const key of HOST_NAMESPACES) {
    check.expect(pod.spec.get(key), isNotTrue, { expected: "false or nothing" });
  }
};

export const hostPathVolumes: PodSecurityCheck = (check, pod) => {
  for (const volume of check.items(pod.spec.get("volumes"))) {
    check.expect(volume.get("hostPath"), isNothing, {
      found: "a directory of the host",
      expected: "a volume of another type",
    });
  }
};

export const windowsHostProcess: PodSecurityCheck = (check, pod, containers) => {
  for (const field of [pod.spec, ...containers.map((container) => container.field)]) {
    check.expect(field.get("securityContext", "windowsOptions", "hostProcess"), isNotTrue, {
      expected: "false or nothing",
    });
  }
};

export const privileged: PodSecurityCheck = (check, _, containers) => {
  for (const { field } of containers) {
    check.expect(field.get("securityContext", "privileged"), isNotTrue, { expected: "false or nothing" });
  }
};

export const hostPorts: PodSecurityCheck = (check, _, containers) => {
  for (const port of containers.flatMap(({ field }) => check.items(field.get("ports")))) {
    check.expect(port.get("hostPort"), (value) => isNothing(value) || value === 0, {
      expected: "no port of the host",
    });
  }
};

export const hostProbesAndHostLifecycle: PodSecurityCheck = (check, _, containers) => {
  for (const { field } of containers) {
    for (const handler of handlersOf(field)) {
      for (const action of ["httpGet", "tcpSocket"]) {
        check.expect(handler.get(action, "host"), isUnset, { expected: "the pod itself (no host)" });
      }
    }
  }
};
