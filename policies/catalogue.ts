import type { Policy } from "./frame/policy.ts";
import { awsEfs } from "./rules/aws-efs.ts";
import { awsIam } from "./rules/aws-iam.ts";
import { awsSns } from "./rules/aws-sns.ts";
import { awsSqs } from "./rules/aws-sqs.ts";
import { dbBackup } from "./rules/db-backup.ts";
import { dbHa } from "./rules/db-ha.ts";
import { dbReplica } from "./rules/db-replica.ts";
import { iamLeast } from "./rules/iam-least.ts";
import { imgPinned } from "./rules/img-pinned.ts";
import { imgRegistry } from "./rules/img-registry.ts";
import { imgScan } from "./rules/img-scan.ts";
import { kms } from "./rules/kms.ts";
import { mongoHardened } from "./rules/mongo-hardened.ts";
import { netpolDefaultDeny } from "./rules/netpol-default-deny.ts";
import { noHost } from "./rules/no-host.ts";
import { pgBaseline } from "./rules/pg-baseline.ts";
import { podHardened } from "./rules/pod-hardened.ts";
import { probes } from "./rules/probes.ts";
import { rbacLeast } from "./rules/rbac-least.ts";
import { redisHardened } from "./rules/redis-hardened.ts";
import { resLimits } from "./rules/res-limits.ts";
import { restart } from "./rules/restart.ts";
import { rolloutSafe } from "./rules/rollout-safe.ts";
import { secretAwsStore } from "./rules/secret-aws-store.ts";
import { secretNoPlaintext } from "./rules/secret-no-plaintext.ts";
import { secretSealed } from "./rules/secret-sealed.ts";
import { serviceAccount } from "./rules/serviceaccount.ts";

/** Every policy of the pack, in the order of their ids. Cheap to import: the policy SDK is not loaded. */
export const catalogue: readonly Policy[] = [
  awsEfs,
  awsIam,
  awsSns,
  awsSqs,
  dbBackup,
  dbHa,
  dbReplica,
  iamLeast,
  imgPinned,
  imgRegistry,
  imgScan,
  kms,
  mongoHardened,
  netpolDefaultDeny,
  noHost,
  pgBaseline,
  podHardened,
  probes,
  rbacLeast,
  redisHardened,
  resLimits,
  restart,
  rolloutSafe,
  secretAwsStore,
  secretNoPlaintext,
  secretSealed,
  serviceAccount,
];
