import type { PlanName } from "./plans.ts";

/** One thing made wrong in a plan, and the policy that is there to stop it. */
export interface Weakness {
  policy: string;
  plan: PlanName;
  /** Logical name of the resource. */
  resource: string;
  /** Where the value stands, also within JSON and YAML texts; empty for the resource as a whole. */
  path: string;
  /** @default the value, or the resource, is taken away */
  value?: unknown;
}

type Row = readonly [policy: string, resource: string, path: string, value?: unknown];

const POD = "spec.template.spec";
const CONTAINER = `${POD}.containers[0]`;
const BLUE = "worldstore-worldstore-server-blue-workload";
const AGENT = "worldstore-worldstore-agent-workload";
const WORKER = "worldstore-order-queue-worker-workload";
const RULES = "worldstore-monitoring-prometheus-settings";
const ALERTS = "worldstore-monitoring-alertmanager-settings";
const ALERT_FILE = 'data["alerts.yml"].groups[0].rules';
const EVERYONE =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}';

const onKubernetes: readonly Row[] = [
  [
    "img-pinned",
    BLUE,
    `${CONTAINER}.image`,
    "111122223333.dkr.ecr.eu-central-1.amazonaws.com/worldstore-prod/payment-server:latest",
  ],
  ["img-registry", AGENT, `${CONTAINER}.image`, "docker.io/someone/agent:1.0.0"],
  ["pod-hardened", BLUE, `${CONTAINER}.securityContext.allowPrivilegeEscalation`, true],
  ["pod-hardened", BLUE, `${CONTAINER}.securityContext.readOnlyRootFilesystem`, false],
  ["pod-hardened", AGENT, `${CONTAINER}.securityContext.capabilities`],
  ["pod-hardened", AGENT, `${CONTAINER}.securityContext.runAsUser`, 0],
  ["pod-hardened", WORKER, `${CONTAINER}.securityContext.seccompProfile`, { type: "Unconfined" }],
  ["no-host", BLUE, `${POD}.hostNetwork`, true],
  ["no-host", BLUE, `${POD}.hostPID`, true],
  ["no-host", AGENT, `${CONTAINER}.securityContext.privileged`, true],
  ["no-host", WORKER, `${POD}.volumes[0]`, { name: "tmp", hostPath: { path: "/" } }],
  ["serviceaccount", BLUE, `${POD}.serviceAccountName`, "default"],
  ["serviceaccount", WORKER, `${POD}.automountServiceAccountToken`, true],
  ["res-limits", BLUE, `${CONTAINER}.resources.limits.memory`],
  ["res-limits", AGENT, `${CONTAINER}.resources.requests`],
  ["probes", BLUE, `${CONTAINER}.readinessProbe`],
  ["probes", AGENT, `${CONTAINER}.livenessProbe.httpGet.path`, "/"],
  ["secret-no-plaintext", BLUE, `${CONTAINER}.env[0]`, { name: "CROSSMINT_API_KEY", value: "crossmint-0123456789" }],
  ["namespace", BLUE, "metadata.namespace", "default"],
  ["netpol-default-deny", "worldstore-network-default-deny", ""],
  ["netpol-default-deny", "worldstore-network-default-deny", "spec.policyTypes", ["Ingress"]],
  ["netpol-default-deny", "worldstore-network-allow-worldstore-server", "spec.ingress", [{}]],
  [
    "netpol-coverage",
    "worldstore-network-allow-worldstore-server",
    "spec.podSelector",
    { matchLabels: { app: "none" } },
  ],
  ["min-replicas", "worldstore-worldstore-server-blue-scaling", "spec.minReplicas", 1],
  ["rollout-safe", BLUE, "spec.strategy.rollingUpdate.maxUnavailable", "100%"],
  ["rollout-safe", WORKER, "spec.strategy", { type: "Recreate" }],
  ["spread", BLUE, `${POD}.topologySpreadConstraints`],
  ["autoscale", "worldstore-worldstore-server-blue-scaling", "spec.maxReplicas", 1],
  ["admin-ports", "worldstore-edge-payment", "spec.rules[0].http.paths[0].path", "/debug/pprof"],
  ["cors", BLUE, `${CONTAINER}.env[0]`, { name: "CORS_ORIGINS", value: "*" }],
  ["restart", BLUE, `${POD}.restartPolicy`, "Never"],
  ["blue-green", "worldstore-worldstore-server-green-workload", ""],
  ["tls-edge", "worldstore-edge-payment", "spec.tls"],
  ["lb-present", "worldstore-edge-payment", ""],
  ["alert-coverage", RULES, `${ALERT_FILE}[0]`],
  ["alert-coverage", RULES, `${ALERT_FILE}[4].for`],
  ["alert-coverage", RULES, `${ALERT_FILE}[1].for`, "1h"],
  ["alert-coverage", RULES, `${ALERT_FILE}[6].expr`, "sum(increase(payments_failed_total[300s]))"],
  ["alert-coverage", RULES, 'data["alerts.yml"]', "groups: []"],
  ["alert-routed", RULES, `${ALERT_FILE}[2].labels.severity`],
  ["alert-routed", RULES, 'data["prometheus.yml"].alerting'],
  ["alert-routed", ALERTS, 'data["alertmanager.yml"].route.receiver', "nobody"],
  ["alert-routed", ALERTS, 'data["alertmanager.yml"].route.routes[0].group_wait', "10m"],
  ["alert-routed", ALERTS, 'data["alertmanager.yml"].route.group_interval', "4h"],
  ["metrics-scraped", RULES, 'data["prometheus.yml"].scrape_configs[0]'],
  ["metrics-scraped", RULES, 'data["prometheus.yml"].scrape_configs', []],
  ["audit-trail", "worldstore-managed-stores-audit-bucket", ""],
  ["audit-trail", "worldstore-managed-stores-audit-lock", "rule.defaultRetention.mode", "GOVERNANCE"],
  ["audit-trail", "worldstore-managed-stores-audit-lock", "rule.defaultRetention.days", 30],
];

