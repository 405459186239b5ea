/** Where an item of the requirements is in the plan: a property and what it must be, or why it is nowhere. */
export type Trace = { resource: string; property: string; is: unknown } | { reason: string };

const agent = "aws:ecs/taskDefinition:TaskDefinition worldstore-worldstore-agent-writer-task";
const server = "aws:ecs/taskDefinition:TaskDefinition worldstore-worldstore-server-copies-task";
const worker = "aws:ecs/taskDefinition:TaskDefinition worldstore-order-queue-worker-copies-task";
const agentService = "aws:ecs/service:Service worldstore-worldstore-agent-writer-service";
const serverService = "aws:ecs/service:Service worldstore-worldstore-server-copies-service";
const database = "aws:rds/instance:Instance worldstore-stores-postgres-primary";
const cache = "aws:elasticache/replicationGroup:ReplicationGroup worldstore-stores-redis-group";

const at = (resource: string, property: string, is: unknown): Trace => ({ resource, property, is });
const variable = (task: string, container: string, name: string, is: unknown): Trace =>
  at(task, `containerDefinitions.${container}.environment.${name}.value`, is);
const secret = (task: string, container: string, name: string, path: string): Trace =>
  at(
    task,
    `containerDefinitions.${container}.secrets.${name}.valueFrom`,
    new RegExp(`:secret:worldstore/prod/${path}$`),
  );
const ofAgent = (name: string, is: unknown) => variable(agent, "worldstore-agent", name, is);
const ofServer = (name: string, is: unknown) => variable(server, "worldstore-server", name, is);
const alarm = (name: string, property: string, is: unknown): Trace =>
  at(`aws:cloudwatch/metricAlarm:MetricAlarm worldstore-monitoring-${name}`, property, is);
const retention = (level: string, days: number): Trace =>
  at(`aws:cloudwatch/logGroup:LogGroup worldstore-foundation-logs-${level}`, "retentionInDays", days);

