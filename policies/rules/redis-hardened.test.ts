import assert from "node:assert/strict";
import { UNKNOWN, type TestResource } from "../testing/analyzer.ts";
import { container, kubernetes, podSpec, workload } from "../testing/fixtures.ts";
import { remediated, verdictRemediated } from "../testing/in-process.ts";
import { stackVerdict, verdict } from "../testing/pack.ts";
import { cacheGroup, inSystem } from "../testing/store-fixtures.ts";
import { redisHardened } from "./redis-hardened.ts";

const POLICY = "redis-hardened";
const judge = (resource: TestResource, parameters = {}) => verdict(POLICY, resource, { [POLICY]: { parameters } });
const inThe = (system: string, resource: TestResource, parameters = {}) =>
  judge(inSystem(system, resource), parameters);

const group = (value: unknown, family = "redis7"): TestResource => ({
  type: "aws:elasticache/parameterGroup:ParameterGroup",
  properties: { family, parameters: value === undefined ? [] : [{ name: "maxmemory-policy", value }] },
});

const conf = (text: unknown, labels = {}) => ({
  ...kubernetes("core/v1:ConfigMap", { data: { "redis.conf": text, "users.json": "{}" } }, "redis-settings"),
  properties: {
    metadata: { name: "redis-settings", namespace: "worldstore", labels },
    data: { "redis.conf": text, "users.json": "{}" },
  },
});

/** A Redis in the cluster that mounts its settings. */
function server(overrides: Record<string, unknown> = {}, replicas: unknown = 3, labels: object = {}): TestResource {
  const redis = container({ image: "images.local/redis:7.4", args: ["--tls-port", "6380"], ...overrides });
  const volumes = [{ name: "settings", configMap: { name: "redis-settings" } }];
  const resource = workload(podSpec({ containers: [redis], volumes }), "StatefulSet");
  const { spec, metadata } = resource.properties as { spec: object; metadata: object };
  return { ...resource, properties: { metadata: { ...metadata, labels }, spec: { ...spec, replicas } } };
}

