import assert from "node:assert/strict";
import { UNKNOWN, urnOf, type TestResource } from "../testing/analyzer.ts";
import { container, kubernetes, podSpec, workload } from "../testing/fixtures.ts";
import { cacheGroup, rdsCluster, rdsClusterInstance, rdsInstance, rdsReplica } from "../testing/store-fixtures.ts";
import { stackVerdict, verdict } from "../testing/pack.ts";
import { remediated, verdictRemediated } from "../testing/in-process.ts";
import { dbHa } from "./db-ha.ts";

const POLICY = "db-ha";
const judge = (resource: TestResource, parameters = {}) => verdict(POLICY, resource, { [POLICY]: { parameters } });

/** A database in the cluster with a number of copies. */
function inCluster(image: string, replicas: unknown): TestResource {
  const resource = workload(podSpec({ containers: [container({ image })] }), "StatefulSet");
  const { spec } = resource.properties as { spec: object };
  return { ...resource, properties: { ...resource.properties, spec: { ...spec, replicas } } };
}

const cacheCluster = (properties: Record<string, unknown>): TestResource => ({
  type: "aws:elasticache/cluster:Cluster",
  properties,
});

describe("POL-DB-HA (AR-SEC-32, RB-SEC-25, RB-SEC-45)", () => {
  it("accepts databases with a standby, and replicas", async () => {
    for (const resource of [rdsInstance(), rdsReplica(), cacheGroup()]) {
      assert.deepEqual(await judge(resource), [], resource.name);
    }
  });

  it("rejects a server of RDS without a standby, stated or not", async () => {
    assert.deepEqual(await judge(rdsInstance({ multiAz: false })), ["mandatory multiAz: false"]);
    assert.deepEqual(await judge(rdsInstance({ multiAz: undefined })), ["mandatory multiAz: nothing"]);
  });

  it("rejects caches that nobody takes over", async () => {
    assert.deepEqual(await judge(cacheGroup({ automaticFailoverEnabled: undefined, multiAzEnabled: false })), [
      "mandatory automaticFailoverEnabled: nothing",
      "mandatory multiAzEnabled: false",
    ]);
    assert.deepEqual(await judge(cacheGroup({ numCacheClusters: 1 })), ["mandatory numCacheClusters: 1"]);
    assert.deepEqual(await judge(cacheGroup({ numCacheClusters: 2 })), []);
    const sharded = { numCacheClusters: undefined, numNodeGroups: 3 };
    assert.deepEqual(await judge(cacheGroup({ ...sharded, replicasPerNodeGroup: 1 })), []);
    assert.deepEqual(await judge(cacheGroup({ ...sharded, replicasPerNodeGroup: 0 })), [
      "mandatory replicasPerNodeGroup: 0",
    ]);
    assert.deepEqual(await judge(cacheGroup(sharded)), ["mandatory replicasPerNodeGroup: nothing"]);
  });

  it("rejects a Redis node of its own; memcached and members of groups are none", async () => {
    assert.deepEqual(await judge(cacheCluster({ engine: "redis" })), ['mandatory engine: "redis"']);
    assert.deepEqual(await judge(cacheCluster({ engine: "memcached" })), []);
    assert.deepEqual(await judge(cacheCluster({ replicationGroupId: "group" })), []);
    assert.deepEqual(await judge(cacheCluster({ engine: UNKNOWN })), []);
  });

  it("counts servers in the cluster, without the property one", async () => {
    const found = (count: unknown) => [`mandatory spec.replicas: ${String(count ?? "nothing")}`];
    assert.deepEqual(await judge(inCluster("images.local/mongo:7.0", 2)), found(2));
    assert.deepEqual(await judge(inCluster("images.local/mongo:7.0", 3)), []);
    assert.deepEqual(await judge(inCluster("mongo:7.0", 4), { minMongoMembers: 5 }), found(4));
    assert.deepEqual(await judge(inCluster("postgres:17", 1)), found(1));
    assert.deepEqual(await judge(inCluster("postgres:17", undefined)), found(undefined));
    assert.deepEqual(await judge(inCluster("postgres:17", 2)), []);
    assert.deepEqual(await judge(inCluster("redis:7", 1)), []);
    assert.deepEqual(await judge(inCluster("postgres-exporter:1", 1)), []);
    assert.deepEqual(await judge(inCluster("postgres:17", UNKNOWN)), ["advisory not evaluated: spec.replicas"]);
  });

  it("counts what operators run", async () => {
    const instances = (type: string, spec: object) => judge(kubernetes(type, { spec }));
    assert.deepEqual(await instances("postgresql.cnpg.io/v1:Cluster", { instances: 1 }), [
      "mandatory spec.instances: 1",
    ]);
    assert.deepEqual(await instances("postgresql.cnpg.io/v1:Cluster", { instances: 2 }), []);
    assert.deepEqual(await instances("acid.zalan.do/v1:postgresql", {}), ["mandatory spec.numberOfInstances: nothing"]);
    const mongo = "mongodbcommunity.mongodb.com/v1:MongoDBCommunity";
    assert.deepEqual(await instances(mongo, { members: 2 }), ["mandatory spec.members: 2"]);
    assert.deepEqual(await instances(mongo, { members: 3 }), []);
  });

  it("asks nothing of development", async () => {
    assert.deepEqual(await judge(rdsInstance({ multiAz: false, tags: { environment: "dev" } })), []);
    const aurora = rdsCluster({ tags: { environment: "dev" } });
    assert.deepEqual(await stackVerdict(POLICY, [aurora]), []);
  });

  it("goes on past values that are not known yet", async () => {
    assert.deepEqual(await judge(cacheGroup({ automaticFailoverEnabled: UNKNOWN, numCacheClusters: 1 })), [
      "mandatory numCacheClusters: 1",
      "advisory not evaluated: automaticFailoverEnabled",
    ]);
  });

  describe("for the instances of Aurora", () => {
    const member = (name: string, overrides = {}): TestResource => ({ ...rdsClusterInstance(overrides), name });

    it("wants two, named or referred to", async () => {
      assert.deepEqual(await stackVerdict(POLICY, [rdsCluster(), member("a"), member("b")]), []);
      const propertyDependencies = { clusterIdentifier: [urnOf(rdsCluster())] };
      const referring = { ...member("b", { clusterIdentifier: UNKNOWN }), propertyDependencies };
      assert.deepEqual(await stackVerdict(POLICY, [rdsCluster(), member("a"), referring]), []);
    });

    it("rejects fewer, and does not count those of others", async () => {
      assert.deepEqual(await stackVerdict(POLICY, [rdsCluster()]), [
        "mandatory clusterIdentifier: a cluster without an instance",
      ]);
      const other = member("b", { clusterIdentifier: "other" });
      assert.deepEqual(await stackVerdict(POLICY, [rdsCluster(), member("a"), other]), [
        "mandatory clusterIdentifier: a cluster with one instance",
      ]);
      assert.deepEqual(await stackVerdict(POLICY, [rdsCluster({ engine: "postgres" })]), []);
    });

    it("waits for the update where nothing tells whose an instance is", async () => {
      const astray = member("b", { clusterIdentifier: UNKNOWN });
      assert.deepEqual(await stackVerdict(POLICY, [rdsCluster(), member("a"), astray]), [
        "advisory not evaluated: clusterIdentifier",
      ]);
    });
  });

  it("is put right for servers of RDS, and leaves replicas alone", () => {
    const lone = rdsInstance({ multiAz: false });
    assert.deepEqual(verdictRemediated(dbHa, lone), { verdict: [], idempotent: true });
    for (const right of [rdsInstance(), rdsReplica(), cacheGroup()]) {
      assert.deepEqual(remediated(dbHa, right), right);
    }
  });
});
