import assert from "node:assert/strict";
import { UNKNOWN, type TestResource } from "../testing/analyzer.ts";
import { container, kubernetes, podSpec, workload } from "../testing/fixtures.ts";
import { inSystem, rdsCluster, rdsClusterInstance, rdsInstance, rdsReplica } from "../testing/store-fixtures.ts";
import { verdict } from "../testing/pack.ts";
import { remediated, verdictRemediated } from "../testing/in-process.ts";
import { pgBaseline } from "./pg-baseline.ts";

const POLICY = "pg-baseline";
const judge = (resource: TestResource, parameters = {}) => verdict(POLICY, resource, { [POLICY]: { parameters } });
const archesai = (resource: TestResource) => judge(inSystem("archesai", resource));

/** The settings of archesai as RDS counts them. */
const SETTINGS = {
  max_connections: "200",
  shared_buffers: "262144",
  effective_cache_size: "786432",
  maintenance_work_mem: "524288",
  checkpoint_completion_target: "0.9",
  wal_buffers: "2048",
  default_statistics_target: "100",
  random_page_cost: "1.1",
  effective_io_concurrency: "200",
  work_mem: "10485",
  min_wal_size: "1024",
  max_wal_size: "4096",
};

function group(overrides: Record<string, unknown> = {}, properties = {}): TestResource {
  const parameters = Object.entries({ ...SETTINGS, ...overrides })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ({ name, value }));
  return {
    type: "aws:rds/parameterGroup:ParameterGroup",
    properties: { family: "postgres17", parameters, ...properties },
  };
}

