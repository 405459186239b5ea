import assert from "node:assert/strict";

import { KubernetesSystem } from "./index.ts";
import type { Target } from "./target.ts";
import { find, record, type RecordedResource } from "../testing/record.ts";
import { shopTarget } from "../testing/shop.ts";

const deploy = (target: Target) => record(() => new KubernetesSystem(target.system.name, target, {}));

interface Workload {
  metadata: { name: string };
  spec: {
    replicas: number;
    strategy?: unknown;
    updateStrategy?: unknown;
    podManagementPolicy?: string;
    serviceName?: string;
    persistentVolumeClaimRetentionPolicy?: unknown;
    selector: { matchLabels: Record<string, string> };
    template: {
      metadata: { labels: Record<string, string>; annotations: Record<string, string> };
      spec: {
        serviceAccountName: string;
        containers: {
          image: string;
          command?: string[];
          env: { name: string; value: string }[];
          volumeMounts: { name: string; mountPath: string }[];
          lifecycle?: unknown;
        }[];
        volumes: { name: string; secret?: { secretName: string; defaultMode: number } }[];
      };
    };
    volumeClaimTemplates?: { metadata: { name: string; labels: object }; spec: object }[];
  };
}

function workload(resources: RecordedResource[], kind: "Deployment" | "StatefulSet", name: string): Workload {
  return find(resources, `kubernetes:apps/v1:${kind}`, `shop-${name}-workload`).inputs as unknown as Workload;
}

function sealedKeys(resources: RecordedResource[], name: string): string[] {
  const { inputs } = find(resources, "kubernetes:bitnami.com/v1alpha1:SealedSecret", `shop-${name}-secrets`);
  return Object.keys((inputs["spec"] as { encryptedData: object }).encryptedData);
}

describe("A stateless service", () => {
  let resources: RecordedResource[];
  let api: Workload;
  before(async () => {
    resources = await deploy(shopTarget());
    api = workload(resources, "Deployment", "api");
  });

  it("runs as many copies as specified, replaced without a gap", () => {
    assert.equal(api.spec.replicas, 2);
    assert.deepEqual(api.spec.strategy, { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } });
    assert.deepEqual(api.spec.template.spec.containers[0]?.lifecycle, { preStop: { sleep: { seconds: 5 } } });
  });

  it("finds plain variables in its environment and secrets in files of its own", () => {
    const [container] = api.spec.template.spec.containers;
    assert.deepEqual(container?.env, [
      { name: "DATABASE_HOST", value: "db.shop.svc" },
      { name: "MODE", value: "fast" },
      { name: "SECRETS_DIR", value: "/run/secrets/app" },
    ]);
    assert.deepEqual(sealedKeys(resources, "api"), ["CACHE_URL", "DATABASE_URL", "TOKEN"]);
    assert.deepEqual(
      api.spec.template.spec.volumes.find(({ name }) => name === "secrets"),
      {
        name: "secrets",
        secret: { secretName: "api-secrets", defaultMode: 0o440 },
      },
    );
  });

  it("is restarted by a change of its secrets or of the certificate authority", () => {
    const { annotations } = api.spec.template.metadata;
    assert.deepEqual(Object.keys(annotations), ["checksum/authority", "checksum/secrets"]);
    for (const value of Object.values(annotations)) assert.match(value, /^[0-9a-f]{16}$/);
  });

  it("is selected by labels that no release changes", () => {
    const { selector, template } = api.spec;
    assert.deepEqual(selector.matchLabels, {
      "app.kubernetes.io/name": "api",
      "app.kubernetes.io/instance": "api",
    });
    for (const [name, value] of Object.entries(selector.matchLabels)) {
      assert.equal(template.metadata.labels[name], value);
    }
  });

  it("has a disruption budget and spread only if there are several copies", async () => {
    const type = "kubernetes:policy/v1:PodDisruptionBudget";
    assert.deepEqual(find(resources, type, "shop-api-disruption").inputs["spec"], {
      maxUnavailable: 1,
      selector: { matchLabels: api.spec.selector.matchLabels },
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    });
    const target = shopTarget();
    Object.assign(target.system.services["api"] ?? {}, { scaling: { replicas: 1 } });
    const single = await deploy(target);
    assert.throws(() => find(single, type, "shop-api-disruption"));
    assert.equal("topologySpreadConstraints" in workload(single, "Deployment", "api").spec.template.spec, false);
  });

  it("has an account without a token", () => {
    assert.equal(api.spec.template.spec.serviceAccountName, "api");
    const { inputs } = find(resources, "kubernetes:core/v1:ServiceAccount", "shop-api-account");
    assert.equal(inputs["automountServiceAccountToken"], false);
  });

  it("says how often its secrets should be exchanged", () => {
    const { inputs } = find(resources, "kubernetes:bitnami.com/v1alpha1:SealedSecret", "shop-api-secrets");
    assert.deepEqual((inputs["metadata"] as { annotations: object }).annotations, {
      "rotation.agent-commerce/CACHE_URL": "90 d",
      "rotation.agent-commerce/DATABASE_URL": "90 d",
      "rotation.agent-commerce/TOKEN": "90 d",
    });
  });
});

