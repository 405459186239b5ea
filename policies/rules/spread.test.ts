import assert from "node:assert/strict";
import { UNKNOWN, urnOf, type TestResource } from "../testing/analyzer.ts";
import { autoscaler, copies, ecsService } from "../testing/copies.ts";
import { podSpec } from "../testing/fixtures.ts";
import { stackVerdict } from "../testing/pack.ts";

const POLICY = "spread";
const CONSTRAINTS = "spec.template.spec.topologySpreadConstraints";
const ZONE = "topology.kubernetes.io/zone";

const judge = (...resources: TestResource[]) => stackVerdict(POLICY, resources);
const pod = (spec: Record<string, unknown>, replicas: unknown = 2) => copies({ replicas }, { pod: podSpec(spec) });
const subnet = (name: string, properties: Record<string, unknown>): TestResource => {
  return { type: "aws:ec2/subnet:Subnet", name, properties };
};
const service = (subnets: unknown, behind: TestResource[] = []): TestResource => ({
  ...ecsService({ networkConfiguration: { subnets } }),
  propertyDependencies: { networkConfiguration: behind.map(urnOf) },
});

describe("POL-SPREAD (RB-SEC-25)", () => {
  it("accepts spreading and keeping apart over zones", async () => {
    assert.deepEqual(
      await judge(pod({ topologySpreadConstraints: [{ topologyKey: "x" }, { topologyKey: ZONE }] })),
      [],
    );
    const required = { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: ZONE }] };
    assert.deepEqual(await judge(pod({ affinity: { podAntiAffinity: required } })), []);
    const preferred = { preferredDuringSchedulingIgnoredDuringExecution: [{ podAffinityTerm: { topologyKey: ZONE } }] };
    assert.deepEqual(await judge(pod({ affinity: { podAntiAffinity: preferred } })), []);
  });

  it("rejects several copies that may all be in one zone", async () => {
    assert.deepEqual(await judge(pod({})), [`mandatory ${CONSTRAINTS}: nothing`]);
    assert.deepEqual(await judge(copies(), autoscaler()), [`mandatory ${CONSTRAINTS}: nothing`]);
    const hosts = { topologySpreadConstraints: [{ topologyKey: "kubernetes.io/hostname" }] };
    assert.deepEqual(await judge(pod(hosts)), [`mandatory ${CONSTRAINTS}: no spread over zones`]);
    const near = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: ZONE }] } };
    assert.deepEqual(await judge(pod({ affinity: near })), [`mandatory ${CONSTRAINTS}: nothing`]);
  });

  it("asks nothing of one copy, of development, and when one zone is enough", async () => {
    assert.deepEqual(await judge(pod({}, 1)), []);
    assert.deepEqual(await judge(copies()), []);
    const development = pod({});
    const { labels } = development.properties["metadata"] as { labels: Record<string, string> };
    labels["environment"] = "dev";
    assert.deepEqual(await judge(development), []);
    const one = { [POLICY]: { parameters: { minZones: 1 } } };
    assert.deepEqual(await stackVerdict(POLICY, [pod({}), service(["a"])], one), []);
  });

  it("demands subnets of several zones of ECS services", async () => {
    assert.deepEqual(await judge(service(["subnet-a", "subnet-b"])), []);
    assert.deepEqual(await judge(service(["subnet-a"])), ["mandatory networkConfiguration.subnets: 1 subnet"]);
    assert.deepEqual(await judge(service(undefined)), ["mandatory networkConfiguration.subnets: 0 subnets"]);
    const a = subnet("a", { availabilityZone: "eu-central-1a" });
    const b = subnet("b", { availabilityZone: "eu-central-1b" });
    const c = subnet("c", { availabilityZoneId: "euc1-az1" });
    const twin = subnet("twin", { availabilityZone: "eu-central-1a" });
    const open = subnet("open", { availabilityZone: UNKNOWN });
    const two = [UNKNOWN, UNKNOWN];
    assert.deepEqual(await judge(service(two, [a, b]), a, b), []);
    assert.deepEqual(await judge(service(two, [a, c]), a, c), []);
    assert.deepEqual(await judge(service(two, [a, open]), a, open), []);
    assert.deepEqual(await judge(service(two, [a]), a), []);
    assert.deepEqual(await judge(service(two, [a, twin]), a, twin), ["mandatory networkConfiguration.subnets: 1 zone"]);
    assert.deepEqual(await judge(ecsService({ desiredCount: 1, networkConfiguration: {} })), []);
  });

  it("demands subnets of several zones of data stores", async () => {
    for (const service of ["rds", "elasticache", "docdb"]) {
      const group = (subnetIds: unknown) => ({
        type: `aws:${service}/subnetGroup:SubnetGroup`,
        properties: { subnetIds },
      });
      assert.deepEqual(await judge(group(["a", "b"])), []);
      assert.deepEqual(await judge(group(["a"])), ["mandatory subnetIds: 1 subnet"]);
      assert.deepEqual(await judge(group(UNKNOWN)), ["advisory not evaluated: subnetIds"]);
    }
  });

  it("reports what is not known yet", async () => {
    assert.deepEqual(await judge(pod({}, UNKNOWN)), ["advisory not evaluated: spec.replicas"]);
    assert.deepEqual(await judge(pod({ topologySpreadConstraints: UNKNOWN })), [
      `advisory not evaluated: ${CONSTRAINTS}`,
    ]);
    assert.deepEqual(await judge(pod({ topologySpreadConstraints: [{ topologyKey: UNKNOWN }] })), [
      `advisory not evaluated: ${CONSTRAINTS}[0].topologyKey`,
    ]);
    assert.deepEqual(await judge(copies({ replicas: 2 }, { pod: UNKNOWN })), [
      "advisory not evaluated: spec.template.spec",
    ]);
    assert.deepEqual(await judge(service(UNKNOWN)), ["advisory not evaluated: networkConfiguration.subnets"]);
  });
});
