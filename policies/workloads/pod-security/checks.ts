import {
  hostNamespaces,
  hostPathVolumes,
  hostPorts,
  hostProbesAndHostLifecycle,
  privileged,
  windowsHostProcess,
} from "./host.ts";
import type { PodSecurityCheck } from "./pod.ts";
import {
  allowPrivilegeEscalation,
  capabilitiesBaseline,
  capabilitiesRestricted,
  restrictedVolumes,
} from "./privileges.ts";
import { appArmorProfile, procMountBaseline, procMountRestricted, seLinuxOptions, sysctls } from "./system.ts";
import { runAsNonRoot, runAsUser, seccompBaseline, seccompRestricted } from "./users.ts";

/** What reaches the machine below the pod; forbidden in both profiles. */
export const HOST_CHECKS = {
  hostNamespaces,
  hostPathVolumes,
  windowsHostProcess,
  privileged,
  hostPorts,
  hostProbesAndHostLifecycle,
} satisfies Record<string, PodSecurityCheck>;

/** The other checks of the baseline profile. */
export const BASELINE_CHECKS = {
  appArmorProfile,
  capabilities_baseline: capabilitiesBaseline,
  procMount_baseline: procMountBaseline,
  seLinuxOptions,
  seccompProfile_baseline: seccompBaseline,
  sysctls,
} satisfies Record<string, PodSecurityCheck>;

/** The checks of the restricted profile. */
export const RESTRICTED_CHECKS = {
  runAsNonRoot,
  runAsUser,
  seccompProfile_restricted: seccompRestricted,
  allowPrivilegeEscalation,
  capabilities_restricted: capabilitiesRestricted,
  procMount_restricted: procMountRestricted,
  restrictedVolumes,
} satisfies Record<string, PodSecurityCheck>;

/** All 19 checks of the Pod Security Standards by their upstream ids, in the version of Kubernetes 1.35. */
export const POD_SECURITY_CHECKS: Readonly<Record<string, PodSecurityCheck>> = {
  ...HOST_CHECKS,
  ...BASELINE_CHECKS,
  ...RESTRICTED_CHECKS,
};
