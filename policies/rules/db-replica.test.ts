import assert from "node:assert/strict";
import { UNKNOWN, urnOf, type TestResource } from "../testing/analyzer.ts";
import { container, kubernetes, podSpec, workload } from "../testing/fixtures.ts";
import { inSystem, rdsCluster, rdsClusterInstance, rdsInstance, rdsReplica } from "../testing/store-fixtures.ts";
import { stackVerdict } from "../testing/pack.ts";

const POLICY = "db-replica";
const of = (system: string, ...resources: TestResource[]) => resources.map((resource) => inSystem(system, resource));
const judge = (system: string, ...resources: TestResource[]) => stackVerdict(POLICY, of(system, ...resources));

function inCluster(replicas: unknown): TestResource {
  const resource = workload(podSpec({ containers: [container({ image: "postgres:17" })] }), "StatefulSet");
  const { spec } = resource.properties as { spec: object };
  return { ...resource, properties: { ...resource.properties, spec: { ...spec, replicas } } };
}

describe("POL-DB-REPLICA (EB-SEC-12, CC-SEC-17, RB-SEC-14)", () => {
  it("wants a replica of the systems that need one, and of no other", async () => {
    assert.deepEqual(await judge("retail-brain", rdsInstance(), rdsReplica()), []);
    for (const system of ["retail-brain", "ecommerce-bot"]) {
      assert.deepEqual(await judge(system, rdsInstance()), ["mandatory identifier: 0 read replicas"]);
    }
    assert.deepEqual(await judge("worldstore", rdsInstance()), []);
    assert.deepEqual(await judge("car-loans", rdsInstance()), []);
  });

  it("counts only replicas of that database", async () => {
    const other = rdsReplica({ replicateSourceDb: "other" });
    assert.deepEqual(await judge("retail-brain", rdsInstance(), other), ["mandatory identifier: 0 read replicas"]);
    const arn = rdsReplica({ replicateSourceDb: "arn:aws:rds:eu-central-1:111122223333:db:worldstore-prod-postgres" });
    assert.deepEqual(await judge("retail-brain", rdsInstance(), arn), []);
  });

  it("takes the number from its configuration", async () => {
    const config = { [POLICY]: { parameters: { minReplicas: { default: 2 } } } };
    assert.deepEqual(await stackVerdict(POLICY, [rdsInstance(), rdsReplica()], config), [
      "mandatory identifier: 1 read replica",
    ]);
    const second = { ...rdsReplica(), name: "second" };
    assert.deepEqual(await stackVerdict(POLICY, [rdsInstance(), rdsReplica(), second], config), []);
    const none = { [POLICY]: { parameters: { minReplicas: { worldstore: 2 } } } };
    assert.deepEqual(await stackVerdict(POLICY, [rdsInstance()], none), []);
  });

  it("follows references that are not known yet, and waits where nothing tells whose they are", async () => {
    const unknown = rdsReplica({ replicateSourceDb: UNKNOWN });
    const referring = { ...unknown, propertyDependencies: { replicateSourceDb: [urnOf(rdsInstance())] } };
    assert.deepEqual(await judge("retail-brain", rdsInstance(), referring), []);
    const elsewhere = { ...unknown, propertyDependencies: { replicateSourceDb: [urnOf(rdsCluster())] } };
    assert.deepEqual(await judge("worldstore", rdsInstance(), rdsCluster(), elsewhere), []);
    const config = { [POLICY]: { parameters: { minReplicas: { worldstore: 1, default: 0 } } } };
    const stack = of("worldstore", rdsInstance(), elsewhere).concat(rdsCluster());
    assert.deepEqual(await stackVerdict(POLICY, stack, config), ["mandatory identifier: 0 read replicas"]);
    assert.deepEqual(await judge("retail-brain", rdsInstance(), unknown), [
      "advisory not evaluated: replicateSourceDb",
    ]);
  });

  it("counts the instances of a cluster that read", async () => {
    const member = (name: string): TestResource => ({ ...rdsClusterInstance(), name });
    const found = ["mandatory clusterIdentifier: 0 read replicas"];
    assert.deepEqual(await judge("retail-brain", rdsCluster()), found);
    assert.deepEqual(await judge("retail-brain", rdsCluster(), member("a")), found);
    assert.deepEqual(await judge("retail-brain", rdsCluster(), member("a"), member("b")), []);
  });

  it("counts servers in the cluster", async () => {
    assert.deepEqual(await judge("ecommerce-bot", inCluster(2)), []);
    assert.deepEqual(await judge("ecommerce-bot", inCluster(1)), ["mandatory spec.replicas: 0 read replicas"]);
    assert.deepEqual(await judge("ecommerce-bot", inCluster(undefined)), ["mandatory spec.replicas: 0 read replicas"]);
    assert.deepEqual(await judge("ecommerce-bot", inCluster(UNKNOWN)), ["advisory not evaluated: spec.replicas"]);
    const operated = (instances: number) => kubernetes("postgresql.cnpg.io/v1:Cluster", { spec: { instances } });
    assert.deepEqual(await judge("ecommerce-bot", operated(1)), ["mandatory spec.instances: 0 read replicas"]);
    assert.deepEqual(await judge("ecommerce-bot", operated(2)), []);
  });

  it("asks nothing of development", async () => {
    assert.deepEqual(await judge("retail-brain", rdsInstance({ tags: { environment: "dev" } })), []);
  });
});
