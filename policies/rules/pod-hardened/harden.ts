import type { Draft, DraftField } from "../../frame/draft.ts";
import { containerDrafts, podDraft, taskContainerDrafts } from "../../workloads/drafts.ts";
import { SAFE_SYSCTLS, SELINUX_TYPES } from "../../workloads/pod-security/system.ts";

const CONFINED: readonly unknown[] = ["RuntimeDefault", "Localhost"];

/** Sets what has one right value for every program; which volumes and which user it needs only its author knows. */
export function hardenWorkload(draft: Draft, { readOnlyRoot }: { readOnlyRoot: boolean }): void {
  const pod = podDraft(draft);
  if (pod && !pod.unknown && pod.get("os", "name").value !== "windows") {
    hardenPod(pod, readOnlyRoot);
  }
  if (!String(draft.get("runtimePlatform", "operatingSystemFamily").value).toUpperCase().startsWith("WINDOWS")) {
    for (const container of taskContainerDrafts(draft)) {
      container.get("linuxParameters", "capabilities", "add").remove();
      if (readOnlyRoot) {
        container.get("readonlyRootFilesystem").set(true);
      }
    }
  }
}

function hardenPod(pod: DraftField, readOnlyRoot: boolean): void {
  const shared = pod.get("securityContext");
  const containers = containerDrafts(pod).map((container) => container.get("securityContext"));
  shared.get("runAsNonRoot").set(true);
  if (!CONFINED.includes(shared.get("seccompProfile", "type").value)) {
    shared.get("seccompProfile", "type").set("RuntimeDefault");
  }
  keep(shared.get("sysctls"), (sysctl) => SAFE_SYSCTLS.includes(String((sysctl as { name?: unknown }).name)));
  [shared, ...containers].forEach(removeLoose);
  for (const context of containers) {
    context.get("allowPrivilegeEscalation").set(false);
    if (readOnlyRoot) {
      context.get("readOnlyRootFilesystem").set(true);
    }
    if (!listOf(context.get("capabilities", "drop")).includes("ALL")) {
      context.get("capabilities", "drop").set(["ALL"]);
    }
    keep(context.get("capabilities", "add"), (capability) => capability === "NET_BIND_SERVICE");
    removeUnless(context.get("runAsNonRoot"), (value) => value === true);
    removeUnless(context.get("procMount"), (value) => value === "Default");
    removeUnless(context.get("seccompProfile"), (value) => CONFINED.includes((value as { type?: unknown }).type));
  }
}

/** Takes away what a context may leave to the platform or to the pod. */
function removeLoose(context: DraftField): void {
  removeUnless(context.get("runAsUser"), (value) => value !== 0);
  const selinux = context.get("seLinuxOptions");
  removeUnless(selinux.get("type"), (value) => SELINUX_TYPES.includes(String(value)));
  removeUnless(selinux.get("user"), () => false);
  removeUnless(selinux.get("role"), () => false);
  removeUnless(context.get("appArmorProfile"), (value) => CONFINED.includes((value as { type?: unknown }).type));
}

function removeUnless(field: DraftField, isFine: (value: unknown) => boolean): void {
  if (field.value !== undefined && !isFine(field.value)) {
    field.remove();
  }
}

function keep(field: DraftField, isFine: (item: unknown) => boolean): void {
  if (!field.absent && !field.unknown) {
    field.set(listOf(field).filter((item) => item === undefined || isFine(item)));
  }
}

function listOf(field: DraftField): unknown[] {
  return Array.isArray(field.value) ? field.value : [];
}
