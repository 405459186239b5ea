import assert from "node:assert/strict";
import { UNKNOWN, urnOf, type TestResource } from "../testing/analyzer.ts";
import { container, kubernetes, podSpec, workload } from "../testing/fixtures.ts";
import { remediated, verdictRemediated } from "../testing/in-process.ts";
import { stackVerdict, verdict } from "../testing/pack.ts";
import { documentCluster, documentInstances, rdsCluster } from "../testing/store-fixtures.ts";
import { mongoHardened } from "./mongo-hardened.ts";

const POLICY = "mongo-hardened";
const judge = (resource: TestResource, parameters = {}) => verdict(POLICY, resource, { [POLICY]: { parameters } });
const cluster = (overrides: object, parameters = {}) => judge(documentCluster({ ...overrides }), parameters);

const group = (parameters: unknown): TestResource => ({
  type: "aws:docdb/clusterParameterGroup:ClusterParameterGroup",
  properties: { family: "docdb5.0", parameters },
});
const AUDITED = { name: "audit_logs", value: "enabled" };

const ARGS = ["--replSet", "rs0", "--tlsMode", "requireTLS", "--keyFile", "/run/key"];
function server(args: unknown, replicas: unknown = 3, labels = {}): TestResource {
  const resource = workload(podSpec({ containers: [container({ image: "mongo:7.0", args })] }), "StatefulSet");
  const { spec, metadata } = resource.properties as { spec: object; metadata: object };
  return { ...resource, properties: { metadata: { ...metadata, labels }, spec: { ...spec, replicas } } };
}