/** Every item of worldstore about services, data stores, configuration, network, alerts, logs and operations. */
export const traces: Record<string, readonly Trace[]> = {
  "WS-SVC-01": [
    at(agent, "containerDefinitions.worldstore-agent.image", /\/agent:\d/),
    at(agent, "containerDefinitions.worldstore-agent.memory", 512),
    at(agent, "containerDefinitions.worldstore-agent.memoryReservation", 256),
    at(agent, "containerDefinitions.worldstore-agent.cpu", 256),
    at(agent, "cpu", "512"),
    at(agent, "memory", "1024"),
    at(agentService, "desiredCount", 1),
    at(agentService, "deploymentMaximumPercent", 100),
    at(agentService, "deploymentMinimumHealthyPercent", 0),
  ],
  "WS-SVC-02": [
    at(server, "containerDefinitions.worldstore-server.memory", 256),
    at(server, "containerDefinitions.worldstore-server.portMappings.http.containerPort", 3000),
    at(serverService, "desiredCount", 2),
  ],
  "WS-SVC-03": [
    at(worker, "containerDefinitions.order-queue-worker.command", ["node", "/app/server.js", "worker"]),
    at("aws:ecs/service:Service worldstore-order-queue-worker-copies-service", "cluster", /paymentservercluster$/),
  ],
  "WS-SVC-04": [
    at("aws:lambda/invocation:Invocation worldstore-worldstore-agent-writer-backup", "functionName", /backup$/),
    {
      reason:
        "Integrity check and revocation of installations come with the agent's own behaviour; they need its volume.",
    },
  ],
  "WS-DS-01": [
    at(cache, "numCacheClusters", 3),
    at(cache, "nodeType", "cache.r6g.large"),
    at(cache, "transitEncryptionMode", "required"),
    at(cache, "atRestEncryptionEnabled", true),
  ],
  "WS-DS-02": [
    at(database, "engine", "postgres"),
    at(database, "multiAz", true),
    at(database, "storageEncrypted", true),
    at(database, "backupRetentionPeriod", 30),
  ],
  "WS-DS-03": [
    at("aws:efs/fileSystem:FileSystem worldstore-worldstore-agent-files-files", "encrypted", true),
    at(agent, "volumes.data.efsVolumeConfiguration.transitEncryption", "ENABLED"),
  ],
  "WS-DS-04": [
    at("aws:sqs/queue:Queue worldstore-stores-orders-messages", "redrivePolicy.maxReceiveCount", 5),
    at("aws:sqs/queue:Queue worldstore-stores-orders-dead-letters", "messageRetentionSeconds", 1_209_600),
  ],
  "WS-DS-05": [
    at("aws:s3/bucket:Bucket worldstore-stores-audit-bucket", "objectLockEnabled", true),
    at(
      "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration worldstore-stores-audit-lock",
      "rule.defaultRetention.days",
      2555,
    ),
  ],
  "WS-DS-06": [ofServer("ORDER_STATUS_CACHE_MAX", "1000"), ofServer("ORDER_STATUS_CACHE_TTL_MS", "60000")],
  "WS-CFG-01": [secret(agent, "worldstore-agent", "ANTHROPIC_API_KEY", "ANTHROPIC_API_KEY")],
  "WS-CFG-02": [secret(agent, "worldstore-agent", "WALLET_KEY", "WALLET_KEY_0")],
  "WS-CFG-03": [
    secret(agent, "worldstore-agent", "ENCRYPTION_KEY", "ENCRYPTION_KEY"),
    at("random:index/randomBytes:RandomBytes worldstore-secrets-encryption-key", "length", 32),
  ],
  "WS-CFG-04": [
    secret(agent, "worldstore-agent", "CROSSMINT_API_KEY", "CROSSMINT_API_KEY"),
    secret(server, "worldstore-server", "CROSSMINT_API_KEY", "CROSSMINT_API_KEY"),
  ],
  "WS-CFG-05": [ofAgent("RAILWAY_VOLUME_MOUNT_PATH", "/app/data")],
  "WS-CFG-06": [ofAgent("XMTP_ENV", "production")],
  "WS-CFG-07": [
    secret(agent, "worldstore-agent", "REDIS_URL", "redis/worldstore_agent:url::"),
    secret(server, "worldstore-server", "REDIS_URL", "redis/worldstore_server:url::"),
  ],
  "WS-CFG-08": [secret(agent, "worldstore-agent", "REDIS_CLUSTER_NODES", "redis/worldstore_agent:nodes::")],
  "WS-CFG-09": [secret(agent, "worldstore-agent", "SERPAPI_API_KEY", "SERPAPI_API_KEY")],
  "WS-CFG-10": [
    secret(agent, "worldstore-agent", "DATABASE_URL", "postgres/worldstore_agent:url::"),
    secret(server, "worldstore-server", "DATABASE_URL", "postgres/worldstore_server:url::"),
  ],
  "WS-CFG-11": [{ reason: "NODE_OPTIONS is empty by default; nothing needs --expose-gc." }],
  "WS-CFG-12": [ofAgent("LOG_LEVEL", "info"), ofServer("LOG_LEVEL", "info")],
  "WS-CFG-13": [ofAgent("NODE_ENV", "production"), ofServer("NODE_ENV", "production")],
  "WS-CFG-14": [
    ofAgent("BATCH_SIZE", "10"),
    ofAgent("CONCURRENT_USERS", "50"),
    ofAgent("CACHE_EXPIRY_MS", "1800000"),
    ofAgent("RATE_LIMIT_BUFFER", "0.9"),
  ],
  "WS-CFG-15": [
    ofAgent("REDIS_POOL_MIN", "2"),
    ofAgent("REDIS_POOL_MAX", "10"),
    ofAgent("REDIS_POOL_ACQUIRE_TIMEOUT_MS", "30000"),
  ],
  "WS-CFG-16": [ofServer("ORDER_STATUS_CACHE_MAX", "1000"), ofServer("ORDER_STATUS_CACHE_TTL_MS", "60000")],
  "WS-CFG-17": [
    ofAgent("RATE_LIMIT_ANTHROPIC_PER_HOUR", "100"),
    ofAgent("RATE_LIMIT_SERPAPI_PER_HOUR", "50"),
    ofAgent("RATE_LIMIT_CROSSMINT_PER_DAY", "200"),
    ofServer("RATE_LIMIT_CROSSMINT_PER_DAY", "200"),
  ],
  "WS-CFG-18": [
    ofServer("HIGH_VALUE_ORDER_USDC", "10000"),
    ofServer("RAPID_ORDERS_COUNT", "10"),
    ofServer("RAPID_ORDERS_WINDOW_S", "3600"),
    ofServer("MAX_SHIPPING_ADDRESSES", "5"),
    ofServer("KYC_ORDER_USD", "1000"),
  ],
  "WS-CFG-19": [retention("error", 30), retention("warn", 14), retention("info", 7), retention("debug", 1)],
  "WS-CFG-20": [
    secret(server, "worldstore-server", "FIELD_ENCRYPTION_KEY", "FIELD_ENCRYPTION_KEY"),
    at("aws:kms/key:Key worldstore-foundation-keys-secrets", "enableKeyRotation", true),
  ],
  "WS-CFG-21": [ofAgent("WALLET_MODE", "self-managed")],
  "WS-CFG-22": [
    ofServer("ORDER_STATUS_CACHE_TTL_MS", "60000"),
    { reason: "Lifetimes of product searches and answers of the model come with the agent's behaviour." },
  ],
  "WS-NET-01": [
    at(cache, "port", 6380),
    at(cache, "transitEncryptionEnabled", true),
    at("aws:elasticache/user:User worldstore-stores-redis-users-default", "accessString", /^off /),
    at("aws:elasticache/user:User worldstore-stores-redis-users-worldstore-agent", "accessString", /^on /),
  ],
  "WS-NET-02": [
    at("aws:lb/targetGroup:TargetGroup worldstore-edge-payment-blue", "healthCheck.path", "/health"),
    at("aws:lb/loadBalancer:LoadBalancer worldstore-edge-balancer", "internal", false),
  ],
  "WS-NET-03": [
    at(serverService, "deploymentConfiguration.strategy", "BLUE_GREEN"),
    at("aws:lb/targetGroup:TargetGroup worldstore-edge-payment-green", "healthCheck.path", "/health"),
  ],
  "WS-NET-04": [
    at(agentService, "loadBalancers", undefined),
    at(agentService, "networkConfiguration.assignPublicIp", false),
  ],
  "WS-NET-05": [{ reason: "One agent runs; routing by user comes with the sharded agent's behaviour (X-01)." }],
  "WS-NET-06": [
    at(
      "aws:route53/resolverFirewallDomainList:ResolverFirewallDomainList worldstore-dns-firewall-allowed",
      "domains",
      (domains: unknown) =>
        ["api.anthropic.com", "serpapi.com", "www.crossmint.com", "grpc.production.xmtp.network"].every((host) =>
          (domains as string[]).some((domain) => domain.replace(/\.$/, "") === host),
        ),
    ),
    at("aws:route53/resolverFirewallRule:ResolverFirewallRule worldstore-dns-firewall-block", "action", "BLOCK"),
  ],
  "WS-NET-07": [
    at("aws:acm/certificate:Certificate worldstore-edge-certificate-certificate", "domainName", "pay.shop.example.com"),
    at("aws:lb/listener:Listener worldstore-edge-https", "sslPolicy", /^ELBSecurityPolicy-TLS13-1-2/),
  ],
  "WS-NET-08": [at("pulumi:providers:aws aws", "region", "eu-central-1")],
  "WS-ALR-01": [alarm("xmtp-connection-failure", "threshold", 0)],
  "WS-ALR-02": [
    alarm("xmtp-connection-down", "threshold", 1),
    alarm("xmtp-connection-down", "evaluationPeriods", 2),
    alarm("xmtp-connection-down", "period", 60),
  ],
  "WS-ALR-03": [
    alarm("xmtp-installations-high", "threshold", 8),
    alarm("xmtp-installations-near-limit", "threshold", 9),
  ],
  "WS-ALR-04": [alarm("agent-memory-high", "threshold", 0.8 * 512 * 1024 * 1024)],
  "WS-ALR-05": [
    alarm("message-processing-delay", "threshold", 30),
    alarm("message-processing-delay", "extendedStatistic", "p95"),
  ],
  "WS-ALR-06": [alarm("payment-failures", "threshold", 0.05)],
  "WS-ALR-07": [alarm("redis-memory-high", "threshold", 90)],
  "WS-ALR-08": [
    at(
      "aws:cloudwatch/compositeAlarm:CompositeAlarm worldstore-monitoring-service-down",
      "alarmRule",
      /worldstore-agent.* OR .*worldstore-server/,
    ),
  ],
  "WS-ALR-09": [alarm("high-api-error-rate", "threshold", 0.05)],
  "WS-ALR-10": [alarm("unusual-user-behaviour", "metricName", "suspicious_transactions_total")],
  "WS-ALR-11": [alarm("approaching-rate-limits", "threshold", 0.72)],
  "WS-ALR-12": [alarm("slow-responses", "threshold", 2)],
  "WS-ALR-13": [alarm("wallet-balance", "threshold", 50)],
  "WS-LOG-01": [
    at(agent, "containerDefinitions.worldstore-agent.logConfiguration.logDriver", "awsfirelens"),
    { reason: "The correlation id is written by the application and tested there (app/common/logger.test.ts)." },
  ],
  "WS-LOG-02": [{ reason: "Fields of order lines are written by the application." }],
  "WS-LOG-03": [
    retention("error", 30),
    retention("warn", 14),
    retention("info", 7),
    retention("debug", 1),
    ofAgent("LOG_LEVEL", "info"),
  ],
  "WS-OPS-01": [
    at("aws:lambda/invocation:Invocation worldstore-worldstore-agent-writer-backup", "functionName", /backup$/),
    at("aws:backup/plan:Plan worldstore-backups-plan", "rules.0.lifecycle.deleteAfter", 30),
  ],
  "WS-OPS-02": [alarm("agent-memory-high", "evaluationPeriods", 5)],
  "WS-OPS-03": [
    at("aws:backup/vault:Vault worldstore-backups-vault", "name", "worldstore-prod"),
    { reason: "Checking and restoring the agent's database is a procedure for people." },
  ],
  "WS-OPS-04": [
    alarm("xmtp-installations-high", "threshold", 8),
    { reason: "Revoking installations is the agent's own job." },
  ],
  "WS-OPS-05": [at(agent, "memory", "1024")],
  "WS-OPS-06": [
    { reason: "The setting agentMode makes one ECS service for each instance (infra/aws/service.test.ts)." },
  ],
  "WS-OPS-07": [
    at(serverService, "deploymentConfiguration.strategy", "BLUE_GREEN"),
    at(serverService, "deploymentConfiguration.bakeTimeInMinutes", "10"),
  ],
  "WS-OPS-08": [
    at(serverService, "deploymentCircuitBreaker.rollback", true),
    at(serverService, "alarms.rollback", true),
  ],
  "WS-OPS-09": [
    at("aws:ecs/cluster:Cluster worldstore-clusters-xmtpagentcluster", "tags.Name", "XMTPAgentCluster"),
    at("aws:ecs/cluster:Cluster worldstore-clusters-paymentservercluster", "tags.Name", "PaymentServerCluster"),
    at(cache, "numCacheClusters", 3),
  ],
  "WS-OPS-10": [{ reason: "The restore drill is a command of its own, not part of a stack." }],
  "WS-OPS-11": [at(agent, "containerDefinitions.worldstore-agent.mountPoints.data.containerPath", "/app/data")],
};
