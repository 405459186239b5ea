import type { Check } from "../../frame/check.ts";
import type { Field } from "../../frame/field.ts";
import type { Container, Pod } from "../kubernetes.ts";

/** One check of the Pod Security Standards: objects to whatever of the pod it forbids. */
export type PodSecurityCheck = (check: Check, pod: Pod, containers: readonly Container[]) => void;

/** The pod's security context and those of its containers. */
export function contextsOf(pod: Pod, containers: readonly Container[]): Field[] {
  return [pod.spec, ...containers.map(({ field }) => field)].map((field) => field.get("securityContext"));
}

/** A setting that the pod makes for all containers and each container may make for itself. */
export function effective(pod: Pod, { field }: Container, key: string): Field {
  const own = field.get("securityContext", key);
  const shared = pod.spec.get("securityContext", key);
  return own.absent && !shared.absent ? shared : own;
}

/** Windows has none of the settings of Linux; while the system is not known yet, nothing is demanded of it. */
export function isWindows(check: Check, pod: Pod): boolean {
  const system = pod.spec.get("os", "name");
  return !check.known(system) || system.value === "windows";
}

/** A pod whose users are not the machine's: user 0 within it is an ordinary user outside. */
export function hasOwnUsers(check: Check, pod: Pod): boolean {
  const hostUsers = pod.spec.get("hostUsers");
  return !check.known(hostUsers) || hostUsers.value === false;
}

export function isNothing(value: unknown): boolean {
  return value === undefined;
}

/** Nothing, or an empty text, which Kubernetes reads as nothing. */
export function isUnset(value: unknown): boolean {
  return value === undefined || value === "";
}

export function isNotTrue(value: unknown): boolean {
  return value !== true && value !== "true";
}
