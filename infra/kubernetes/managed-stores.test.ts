import assert from "node:assert/strict";

import { find, record, type RecordedResource } from "../testing/record.ts";
import { KubernetesSystem } from "./index.ts";
import { managedPart, managedStores } from "./managed.ts";
import { worldstoreDev, worldstoreProduction } from "./testing/worldstore.ts";

function sealedKeys(resources: readonly RecordedResource[], name: string): string[] {
  const { inputs } = find(resources, "kubernetes:bitnami.com/v1alpha1:SealedSecret", name);
  return Object.keys((inputs["spec"] as { encryptedData: object }).encryptedData);
}

describe("Stores on AWS beside a cluster", () => {
  let resources: RecordedResource[];
  let system: KubernetesSystem;
  before(async () => {
    resources = await record(() => (system = new KubernetesSystem("worldstore", worldstoreProduction(), {})));
  });
  const types = () => new Set(resources.map(({ type }) => type));

  it("are all but the queue, which pods could not use without an identity in AWS", () => {
    assert.deepEqual([...managedStores(worldstoreProduction())].sort(), ["audit", "backups", "postgres", "redis"]);
    assert.deepEqual([...managedStores(worldstoreDev())], []);
    assert.ok(find(resources, "agent-commerce:kubernetes:Redis", "worldstore-orders"));
    assert.ok(![...types()].some((type) => type.startsWith("aws:sqs/")));
  });

  it("come with nothing of AWS that only containers there need", () => {
    for (const service of ["ecs", "lb", "wafv2", "efs", "scheduler", "acm", "appautoscaling"]) {
      assert.deepEqual(
        [...types()].filter((type) => type.startsWith(`aws:${service}/`)),
        [],
        service,
      );
    }
  });

  it("admit the cluster's nodes and nobody else but the function that makes users", () => {
    const rules = resources.filter(({ type }) => type.endsWith(":SecurityGroupIngressRule"));
    const admitted = rules.map(
      ({ inputs }) => `${String(inputs["referencedSecurityGroupId"])}:${String(inputs["toPort"])}`,
    );
    assert.ok(admitted.includes("sg-0123456789abcdef0:5432"));
    assert.ok(admitted.includes("sg-0123456789abcdef0:6380"));
    const groupOf = (end: string) => `worldstore-managed-stores-security-groups-${end}-id`;
    const toStores = rules.filter(({ inputs }) => String(inputs["securityGroupId"]).includes("store."));
    for (const { name, inputs } of toStores) {
      const peer = inputs["referencedSecurityGroupId"];
      assert.ok(peer === "sg-0123456789abcdef0" || peer === groupOf("functions"), name);
    }
  });

  it("tell services their addresses as secrets, since AWS decides them", () => {
    assert.deepEqual(sealedKeys(resources, "worldstore-worldstore-server-secrets"), [
      "CROSSMINT_API_KEY",
      "DATABASE_URL",
      "FIELD_ENCRYPTION_KEY",
      "REDIS_CLUSTER_NODES",
      "REDIS_URL",
    ]);
  });

  it("are known by AWS's certificates, beside that of the queue", async () => {
    const certificates = async (target: ReturnType<typeof worldstoreProduction>) => {
      const { inputs } = find(
        await record(() => new KubernetesSystem("worldstore", target, {})),
        "kubernetes:core/v1:ConfigMap",
        "worldstore-certificate-authority-certificate",
      );
      return (inputs["data"] as { "ca.crt": string })["ca.crt"].match(/BEGIN CERTIFICATE/g)?.length;
    };
    assert.equal(await certificates(worldstoreDev()), 1);
    assert.equal(await certificates(worldstoreProduction()), 1 + 3 + 5);
  });

  it("keep their passwords, since a pod has a sealed copy", () => {
    assert.ok(!types().has("aws:secretsmanager/secretRotation:SecretRotation"));
    const functions = resources.filter(({ type }) => type === "aws:lambda/function:Function");
    assert.deepEqual(
      functions.map(({ inputs }) => (inputs["imageConfig"] as { commands: string[] }).commands),
      [["database-setup"]],
    );
  });

  it("exist with their users before anything that uses them runs", () => {
    const { dependencies } = find(resources, "agent-commerce:kubernetes:SystemService", "worldstore-worldstore-server");
    for (const name of ["postgres-users-setup-call", "redis-group", "backups-vault"]) {
      assert.ok(dependencies.includes(`worldstore-managed-stores-${name}`), name);
    }
  });

  it("are watched on AWS where Prometheus sees nothing", () => {
    const { inputs } = find(
      resources,
      "aws:cloudwatch/metricAlarm:MetricAlarm",
      "worldstore-managed-stores-monitoring-redis-memory-high",
    );
    assert.equal(inputs["name"], "worldstore-prod-redis-memory-high");
    const { data } = find(resources, "kubernetes:core/v1:ConfigMap", "worldstore-monitoring-prometheus-settings")
      .inputs as { data: Record<string, string> };
    assert.ok(!data["alerts.yml"]?.includes("RedisMemoryHigh"));
  });

  it("are protected, and so is what encrypts them", () => {
    const kept = new Set(resources.filter(({ protect }) => protect).map(({ name }) => name));
    for (const name of ["postgres-primary", "redis-group", "audit-bucket", "keys-data", "keys-secrets"]) {
      assert.ok(kept.has(`worldstore-managed-stores-${name}`), name);
    }
  });

  it("are told to other projects: where they are, by which keys and in which network", () => {
    assert.deepEqual(Object.keys(system.managed?.keyArns ?? {}).sort(), ["data", "operations", "secrets"]);
    assert.equal(system.managed?.backupBucket, "worldstore-prod-backups-111122223333-eucentral1");
    assert.match(system.alertReceiver, /^alertmanager\..*arn:aws:sns:.*-critical/);
    assert.notEqual(typeof system.databaseEndpoint, "string");
  });

  it("are a part of the system without what runs, and without the edge", () => {
    const { system } = managedPart(worldstoreProduction());
    assert.deepEqual(system.publicEndpoints, {});
    assert.ok(system.flows.every(({ to }) => "store" in to && to.store !== "orders"));
    assert.ok(Object.values(system.services).every(({ volumes }) => volumes === undefined));
  });
});