describe("A single writer", () => {
  it("is one pod that stops before the next one starts, with a volume that is kept", async () => {
    const writer = workload(await deploy(shopTarget()), "StatefulSet", "writer");
    assert.equal(writer.metadata.name, "writer");
    assert.equal(writer.spec.replicas, 1);
    assert.deepEqual(writer.spec.updateStrategy, { type: "RollingUpdate" });
    assert.equal(writer.spec.podManagementPolicy, "Parallel");
    assert.equal(writer.spec.serviceName, "writer");
    assert.deepEqual(writer.spec.persistentVolumeClaimRetentionPolicy, { whenDeleted: "Retain", whenScaled: "Retain" });
    assert.deepEqual(writer.spec.template.spec.containers[0]?.command, ["writer", "--once"]);
    assert.ok(
      writer.spec.template.spec.containers[0]?.volumeMounts.some(
        ({ name, mountPath }) => name === "data" && mountPath === "/data",
      ),
    );
  });

  it("keeps its claim's labels when the owner changes, since a claim's template cannot change", async () => {
    const target = shopTarget();
    const before = workload(await deploy(target), "StatefulSet", "writer").spec.volumeClaimTemplates;
    assert.deepEqual(before, [
      {
        metadata: {
          name: "data",
          labels: { "app.kubernetes.io/name": "writer", "app.kubernetes.io/instance": "writer" },
        },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "2048Mi" } } },
      },
    ]);
    target.settings.owner = "somebody-else";
    target.settings.environment = "other";
    assert.deepEqual(workload(await deploy(target), "StatefulSet", "writer").spec.volumeClaimTemplates, before);
  });

  it("uses the storage class of the stack", async () => {
    const target = shopTarget();
    target.settings.storageClass = "encrypted";
    const [claim] = workload(await deploy(target), "StatefulSet", "writer").spec.volumeClaimTemplates ?? [];
    assert.equal((claim?.spec as { storageClassName: string }).storageClassName, "encrypted");
  });

  it("of several has for each instance a workload, a volume, an address and secrets of its own (X-01)", async () => {
    const target = shopTarget();
    Object.assign(target.system.services["writer"] ?? {}, {
      singleWriter: { instances: 3, ownSecrets: ["WALLET"] },
    });
    let system: KubernetesSystem | undefined;
    const resources = await record(() => (system = new KubernetesSystem("shop", target, {})));
    const wallets = new Set<string>();
    for (const number of [0, 1, 2]) {
      const instance = workload(resources, "StatefulSet", `writer-${number}`);
      assert.equal(instance.metadata.name, `writer-${number}`);
      assert.equal(instance.spec.replicas, 1);
      assert.equal(instance.spec.serviceName, `writer-${number}`);
      assert.equal(instance.spec.selector.matchLabels["app.kubernetes.io/instance"], `writer-${number}`);
      const { inputs } = find(
        resources,
        "kubernetes:bitnami.com/v1alpha1:SealedSecret",
        `shop-writer-${number}-secrets`,
      );
      assert.equal((inputs["metadata"] as { name: string }).name, `writer-${number}-secrets`);
      wallets.add((inputs["spec"] as { encryptedData: { WALLET: string } }).encryptedData.WALLET);
      find(resources, "random:index/randomBytes:RandomBytes", `shop-secrets-standin-wallet-${number}`);
    }
    assert.equal(wallets.size, 3);
    const shared = find(resources, "kubernetes:core/v1:Service", "shop-writer-service").inputs;
    assert.deepEqual((shared["spec"] as { selector: object }).selector, { "app.kubernetes.io/name": "writer" });
    const asked = system?.healthChecks.filter(({ path }) => path === "/ready").map(({ service }) => service);
    assert.deepEqual(asked, ["api", "writer-0", "writer-1", "writer-2"]);
  });
});