describe("POL-REDIS-HARDENED (WS-SEC-25, EB-SEC-10, AR-SEC-03, AR-SEC-23, AR-SEC-24, RB-SEC-02, RB-SEC-15)", () => {
  describe("for caches of ElastiCache", () => {
    it("accepts a current, encrypted cache with users and three nodes", async () => {
      assert.deepEqual(await judge(cacheGroup()), []);
      assert.deepEqual(await judge(cacheGroup({ engineVersion: undefined, autoMinorVersionUpgrade: undefined })), []);
      assert.deepEqual(await judge(cacheGroup({ userGroupIds: undefined, authToken: UNKNOWN })), []);
      assert.deepEqual(await judge(cacheGroup({ userGroupIds: [], authTokenWo: "given" })), []);
    });

    it("rejects old versions", async () => {
      assert.deepEqual(await judge(cacheGroup({ engineVersion: "5.0.6" })), ['mandatory engineVersion: "5.0.6"']);
      assert.deepEqual(await judge(cacheGroup({ engineVersion: "6.2" })), []);
      assert.deepEqual(await inThe("archesai", cacheGroup({ engineVersion: "6.2" })), [
        'mandatory engineVersion: "6.2"',
      ]);
      assert.deepEqual(await judge(cacheGroup({ engineVersion: "latest" })), ['mandatory engineVersion: "latest"']);
    });

    it("rejects connections without TLS or password, and data in the clear", async () => {
      const open = { transitEncryptionEnabled: undefined, atRestEncryptionEnabled: undefined, userGroupIds: undefined };
      assert.deepEqual(await judge(cacheGroup(open)), [
        "mandatory transitEncryptionEnabled: nothing",
        "mandatory atRestEncryptionEnabled: nothing",
        "mandatory userGroupIds: neither users nor a password",
      ]);
      assert.deepEqual(await judge(cacheGroup({ transitEncryptionMode: "preferred" })), [
        'mandatory transitEncryptionMode: "preferred"',
      ]);
      assert.deepEqual(await judge(cacheGroup({ engine: "valkey", atRestEncryptionEnabled: undefined })), []);
      assert.deepEqual(await judge(cacheGroup({ engine: "valkey", atRestEncryptionEnabled: false })), [
        "mandatory atRestEncryptionEnabled: false",
      ]);
    });

    it("rejects the default network and engines that stay as they are", async () => {
      const found = (value: string) => [`mandatory subnetGroupName: ${value}`];
      assert.deepEqual(await judge(cacheGroup({ subnetGroupName: "default" })), found('"default"'));
      assert.deepEqual(await judge(cacheGroup({ subnetGroupName: undefined })), found("nothing"));
      assert.deepEqual(await judge(cacheGroup({ autoMinorVersionUpgrade: false })), [
        "mandatory autoMinorVersionUpgrade: false",
      ]);
    });

    it("wants snapshots, a takeover and enough nodes", async () => {
      const frail = { snapshotRetentionLimit: 0, automaticFailoverEnabled: false, numCacheClusters: 2 };
      assert.deepEqual(await judge(cacheGroup(frail)), [
        "mandatory snapshotRetentionLimit: 0",
        "mandatory automaticFailoverEnabled: false",
        "mandatory numCacheClusters: 2",
      ]);
      assert.deepEqual(await judge(cacheGroup({ snapshotRetentionLimit: 1 }), { snapshotDays: 2 }), [
        "mandatory snapshotRetentionLimit: 1",
      ]);
      assert.deepEqual(await judge(cacheGroup({ ...frail, tags: { environment: "dev" } })), []);
      assert.deepEqual(await judge(cacheGroup({ numCacheClusters: 1 }), { minNodes: {} }), []);
    });

    it("counts the nodes of shards, which retail-brain needs", async () => {
      const shards = (numNodeGroups: unknown, replicasPerNodeGroup: unknown) =>
        cacheGroup({ numCacheClusters: undefined, numNodeGroups, replicasPerNodeGroup });
      assert.deepEqual(await judge(shards(3, undefined)), []);
      assert.deepEqual(await judge(shards(1, 1)), ["mandatory numNodeGroups: 2 nodes"]);
      assert.deepEqual(await judge(shards(1, 2)), []);
      assert.deepEqual(await inThe("retail-brain", shards(2, 1)), []);
      assert.deepEqual(await inThe("retail-brain", shards(1, 2)), ["mandatory numNodeGroups: 1"]);
      assert.deepEqual(await inThe("retail-brain", cacheGroup()), ["mandatory numNodeGroups: nothing"]);
      assert.deepEqual(await judge(shards(2, UNKNOWN)), ["advisory not evaluated: replicasPerNodeGroup"]);
    });

    it("wants the node type of worldstore, and the eviction of those that state one", async () => {
      assert.deepEqual(await inThe("worldstore", cacheGroup({ nodeType: "cache.t4g.micro" })), [
        'mandatory nodeType: "cache.t4g.micro"',
      ]);
      assert.deepEqual(await judge(cacheGroup({ nodeType: "cache.t4g.micro" })), []);
      assert.deepEqual(await inThe("archesai", group("allkeys-lru")), []);
      assert.deepEqual(await inThe("archesai", group("noeviction")), ['mandatory parameters[0].value: "noeviction"']);
      assert.deepEqual(await inThe("ecommerce-bot", group(undefined)), [
        "mandatory parameters: volatile-lru by default",
      ]);
      assert.deepEqual(await inThe("ecommerce-bot", group(undefined, "valkey8")), [
        "mandatory parameters: volatile-lru by default",
      ]);
      assert.deepEqual(await inThe("archesai", group("noeviction", "memcached1.6")), []);
      assert.deepEqual(await judge(group("noeviction")), []);
      assert.deepEqual(await inThe("archesai", group(UNKNOWN)), ["advisory not evaluated: parameters[0].value"]);
    });

    it("goes on past values that are not known yet", async () => {
      assert.deepEqual(await judge(cacheGroup({ transitEncryptionEnabled: UNKNOWN, numCacheClusters: 1 })), [
        "mandatory numCacheClusters: 1",
        "advisory not evaluated: transitEncryptionEnabled",
      ]);
    });

    it("is put right without knowing more", () => {
      const open = cacheGroup({
        snapshotRetentionLimit: 0,
        transitEncryptionEnabled: false,
        atRestEncryptionEnabled: undefined,
        autoMinorVersionUpgrade: false,
      });
      assert.deepEqual(verdictRemediated(redisHardened, open), { verdict: [], idempotent: true });
      for (const right of [cacheGroup(), cacheGroup({ autoMinorVersionUpgrade: undefined }), group("noeviction")]) {
        assert.deepEqual(remediated(redisHardened, right), right);
      }
    });
  });

  describe("for the settings of servers in the cluster", () => {
    const path = 'mandatory data["redis.conf"]';
    const full = "maxmemory 2gb\nmaxmemory-policy allkeys-lru\nsave 900 1\nsave 300 10 60 10000\nappendonly yes\n";

    it("wants data that outlives a restart", async () => {
      assert.deepEqual(await judge(conf("maxmemory 96mb\n")), []);
      assert.deepEqual(await judge(conf('save ""\nappendonly yes\n')), []);
      assert.deepEqual(await judge(conf('save ""\nappendonly no\n')), [
        `${path}: neither save points nor an append-only file`,
      ]);
    });

    it("wants what the system states", async () => {
      assert.deepEqual(await inThe("archesai", conf(full)), []);
      assert.deepEqual(await inThe("archesai", conf("maxmemory 1gb\nappendonly no\nsave 900 1 300 10 60 10000\n")), [
        `${path}: maxmemory-policy not set`,
        `${path}: maxmemory 1gb`,
        `${path}: appendonly no`,
      ]);
      assert.deepEqual(await inThe("ecommerce-bot", conf(full.replace("900 1", "1900 1"))), [
        `${path}: save 1900 1 300 10 60 10000`,
      ]);
    });

    it("asks no eviction of queues and no memory of development", async () => {
      const queue = conf(full.replace("allkeys-lru", "noeviction"), { "app.kubernetes.io/component": "queue" });
      assert.deepEqual(await inThe("archesai", queue), []);
      const small = conf(full.replace("2gb", "96mb"), { environment: "dev" });
      assert.deepEqual(await inThe("archesai", small), []);
    });

    it("waits for files that are not known yet", async () => {
      assert.deepEqual(await judge(conf(UNKNOWN)), ['advisory not evaluated: data["redis.conf"]']);
    });
  });

  describe("for servers in the cluster", () => {
    const args = "mandatory spec.template.spec.containers[0].args";
    const bare = { ...conf("maxmemory 1gb\n"), name: "bare" };
    const withoutUsers = (text: string): TestResource => ({
      ...bare,
      properties: { metadata: bare.properties.metadata, data: { "redis.conf": text } },
    });

    it("accepts TLS and users in arguments or files", async () => {
      assert.deepEqual(await stackVerdict(POLICY, [server(), conf("appendonly yes\n")]), []);
      assert.deepEqual(
        await stackVerdict(POLICY, [server({ args: [] }), withoutUsers("tls-port 1\naclfile /a\n")]),
        [],
      );
      const told = server({ command: ["redis-server", "--requirepass x --tls-port 1"], args: undefined });
      assert.deepEqual(await stackVerdict(POLICY, [told]), []);
    });

    it("rejects servers without them", async () => {
      assert.deepEqual(await stackVerdict(POLICY, [server({ args: undefined })]), [
        `${args}: no tls-port`,
        `${args}: no requirepass or aclfile or user`,
      ]);
      const elsewhere = { ...conf("tls-port 1\n"), properties: { ...conf("tls-port 1\n").properties } };
      elsewhere.properties.metadata = { ...elsewhere.properties.metadata, namespace: "other" };
      assert.deepEqual(await stackVerdict(POLICY, [server(), elsewhere]), [
        `${args}: no requirepass or aclfile or user`,
      ]);
    });

    it("counts servers; queues and development may have one", async () => {
      const found = (count: string) => [`mandatory spec.replicas: ${count}`];
      assert.deepEqual(await stackVerdict(POLICY, [server({}, 2), conf("")]), found("2"));
      assert.deepEqual(await stackVerdict(POLICY, [server({}, null), conf("")]), found("nothing"));
      assert.deepEqual(await stackVerdict(POLICY, [server({}, 1, { environment: "dev" }), conf("")]), []);
      const queue = server({}, 1, { "app.kubernetes.io/component": "queue" });
      assert.deepEqual(await stackVerdict(POLICY, [queue, conf("")]), []);
    });

    it("wants sentinels for archesai", async () => {
      const sentinel = (text: unknown) =>
        kubernetes("core/v1:ConfigMap", { data: { "sentinel.conf": text } }, "sentinel");
      const redis = inSystem("archesai", server());
      const quorum = (count: number) =>
        sentinel(`port 26379\nsentinel monitor archesai-master redis-master 6379 ${count}\n`);
      assert.deepEqual(await stackVerdict(POLICY, [redis, conf(""), quorum(2)]), []);
      const template = "mandatory spec.template";
      assert.deepEqual(await stackVerdict(POLICY, [redis, conf("")]), [`${template}: no sentinel`]);
      assert.deepEqual(await stackVerdict(POLICY, [redis, conf(""), quorum(1)]), [`${template}: a quorum of 1`]);
      assert.deepEqual(await stackVerdict(POLICY, [redis, conf(""), sentinel("sentinel monitor")]), [
        `${template}: no sentinel`,
      ]);
      assert.deepEqual(await stackVerdict(POLICY, [redis, conf(""), sentinel(UNKNOWN)]), [
        'advisory not evaluated: data["sentinel.conf"]',
      ]);
      const runs = server({ command: ["redis-sentinel", "/etc/sentinel.conf"], args: undefined }, 3);
      assert.deepEqual(await stackVerdict(POLICY, [inSystem("archesai", runs)]), []);
    });

    it("waits for arguments and files that are not known yet", async () => {
      assert.deepEqual(await stackVerdict(POLICY, [server({ args: UNKNOWN }), withoutUsers("")]), [
        "advisory not evaluated: spec.template.spec.containers[0].args",
      ]);
      const unknown = { ...bare, properties: { ...bare.properties, data: { "redis.conf": UNKNOWN } } };
      const reports = await stackVerdict(POLICY, [server({ args: [] }), unknown]);
      assert.deepEqual([...new Set(reports)], ['advisory not evaluated: data["redis.conf"]']);
    });
  });
});
