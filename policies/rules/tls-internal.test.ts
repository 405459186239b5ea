import assert from "node:assert/strict";
import { UNKNOWN } from "../testing/analyzer.ts";
import { deployment, ecsContainer, kubernetes, taskDefinition } from "../testing/fixtures.ts";
import { remediated, verdictRemediated } from "../testing/in-process.ts";
import { aws, ingress, ofSystem, targetGroup } from "../testing/network-fixtures.ts";
import { verdict } from "../testing/pack.ts";
import { tlsInternal } from "./tls-internal.ts";

const POLICY = "tls-internal";
const GROUP = "elasticache/replicationGroup:ReplicationGroup";
const cache = (properties: Record<string, unknown>, type = GROUP) => verdict(POLICY, aws(type, properties));
const address = async (value: unknown, parameters = {}) => {
  const resource = deployment({ env: [{ name: "STORE", value }] });
  const lines = await verdict(POLICY, resource, { [POLICY]: { parameters } });
  return lines.map((line) => line.replace("mandatory spec.template.spec.containers[0].env[0].value: ", ""));
};

describe("POL-TLS-INTERNAL (WS-SEC-25, EB-SEC-01, AR-SEC-16, CC-SEC-02, RB-SEC-08)", () => {
  describe("caches", () => {
    it("accept encrypted connections alone; the default is none", async () => {
      assert.deepEqual(await cache({ transitEncryptionEnabled: true }), []);
      assert.deepEqual(await cache({ transitEncryptionEnabled: "true", transitEncryptionMode: "required" }), []);
      assert.deepEqual(await cache({ transitEncryptionEnabled: false }), ["mandatory transitEncryptionEnabled: false"]);
      assert.deepEqual(await cache({}), ["mandatory transitEncryptionEnabled: nothing"]);
      assert.deepEqual(await cache({ transitEncryptionEnabled: true, transitEncryptionMode: "preferred" }), [
        'mandatory transitEncryptionMode: "preferred"',
      ]);
      assert.deepEqual(await cache({ transitEncryptionEnabled: UNKNOWN, transitEncryptionMode: "preferred" }), [
        'mandatory transitEncryptionMode: "preferred"',
        "advisory not evaluated: transitEncryptionEnabled",
      ]);
    });

    it("are judged by their group if they are in one", async () => {
      const cluster = "elasticache/cluster:Cluster";
      assert.deepEqual(await cache({}, cluster), ["mandatory transitEncryptionEnabled: nothing"]);
      assert.deepEqual(
        await cache({ transitEncryptionMode: "preferred", transitEncryptionEnabled: true }, cluster),
        [],
      );
      assert.deepEqual(await cache({ replicationGroupId: "group" }, cluster), []);
      assert.deepEqual(await cache({}, "memorydb/cluster:Cluster"), []);
      assert.deepEqual(await cache({ tlsEnabled: false }, "memorydb/cluster:Cluster"), ["mandatory tlsEnabled: false"]);
    });

    it("are encrypted by the remediation", () => {
      for (const properties of [{}, { transitEncryptionEnabled: false }, { transitEncryptionMode: "preferred" }]) {
        assert.deepEqual(verdictRemediated(tlsInternal, aws(GROUP, properties)), { verdict: [], idempotent: true });
      }
      for (const resource of [
        aws(GROUP, { transitEncryptionEnabled: "true", transitEncryptionMode: "required" }),
        aws(GROUP, { transitEncryptionEnabled: UNKNOWN }),
        aws("elasticache/cluster:Cluster", { transitEncryptionMode: "preferred" }),
      ]) {
        assert.deepEqual(remediated(tlsInternal, resource), resource);
      }
    });
  });

  describe("settings of databases", () => {
    const group = (family: unknown, parameters: unknown, type = "rds/parameterGroup:ParameterGroup") =>
      verdict(POLICY, aws(type, { family, parameters }));
    const setting = (name: string, value: unknown) => [{ name, value }];

    it("refuse plain connections, or leave it to a default that does", async () => {
      for (const [family, name, safe] of [
        ["postgres17", "rds.force_ssl", true],
        ["postgres15", "rds.force_ssl", true],
        ["postgres14", "rds.force_ssl", false],
        ["postgres9.6", "rds.force_ssl", false],
        ["aurora-postgresql17", "rds.force_ssl", true],
        ["aurora-postgresql16", "rds.force_ssl", false],
        ["mysql8.4", "require_secure_transport", false],
        ["mariadb11.8", "require_secure_transport", false],
        ["aurora-mysql8.0", "require_secure_transport", false],
        ["sqlserver-ex-16.0", "rds.force_ssl", false],
        ["docdb5.0", "tls", true],
      ] as const) {
        const type = family.startsWith("docdb") ? "docdb/clusterParameterGroup:ClusterParameterGroup" : undefined;
        const missing = safe ? [] : [`mandatory parameters: no ${name}`];
        assert.deepEqual(await group(family, undefined, type), missing, family);
        assert.deepEqual(await group(family, setting("other", "1"), type), missing, family);
        assert.deepEqual(await group(family, setting(name, "1"), type), []);
        assert.deepEqual(await group(family, setting(name, 0), type), ["mandatory parameters[0].value: 0"]);
      }
    });

    it("are on in any writing, in groups of clusters too", async () => {
      const cluster = "rds/clusterParameterGroup:ClusterParameterGroup";
      for (const value of ["ON", "on", "1", 1, true]) {
        assert.deepEqual(await group("aurora-mysql8.0", setting("require_secure_transport", value), cluster), []);
      }
      const documents = "docdb/clusterParameterGroup:ClusterParameterGroup";
      for (const value of ["enabled", "fips-140-3", "tls1.2+", "tls1.3+"]) {
        assert.deepEqual(await group("docdb5.0", setting("tls", value), documents), []);
      }
      assert.deepEqual(await group("docdb5.0", setting("tls", "disabled"), documents), [
        'mandatory parameters[0].value: "disabled"',
      ]);
      assert.deepEqual(await group("oracle-ee-19", undefined), []);
    });

    it("are judged as far as they are known", async () => {
      assert.deepEqual(await group(UNKNOWN, []), ["advisory not evaluated: family"]);
      assert.deepEqual(await group("postgres14", UNKNOWN), ["advisory not evaluated: parameters"]);
      assert.deepEqual(await group("postgres14", setting("rds.force_ssl", UNKNOWN)), [
        "advisory not evaluated: parameters[0].value",
      ]);
      assert.deepEqual(await group("postgres14", [{ name: UNKNOWN, value: "1" }]), []);
    });

    it("are those of the engine's version for servers without a group", async () => {
      const server = (properties: Record<string, unknown>, type = "rds/instance:Instance") =>
        verdict(POLICY, aws(type, { dbSubnetGroupName: "data", ...properties }));
      const none = ["mandatory parameterGroupName: no group of settings"];
      assert.deepEqual(await server({ engine: "postgres", engineVersion: "15.4" }), []);
      assert.deepEqual(await server({ engine: "postgres" }), []);
      assert.deepEqual(await server({ engine: "postgres", engineVersion: "14.9" }), none);
      assert.deepEqual(await server({ engine: "mysql", engineVersion: "8.4.5" }), none);
      assert.deepEqual(await server({ engine: "mysql" }), none);
      assert.deepEqual(await server({ engine: "mysql", parameterGroupName: "own" }), []);
      assert.deepEqual(await server({ engine: "mysql", parameterGroupName: "default.mysql8.4" }), [
        "mandatory parameterGroupName: default.mysql8.4",
      ]);
      assert.deepEqual(await server({ engine: "mysql", parameterGroupName: UNKNOWN }), []);
      assert.deepEqual(await server({ engine: UNKNOWN }), ["advisory not evaluated: engine"]);
      assert.deepEqual(await server({ engine: "mysql", replicateSourceDb: "primary" }), []);
      assert.deepEqual(await server({ engine: "oracle-ee" }), []);
      assert.deepEqual(await server({ engine: "aurora-mysql" }, "rds/cluster:Cluster"), [
        "mandatory dbClusterParameterGroupName: no group of settings",
      ]);
      assert.deepEqual(
        await server({ engine: "aurora-mysql", dbClusterParameterGroupName: "own" }, "rds/cluster:Cluster"),
        [],
      );
    });
  });

  describe("addresses of stores", () => {
    it("ask for TLS", async () => {
      for (const value of [
        "rediss://redis:6380",
        "postgres://db:5432/app?sslmode=require",
        "postgresql+asyncpg://db/app?sslmode=verify-full",
        "postgres://db/app?ssl=true",
        "mongodb://db/app?tls=true",
        "mongodb://db/app?ssl=true",
        "mongodb+srv://db/app",
        "https://api.example.net",
        "http://worldstore-server:3000",
        "redis",
        "",
      ]) {
        assert.deepEqual(await address(value), [], value);
      }
    });

    it("are rejected, and not shown, without it", async () => {
      for (const [value, found] of [
        ["redis://redis:6379", "an address that begins with redis:// instead of rediss:// (hidden)"],
        ["REDIS://redis:6379", "an address that begins with redis:// instead of rediss:// (hidden)"],
        ["amqp://queue", "an address that begins with amqp:// instead of amqps:// (hidden)"],
        ["postgres://db/app", "an address of PostgreSQL with no sslmode (hidden)"],
        ["postgresql://db/app?sslmode=prefer", "an address of PostgreSQL with sslmode prefer (hidden)"],
        ["postgres://db/app?sslmode=nonsense", "an address of PostgreSQL with sslmode nonsense (hidden)"],
        ["mongodb://db/app", "an address of MongoDB without tls=true (hidden)"],
        ["mongodb+srv://db/app?tls=false", "an address of MongoDB with tls=false (hidden)"],
        ["mongodb+srv://db/app?ssl=false", "an address of MongoDB with tls=false (hidden)"],
      ]) {
        assert.deepEqual(await address(value), [found]);
      }
    });

    it("are as strict as the configuration says", async () => {
      assert.deepEqual(await address("postgres://db?sslmode=verify-ca", { sslmodeMin: "verify-ca" }), []);
      assert.deepEqual(await address("postgres://db?sslmode=require", { sslmodeMin: "verify-ca" }), [
        "an address of PostgreSQL with sslmode require (hidden)",
      ]);
    });

    it("are found in ECS tasks and ConfigMaps, and as modes of their own", async () => {
      const task = taskDefinition([ecsContainer({ environment: [{ name: "A", value: "redis://r" }] })]);
      assert.equal((await verdict(POLICY, task)).length, 1);
      const map = kubernetes("core/v1:ConfigMap", { data: { A: "redis://r", B: UNKNOWN } });
      assert.deepEqual(await verdict(POLICY, map), [
        "mandatory data.A: an address that begins with redis:// instead of rediss:// (hidden)",
        "advisory not evaluated: data.B",
      ]);
      for (const name of ["PGSSLMODE", "DB_SSL_MODE", "POSTGRES_SSLMODE", "APP_DATABASE_SSLMODE"]) {
        const mode = (value: unknown) => verdict(POLICY, deployment({ env: [{ name, value }] }));
        assert.deepEqual(await mode("verify-full"), []);
        assert.deepEqual(await mode("require"), []);
        assert.deepEqual(await mode("prefer"), ['mandatory spec.template.spec.containers[0].env[0].value: "prefer"']);
        assert.deepEqual(await mode(undefined), []);
      }
    });
  });

  describe("the way from the edge to the pods", () => {
    const encrypted = { protocol: "HTTPS", healthCheck: { protocol: "HTTPS", path: "/health", interval: 10 } };
    const all = { [POLICY]: { parameters: { endToEnd: ["*"] } } };

    it("is encrypted in the systems that ask for it", async () => {
      for (const system of ["ecommerce-bot", "retail-brain"]) {
        assert.deepEqual(await verdict(POLICY, ofSystem(system, targetGroup())), [
          'mandatory protocol: "HTTP"',
          'mandatory healthCheck.protocol: "HTTP"',
        ]);
        assert.deepEqual(await verdict(POLICY, ofSystem(system, targetGroup(encrypted))), []);
      }
      assert.deepEqual(await verdict(POLICY, ofSystem("worldstore", targetGroup())), []);
      assert.deepEqual(await verdict(POLICY, targetGroup()), []);
      assert.equal((await verdict(POLICY, targetGroup(), all)).length, 2);
      assert.deepEqual(await verdict(POLICY, targetGroup({ ...encrypted, protocol: "TLS" }), all), []);
      assert.deepEqual(await verdict(POLICY, targetGroup({ targetType: "lambda" }), all), []);
      assert.deepEqual(await verdict(POLICY, targetGroup({ ...encrypted, protocol: UNKNOWN }), all), [
        "advisory not evaluated: protocol",
      ]);
    });

    it("is what the annotations of an Ingress say", async () => {
      const found = (annotations: Record<string, unknown>) =>
        verdict(POLICY, ofSystem("retail-brain", ingress({}, annotations)));
      const [nginx, alb] = ["nginx", "alb"].map((name) => `${name}.ingress.kubernetes.io/backend-protocol`) as [
        string,
        string,
      ];
      assert.deepEqual(await found({}), [`mandatory metadata.annotations["${nginx}"]: nothing`]);
      assert.deepEqual(await found({ [nginx]: "HTTPS" }), []);
      assert.deepEqual(await found({ [nginx]: "GRPC" }), [`mandatory metadata.annotations["${nginx}"]: "GRPC"`]);
      assert.deepEqual(await found({ [alb]: "HTTPS" }), []);
      assert.deepEqual(await found({ [alb]: "HTTP", [nginx]: "HTTPS" }), [
        `mandatory metadata.annotations["${alb}"]: "HTTP"`,
      ]);
      assert.deepEqual(await found({ "nginx.ingress.kubernetes.io/service-upstream": "true" }), []);
    });
  });
});