function file(
  settings: Record<string, string>,
  others: Record<string, unknown> = { "init.sql": "vector pg_stat_statements" },
) {
  const text = Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`);
  return kubernetes("core/v1:ConfigMap", { data: { "postgresql.conf": text.join(""), ...others } });
}

function server(image: string, storage: unknown = "100Gi", labels = {}): TestResource {
  const resource = workload(podSpec({ containers: [container({ image })] }), "StatefulSet");
  const volumeClaimTemplates = [{ spec: { resources: { requests: { storage } } } }];
  const { spec, metadata } = resource.properties as { spec: object; metadata: object };
  return {
    ...resource,
    properties: { metadata: { ...metadata, labels }, spec: { ...spec, volumeClaimTemplates } },
  };
}

describe("POL-PG-BASELINE (AR-SEC-02, AR-SEC-04, AR-SEC-20, CC-SEC-22, CC-SEC-33, RB-SEC-01)", () => {
  describe("for servers of RDS", () => {
    it("accepts supported, maintained and protected ones", async () => {
      for (const resource of [rdsInstance(), rdsReplica(), rdsCluster(), rdsClusterInstance()]) {
        assert.deepEqual(await judge(resource), [], resource.name);
      }
      assert.deepEqual(await judge(rdsInstance({ engineVersion: "14", autoMinorVersionUpgrade: undefined })), []);
      assert.deepEqual(await judge(rdsInstance({ engineVersion: undefined })), []);
    });

    it("rejects old versions", async () => {
      assert.deepEqual(await judge(rdsInstance({ engineVersion: "13.18" })), ['mandatory engineVersion: "13.18"']);
      assert.deepEqual(await judge(rdsCluster({ engineVersion: "next" })), ['mandatory engineVersion: "next"']);
      assert.deepEqual(await judge(rdsInstance(), { minVersion: { default: 18 } }), [
        'mandatory engineVersion: "17.11"',
      ]);
      assert.deepEqual(await judge(rdsInstance({ engineVersion: "9" }), { minVersion: {} }), []);
    });

    it("rejects what can be deleted, is not upgraded or has no time for maintenance", async () => {
      const neglected = { deletionProtection: undefined, autoMinorVersionUpgrade: false };
      assert.deepEqual(await judge(rdsInstance({ ...neglected, maintenanceWindow: undefined })), [
        "mandatory deletionProtection: nothing",
        "mandatory autoMinorVersionUpgrade: false",
        "mandatory maintenanceWindow: nothing",
      ]);
      assert.deepEqual(await judge(rdsCluster({ deletionProtection: false, preferredMaintenanceWindow: "" })), [
        "mandatory deletionProtection: false",
        'mandatory preferredMaintenanceWindow: ""',
      ]);
      assert.deepEqual(await judge(rdsClusterInstance({ autoMinorVersionUpgrade: "false" })), [
        'mandatory autoMinorVersionUpgrade: "false"',
      ]);
    });

    it("rejects magnetic storage and, for archesai, too little", async () => {
      assert.deepEqual(await judge(rdsInstance({ storageType: "standard" })), ['mandatory storageType: "standard"']);
      assert.deepEqual(await judge(rdsInstance({ storageType: undefined })), []);
      assert.deepEqual(await archesai(rdsInstance({ allocatedStorage: 99 })), ["mandatory allocatedStorage: 99"]);
      assert.deepEqual(await archesai(rdsInstance({ allocatedStorage: 100 })), []);
      assert.deepEqual(await archesai(rdsInstance({ allocatedStorage: undefined })), [
        "mandatory allocatedStorage: nothing",
      ]);
      assert.deepEqual(await archesai(rdsReplica({ allocatedStorage: undefined, engine: "postgres" })), []);
    });

    it("asks less of development, and nothing of other engines", async () => {
      const small = { allocatedStorage: 20, deletionProtection: false, tags: { environment: "dev" } };
      assert.deepEqual(await archesai(rdsInstance(small)), []);
      assert.deepEqual(await judge(rdsInstance({ engine: "mysql", deletionProtection: false })), []);
    });

    it("goes on past values that are not known yet", async () => {
      assert.deepEqual(await judge(rdsInstance({ engineVersion: UNKNOWN, storageType: "standard" })), [
        'mandatory storageType: "standard"',
        "advisory not evaluated: engineVersion",
      ]);
    });
  });

  describe("for parameter groups", () => {
    it("accepts the system's settings in the units of RDS, and any for other systems and engines", async () => {
      assert.deepEqual(await archesai(group()), []);
      assert.deepEqual(await judge(group({ max_connections: "50" })), []);
      assert.deepEqual(await archesai(group({ max_connections: "50" }, { family: "mysql8.0" })), []);
      assert.deepEqual(await archesai(group({}, { family: "aurora-postgresql16" })), []);
    });

    it("rejects every other value, and none", async () => {
      assert.deepEqual(await archesai(group({ max_connections: "100", work_mem: undefined })), [
        "mandatory parameters[0].value: max_connections = 100",
        "mandatory parameters: work_mem = nothing",
      ]);
      const cluster = {
        ...group({ max_connections: "1" }),
        type: "aws:rds/clusterParameterGroup:ClusterParameterGroup",
      };
      assert.deepEqual(await archesai(cluster), ["mandatory parameters[0].value: max_connections = 1"]);
    });

    it("wants pg_stat_statements preloaded, as RDS does by itself", async () => {
      assert.deepEqual(await archesai(group({ shared_preload_libraries: "auto_explain, pg_stat_statements" })), []);
      assert.deepEqual(await archesai(group({ shared_preload_libraries: "auto_explain" })), [
        "mandatory parameters[12].value: shared_preload_libraries = auto_explain",
      ]);
    });

    it("goes on past values that are not known yet", async () => {
      const unknown = { max_connections: UNKNOWN, shared_preload_libraries: UNKNOWN, work_mem: "1" };
      assert.deepEqual(await archesai(group(unknown)), [
        "mandatory parameters[9].value: work_mem = 1",
        "advisory not evaluated: parameters[0].value",
        "advisory not evaluated: parameters[12].value",
      ]);
      assert.deepEqual(await archesai(group({}, { parameters: UNKNOWN })), ["advisory not evaluated: parameters"]);
    });
  });

  describe("for servers in the cluster", () => {
    const complete = { ...SETTINGS, shared_buffers: "2GB", shared_preload_libraries: "pg_stat_statements" };

    it("accepts the system's settings and extensions in its files", async () => {
      assert.deepEqual(await archesai(file(complete)), []);
      assert.deepEqual(await judge(file({ max_connections: "5" }, {})), []);
      assert.deepEqual(await archesai(kubernetes("core/v1:ConfigMap", { data: { "redis.conf": "" } })), []);
    });

    it("rejects other settings, nothing preloaded and no extension", async () => {
      const path = 'data["postgresql.conf"]';
      assert.deepEqual(await archesai(file({ ...complete, max_connections: "100" })), [
        `mandatory ${path}: max_connections = 100`,
      ]);
      assert.deepEqual(await archesai(file(SETTINGS)), [`mandatory ${path}: shared_preload_libraries = nothing`]);
      assert.deepEqual(await archesai(file(complete, { "init.sql": "vectors pg_stat_statements" })), [
        "mandatory data: no file that creates vector",
      ]);
      assert.deepEqual(await archesai(file(complete, { "init.sql": "vector" })), [
        "mandatory data: no file that creates pg_stat_statements",
      ]);
    });

    it("waits for files that are not known yet", async () => {
      assert.deepEqual(await archesai(file(complete, { "init.sql": UNKNOWN })), [
        'advisory not evaluated: data["init.sql"]',
      ]);
      assert.deepEqual(await archesai(kubernetes("core/v1:ConfigMap", { data: { "postgresql.conf": UNKNOWN } })), [
        'advisory not evaluated: data["postgresql.conf"]',
      ]);
    });

    it("reads the version of the image and the size of the volumes", async () => {
      const image = "mandatory spec.template.spec.containers[0].image";
      assert.deepEqual(await judge(server("postgres:13.4")), [`${image}: "postgres:13.4"`]);
      assert.deepEqual(await judge(server("postgres:14")), []);
      assert.deepEqual(await judge(server("images.local/postgres:1f2e3d4")), []);
      assert.deepEqual(await judge(server("images.local/postgres:preview")), []);
      const size = "mandatory spec.volumeClaimTemplates[0].spec.resources.requests.storage";
      assert.deepEqual(await archesai(server("postgres:17", "99G")), [`${size}: "99G"`]);
      assert.deepEqual(await archesai(server("postgres:17", "100G")), []);
      assert.deepEqual(await archesai(server("postgres:17", null)), [`${size}: nothing`]);
      assert.deepEqual(await archesai(server("postgres:17", "2Gi", { environment: "dev" })), []);
      assert.deepEqual(await archesai(server("redis:7", "2Gi")), []);
    });
  });

  it("is put right where upgrades were turned off", () => {
    for (const resource of [rdsInstance, rdsClusterInstance]) {
      const neglected = resource({ autoMinorVersionUpgrade: false });
      assert.deepEqual(verdictRemediated(pgBaseline, neglected), { verdict: [], idempotent: true });
    }
    const mysql = rdsInstance({ engine: "mysql", autoMinorVersionUpgrade: false });
    for (const right of [rdsInstance(), rdsInstance({ autoMinorVersionUpgrade: undefined }), mysql]) {
      assert.deepEqual(remediated(pgBaseline, right), right);
    }
  });
});