const onEcs: readonly Row[] = [
  ["encrypt-at-rest", "worldstore-stores-postgres-primary", "storageEncrypted", false],
  ["private-data", "worldstore-stores-postgres-primary", "publiclyAccessible", true],
  ["db-backup", "worldstore-stores-postgres-primary", "skipFinalSnapshot", true],
  ["protect", "worldstore-stores-audit-bucket", "forceDestroy", true],
  ["db-backup", "worldstore-stores-postgres-primary", "backupRetentionPeriod", 0],
  ["db-ha", "worldstore-stores-postgres-primary", "multiAz", false],
  ["pg-baseline", "worldstore-stores-postgres-primary", "engineVersion", "12.20"],
  ["pg-baseline", "worldstore-stores-postgres-primary", "autoMinorVersionUpgrade", false],
  ["aws-rds", "worldstore-stores-postgres-primary", "iamDatabaseAuthenticationEnabled", false],
  ["aws-rds-logs", "worldstore-stores-postgres-primary", "enabledCloudwatchLogsExports", []],
  ["redis-hardened", "worldstore-stores-redis-group", "transitEncryptionEnabled", false],
  ["redis-hardened", "worldstore-stores-redis-group", "automaticFailoverEnabled", false],
  ["encrypt-at-rest", "worldstore-stores-redis-group", "atRestEncryptionEnabled", false],
  ["s3-hardened", "worldstore-stores-audit-bucket-public-access", "blockPublicPolicy", false],
  ["s3-hardened", "worldstore-stores-audit-bucket-public-access", ""],
  ["s3-hardened", "worldstore-stores-audit-bucket-versioning", "versioningConfiguration.status", "Suspended"],
  ["s3-hardened", "worldstore-stores-audit-bucket-policy", "policy", EVERYONE],
  ["s3-hardened", "worldstore-stores-backups-bucket-lifecycle", ""],
  ["queue-dlq", "worldstore-stores-orders-messages", "redrivePolicy"],
  ["aws-sqs", "worldstore-stores-orders-messages", "policy", EVERYONE],
  ["aws-sns", "worldstore-foundation-topics-critical-policy", "policy", EVERYONE],
  ["kms", "worldstore-foundation-keys-data", "enableKeyRotation", false],
  ["kms", "worldstore-foundation-keys-data", "policy", EVERYONE],
  ["img-scan", "worldstore-foundation-registry-agent", "imageTagMutability", "MUTABLE"],
  ["img-scan", "worldstore-foundation-registry-agent", "imageScanningConfiguration.scanOnPush", false],
  ["iam-least", "worldstore-audit-role-policy", "policy", EVERYONE.replace('"Principal":"*",', "")],
  ["sg-no-open", "worldstore-security-groups-edge.internet.443-ingress", "fromPort", 22],
  ["sg-no-open", "worldstore-security-groups-edge.internet.443-ingress", "ipProtocol", "-1"],
  ["aws-vpc", "worldstore-network-default-group", "ingress", [{ protocol: "-1", fromPort: 0, toPort: 0, self: true }]],
  ["vpc-isolation", "worldstore-flow-logs-log", ""],
  ["aws-vpc", "worldstore-network-public-eu-central-1a", "mapPublicIpOnLaunch", true],
  ["tls-edge", "worldstore-edge-redirect", "defaultActions[0].type", "forward"],
  ["aws-elb", "worldstore-edge-balancer", "dropInvalidHeaderFields", false],
  ["aws-elb", "worldstore-edge-balancer", "desyncMitigationMode", "monitor"],
  ["http2", "worldstore-edge-balancer", "enableHttp2", false],
  ["lb-health", "worldstore-edge-payment-blue", "healthCheck.path", "/"],
  ["aws-waf", "worldstore-edge-firewall-acl", "rules", []],
  ["aws-waf", "worldstore-edge-firewall-logging", ""],
  ["rate-limit", "worldstore-edge-firewall-acl", "rules[0].statement.rateBasedStatement.limit", 1_000_000],
  [
    "secret-rotation",
    "worldstore-stores-postgres-users-order-queue-worker-rotation",
    "rotationRules.automaticallyAfterDays",
    400,
  ],
  ["secret-strength", "worldstore-secrets-encryption-key", "length", 8],
  ["secret-no-defaults", "worldstore-secrets-anthropic-api-key-version", "secretString", "changeme"],
  ["aws-efs", "worldstore-worldstore-agent-files-backup", "backupPolicy.status", "DISABLED"],
  ["aws-efs", "worldstore-worldstore-agent-files-data", "posixUser"],
  ["encrypt-at-rest", "worldstore-worldstore-agent-files-files", "encrypted", false],
  ["pod-hardened", "worldstore-worldstore-server-copies-task", "containerDefinitions[0].readonlyRootFilesystem", false],
  ["pod-hardened", "worldstore-worldstore-server-copies-task", "containerDefinitions[0].user", "root"],
  ["no-host", "worldstore-worldstore-agent-writer-task", "containerDefinitions[0].privileged", true],
  [
    "img-pinned",
    "worldstore-worldstore-server-copies-task",
    "containerDefinitions[0].image",
    "111122223333.dkr.ecr.eu-central-1.amazonaws.com/worldstore-prod/payment-server",
  ],
  [
    "secret-no-plaintext",
    "worldstore-worldstore-agent-writer-task",
    "containerDefinitions[0].environment[0]",
    { name: "WALLET_KEY", value: `0x${"ab".repeat(32)}` },
  ],
  ["res-limits", "worldstore-worldstore-server-copies-task", "containerDefinitions[0].memory"],
  ["private-data", "worldstore-worldstore-server-copies-service", "networkConfiguration.assignPublicIp", true],
  ["rollout-safe", "worldstore-order-queue-worker-copies-service", "deploymentCircuitBreaker.rollback", false],
  ["min-replicas", "worldstore-worldstore-server-copies-scaling-range", "minCapacity", 1],
  ["autoscale", "worldstore-worldstore-server-copies-scaling-range", "maxCapacity", 1],
  ["tls-internal", "worldstore-stores-redis-group", "transitEncryptionMode", "preferred"],
  ["backup-coverage", "worldstore-backups-selection", ""],
  [
    "secret-aws-store",
    "worldstore-worldstore-server-copies-task",
    "containerDefinitions[0].secrets[0].valueFrom",
    "crossmint-0123456789",
  ],
  ["secret-stable", "worldstore-secrets-encryption-key", "keepers", { round: "2" }],
  ["private-data", "worldstore-stores-redis-group", "subnetGroupName"],
  [
    "aws-ecs",
    "worldstore-clusters-paymentservercluster",
    "settings",
    [{ name: "containerInsights", value: "disabled" }],
  ],
  ["log-shipped", "worldstore-worldstore-server-copies-task", "containerDefinitions[0].logConfiguration"],
  ["log-shipped", "worldstore-worldstore-agent-writer-task", "containerDefinitions[1].firelensConfiguration"],
  ["log-retention", "worldstore-foundation-logs-error", "retentionInDays", 7],
  ["log-retention", "worldstore-foundation-logs-debug", "retentionInDays"],
  ["log-retention", "worldstore-foundation-logs-platform-trail", "retentionInDays", 30],
  ["log-retention", "worldstore-foundation-logs-warn", "kmsKeyId"],
  ["alert-coverage", "worldstore-monitoring-wallet-balance", ""],
  ["alert-coverage", "worldstore-monitoring-agent-memory-high", "threshold"],
  ["alert-coverage", "worldstore-monitoring-xmtp-connection-down", "evaluationPeriods", 60],
  ["alert-coverage", "worldstore-monitoring-service-down", "alarmRule", "FALSE"],
  ["alert-routed", "worldstore-monitoring-payment-failures", "alarmActions", []],
  ["alert-routed", "worldstore-monitoring-redis-memory-high", "actionsEnabled", false],
  ["alert-routed", "worldstore-foundation-topics-critical-pager@shop.example.com", ""],
  ["metrics-scraped", "worldstore-worldstore-server-copies-task", "containerDefinitions[3]"],
  ["audit-trail", "worldstore-audit-trail", ""],
  ["audit-trail", "worldstore-audit-trail", "enableLogFileValidation", false],
  ["audit-trail", "worldstore-stores-audit-bucket", "objectLockEnabled", false],
  ["runtime-security", "worldstore-audit-threats-detector", "enable", false],
  ["runtime-security", "worldstore-audit-threats-runtime-monitoring", "status", "DISABLED"],
];

const rows = (plan: PlanName, list: readonly Row[]): Weakness[] =>
  list.map(([policy, resource, path, value]) => ({ policy, plan, resource, path, value }));

/** More than a hundred plans with one weakness each. */
export const weaknesses: readonly Weakness[] = [
  ...rows("worldstore on Kubernetes in production", onKubernetes),
  ...rows("worldstore on ECS in production", onEcs),
];
