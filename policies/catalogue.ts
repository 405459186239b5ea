import type { Policy } from "./frame/policy.ts";
import { adminPorts } from "./rules/admin-ports.ts";
import { alertCoverage } from "./rules/alert-coverage.ts";
import { alertRouted } from "./rules/alert-routed.ts";
import { auditTrail } from "./rules/audit-trail.ts";
import { autoscale } from "./rules/autoscale.ts";
import { awsCloudfront } from "./rules/aws-cloudfront.ts";
import { awsEcs } from "./rules/aws-ecs.ts";
import { awsEfs } from "./rules/aws-efs.ts";
import { awsElb } from "./rules/aws-elb.ts";
import { awsIam } from "./rules/aws-iam.ts";
import { awsRds } from "./rules/aws-rds.ts";
import { awsRdsEvents } from "./rules/aws-rds-events.ts";
import { awsRdsLogs } from "./rules/aws-rds-logs.ts";
import { awsRdsSnapshots } from "./rules/aws-rds-snapshots.ts";
import { awsS3 } from "./rules/aws-s3.ts";
import { awsSns } from "./rules/aws-sns.ts";
import { awsSqs } from "./rules/aws-sqs.ts";
import { awsVpc } from "./rules/aws-vpc.ts";
import { awsWaf } from "./rules/aws-waf.ts";
import { backupCoverage } from "./rules/backup-coverage.ts";
import { blueGreen } from "./rules/blue-green.ts";
import { cdn } from "./rules/cdn.ts";
import { clusterBaseline } from "./rules/cluster-baseline.ts";
import { connBudget } from "./rules/conn-budget.ts";
import { cors } from "./rules/cors.ts";
import { dashboards } from "./rules/dashboards.ts";
import { dbBackup } from "./rules/db-backup.ts";
import { dbHa } from "./rules/db-ha.ts";
import { dbReplica } from "./rules/db-replica.ts";
import { ddos } from "./rules/ddos.ts";
import { dns } from "./rules/dns.ts";
import { encryptAtRest } from "./rules/encrypt-at-rest.ts";
import { http2 } from "./rules/http2.ts";
import { iamLeast } from "./rules/iam-least.ts";
import { imgPinned } from "./rules/img-pinned.ts";
import { imgRegistry } from "./rules/img-registry.ts";
import { imgScan } from "./rules/img-scan.ts";
import { kms } from "./rules/kms.ts";
import { lbHealth } from "./rules/lb-health.ts";
import { lbPresent } from "./rules/lb-present.ts";
import { logRetention } from "./rules/log-retention.ts";
import { logShipped } from "./rules/log-shipped.ts";
import { metricsScraped } from "./rules/metrics-scraped.ts";
import { migrationGate } from "./rules/migration-gate.ts";
import { minReplicas } from "./rules/min-replicas.ts";
import { mongoHardened } from "./rules/mongo-hardened.ts";
import { namespace } from "./rules/namespace.ts";
import { netpolCoverage } from "./rules/netpol-coverage.ts";
import { netpolDefaultDeny } from "./rules/netpol-default-deny.ts";
import { noHost } from "./rules/no-host.ts";
import { pdb } from "./rules/pdb.ts";
import { persistentVolume } from "./rules/persistent-volume.ts";
import { pgBaseline } from "./rules/pg-baseline.ts";
import { podHardened } from "./rules/pod-hardened.ts";
import { poolerAuth } from "./rules/pooler-auth.ts";
import { privateData } from "./rules/private-data.ts";
import { probes } from "./rules/probes.ts";
import { prodEnv } from "./rules/prod-env.ts";
import { protect } from "./rules/protect.ts";
import { queueDlq } from "./rules/queue-dlq.ts";
import { rateLimit } from "./rules/rate-limit.ts";
import { rbacLeast } from "./rules/rbac-least.ts";
import { redisHardened } from "./rules/redis-hardened.ts";
import { resLimits } from "./rules/res-limits.ts";
import { restart } from "./rules/restart.ts";
import { retentionJob } from "./rules/retention-job.ts";
import { rolloutSafe } from "./rules/rollout-safe.ts";
import { runtimeSecurity } from "./rules/runtime-security.ts";
import { s3Hardened } from "./rules/s3-hardened.ts";
import { secHeaders } from "./rules/sec-headers.ts";
import { secretAwsStore } from "./rules/secret-aws-store.ts";
import { secretMounted } from "./rules/secret-mounted.ts";
import { secretNoDefaults } from "./rules/secret-no-defaults.ts";
import { secretNoPlaintext } from "./rules/secret-no-plaintext.ts";
import { secretRefs } from "./rules/secret-refs.ts";
import { secretRotation } from "./rules/secret-rotation.ts";
import { secretSealed } from "./rules/secret-sealed.ts";
import { secretStable } from "./rules/secret-stable.ts";
import { secretStrength } from "./rules/secret-strength.ts";
import { serviceAccount } from "./rules/serviceaccount.ts";
import { sessionStore } from "./rules/session-store.ts";
import { sgNoOpen } from "./rules/sg-no-open.ts";
import { singleWriter } from "./rules/single-writer.ts";
import { spot } from "./rules/spot.ts";
import { spread } from "./rules/spread.ts";
import { tags } from "./rules/tags.ts";
import { tlsEdge } from "./rules/tls-edge.ts";
import { tlsInternal } from "./rules/tls-internal.ts";
import { tracing } from "./rules/tracing.ts";
import { velero } from "./rules/velero.ts";
import { vpcIsolation } from "./rules/vpc-isolation.ts";
import { waf } from "./rules/waf.ts";

/** Every policy of the pack, in the order of their ids. Cheap to import: the policy SDK is not loaded. */
export const catalogue: readonly Policy[] = [
  adminPorts,
  alertCoverage,
  alertRouted,
  auditTrail,
  autoscale,
  awsCloudfront,
  awsEcs,
  awsEfs,
  awsElb,
  awsIam,
  awsRds,
  awsRdsEvents,
  awsRdsLogs,
  awsRdsSnapshots,
  awsS3,
  awsSns,
  awsSqs,
  awsVpc,
  awsWaf,
  backupCoverage,
  blueGreen,
  cdn,
  clusterBaseline,
  connBudget,
  cors,
  dashboards,
  dbBackup,
  dbHa,
  dbReplica,
  ddos,
  dns,
  encryptAtRest,
  http2,
  iamLeast,
  imgPinned,
  imgRegistry,
  imgScan,
  kms,
  lbHealth,
  lbPresent,
  logRetention,
  logShipped,
  metricsScraped,
  migrationGate,
  minReplicas,
  mongoHardened,
  namespace,
  netpolCoverage,
  netpolDefaultDeny,
  noHost,
  pdb,
  persistentVolume,
  pgBaseline,
  podHardened,
  poolerAuth,
  privateData,
  probes,
  prodEnv,
  protect,
  queueDlq,
  rateLimit,
  rbacLeast,
  redisHardened,
  resLimits,
  restart,
  retentionJob,
  rolloutSafe,
  runtimeSecurity,
  s3Hardened,
  secHeaders,
  secretAwsStore,
  secretMounted,
  secretNoDefaults,
  secretNoPlaintext,
  secretRefs,
  secretRotation,
  secretSealed,
  secretStable,
  secretStrength,
  serviceAccount,
  sessionStore,
  sgNoOpen,
  singleWriter,
  spot,
  spread,
  tags,
  tlsEdge,
  tlsInternal,
  tracing,
  velero,
  vpcIsolation,
  waf,
];