describe("POL-MONGO-HARDENED (EB-SEC-11)", () => {
  describe("for clusters of DocumentDB", () => {
    it("accepts an encrypted, audited, protected cluster with backups", async () => {
      assert.deepEqual(await cluster({}), []);
      assert.deepEqual(await judge(rdsCluster({ storageEncrypted: false })), []);
    });

    it("rejects what is missing", async () => {
      const bare = {
        storageEncrypted: undefined,
        backupRetentionPeriod: undefined,
        enabledCloudwatchLogsExports: ["profiler"],
        deletionProtection: false,
      };
      assert.deepEqual(await cluster(bare), [
        "mandatory storageEncrypted: nothing",
        "mandatory backupRetentionPeriod: nothing",
        'mandatory enabledCloudwatchLogsExports: ["profiler"]',
        "mandatory deletionProtection: false",
      ]);
      assert.deepEqual(await cluster({ enabledCloudwatchLogsExports: undefined }), [
        "mandatory enabledCloudwatchLogsExports: nothing",
      ]);
    });

    it("wants the days of its configuration, and one in development", async () => {
      assert.deepEqual(await cluster({ backupRetentionPeriod: 6 }), ["mandatory backupRetentionPeriod: 6"]);
      assert.deepEqual(await cluster({ backupRetentionPeriod: 7 }), []);
      assert.deepEqual(await cluster({ backupRetentionPeriod: 7 }, { backupDays: 8 }), [
        "mandatory backupRetentionPeriod: 7",
      ]);
      const development = { tags: { environment: "dev" }, deletionProtection: false };
      assert.deepEqual(await cluster({ ...development, backupRetentionPeriod: undefined }), []);
    });

    it("goes on past values that are not known yet", async () => {
      assert.deepEqual(await cluster({ storageEncrypted: UNKNOWN, deletionProtection: false }), [
        "mandatory deletionProtection: false",
        "advisory not evaluated: storageEncrypted",
      ]);
      assert.deepEqual(await cluster({ enabledCloudwatchLogsExports: [UNKNOWN] }), []);
    });

    it("is put right without knowing more", () => {
      const bare = documentCluster({
        storageEncrypted: false,
        deletionProtection: undefined,
        backupRetentionPeriod: 1,
        enabledCloudwatchLogsExports: ["profiler"],
      });
      assert.deepEqual(verdictRemediated(mongoHardened, bare), { verdict: [], idempotent: true });
      const silent = documentCluster({ enabledCloudwatchLogsExports: undefined });
      assert.deepEqual(remediated(mongoHardened, silent).properties["enabledCloudwatchLogsExports"], ["audit"]);
      for (const right of [documentCluster(), rdsCluster({ storageEncrypted: false })]) {
        assert.deepEqual(remediated(mongoHardened, right), right);
      }
    });
  });

  describe("for parameter groups", () => {
    it("wants TLS and the audit log", async () => {
      assert.deepEqual(await judge(group([AUDITED])), []);
      assert.deepEqual(await judge(group([AUDITED, { name: "tls", value: "tls1.2+" }])), []);
      assert.deepEqual(await judge(group([AUDITED, { name: "tls", value: "disabled" }])), [
        'mandatory parameters[1].value: "disabled"',
      ]);
      assert.deepEqual(await judge(group([{ name: "audit_logs", value: "disabled" }])), [
        'mandatory parameters[0].value: "disabled"',
      ]);
      assert.deepEqual(await judge(group([{ name: "audit_logs", value: "none" }])), [
        'mandatory parameters[0].value: "none"',
      ]);
      assert.deepEqual(await judge(group(undefined)), ["mandatory parameters: no parameter audit_logs"]);
      assert.deepEqual(await judge(group(UNKNOWN)), ["advisory not evaluated: parameters"]);
    });
  });

  describe("for members of a cluster", () => {
    const found = (count: string) => [`mandatory clusterIdentifier: ${count}`];

    it("wants three", async () => {
      assert.deepEqual(await stackVerdict(POLICY, [documentCluster(), ...documentInstances(3)]), []);
      assert.deepEqual(await stackVerdict(POLICY, [documentCluster(), ...documentInstances(1)]), found("1 member"));
      assert.deepEqual(await stackVerdict(POLICY, [documentCluster(), ...documentInstances(2)]), found("2 members"));
      const config = { [POLICY]: { parameters: { members: 5 } } };
      assert.deepEqual(
        await stackVerdict(POLICY, [documentCluster(), ...documentInstances(4)], config),
        found("4 members"),
      );
      assert.deepEqual(await stackVerdict(POLICY, [documentCluster({ tags: { environment: "dev" } })]), []);
    });

    it("follows references that are not known yet", async () => {
      const members = documentInstances(3).map((one) => ({ ...one, properties: { clusterIdentifier: UNKNOWN } }));
      const propertyDependencies = { clusterIdentifier: [urnOf(documentCluster())] };
      const referring = members.map((one) => ({ ...one, propertyDependencies }));
      assert.deepEqual(await stackVerdict(POLICY, [documentCluster(), ...referring]), []);
      assert.deepEqual(
        [...new Set(await stackVerdict(POLICY, [documentCluster(), ...members]))],
        ["advisory not evaluated: clusterIdentifier"],
      );
    });
  });

  describe("for servers in the cluster", () => {
    const args = "mandatory spec.template.spec.containers[0].args";

    it("accepts a replica set with TLS and users", async () => {
      assert.deepEqual(await judge(server(ARGS)), []);
      assert.deepEqual(await judge(server(["--replSet=rs0 --tlsMode=requireTLS --auth --port 1"])), []);
      assert.deepEqual(await judge(server(["--config", "/etc/mongod.conf"])), []);
      assert.deepEqual(await judge(server(["-f", "/etc/mongod.conf"])), []);
    });

    it("rejects servers that lack them", async () => {
      assert.deepEqual(await judge(server(undefined)), [
        `${args}: no replica set`,
        `${args}: connections without TLS`,
        `${args}: no users`,
      ]);
      assert.deepEqual(await judge(server([...ARGS.slice(0, 3), "preferTLS", "--auth", "x"])), [
        `${args}: connections without TLS`,
      ]);
    });

    it("counts members; development may have one", async () => {
      assert.deepEqual(await judge(server(ARGS, 2)), ["mandatory spec.replicas: 2"]);
      assert.deepEqual(await judge(server(ARGS, 1, { environment: "dev" })), []);
      const operated = (spec: object) =>
        judge(kubernetes("mongodbcommunity.mongodb.com/v1:MongoDBCommunity", { spec }));
      assert.deepEqual(await operated({ members: 3, security: { tls: { enabled: true } } }), []);
      assert.deepEqual(await operated({}), [
        "mandatory spec.members: nothing",
        "mandatory spec.security.tls.enabled: nothing",
      ]);
    });

    it("waits for arguments that are not known yet", async () => {
      assert.deepEqual(await judge(server(UNKNOWN, 2)), [
        "mandatory spec.replicas: 2",
        "advisory not evaluated: spec.template.spec.containers[0].args",
      ]);
    });
  });
});
