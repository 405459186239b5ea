import type { Policy } from "./frame/policy.ts";
import { imgPinned } from "./rules/img-pinned.ts";
import { netpolDefaultDeny } from "./rules/netpol-default-deny.ts";
import { noHost } from "./rules/no-host.ts";
import { podHardened } from "./rules/pod-hardened.ts";
import { probes } from "./rules/probes.ts";
import { rbacLeast } from "./rules/rbac-least.ts";
import { resLimits } from "./rules/res-limits.ts";
import { secretNoPlaintext } from "./rules/secret-no-plaintext.ts";
import { secretSealed } from "./rules/secret-sealed.ts";
import { serviceAccount } from "./rules/serviceaccount.ts";

/** Every policy of the pack, in the order of their ids. Cheap to import: the policy SDK is not loaded. */
export const catalogue: readonly Policy[] = [
  imgPinned,
  netpolDefaultDeny,
  noHost,
  podHardened,
  probes,
  rbacLeast,
  resLimits,
  secretNoPlaintext,
  secretSealed,
  serviceAccount,
];
