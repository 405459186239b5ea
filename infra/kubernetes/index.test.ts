import assert from "node:assert/strict";
import { UserError } from "../errors.ts";
import { profiles } from "../profile.ts";
import { KubernetesSystem } from "./index.ts";
import type { Target } from "./target.ts";
import { find, record, type RecordedResource } from "../testing/record.ts";
import { shopSettings, shopTarget } from "../testing/shop.ts";

const deploy = (target: Target, options?: { preview: boolean }) =>
  record(() => new KubernetesSystem(target.system.name, target, {}), options);

const isKubernetes = ({ type }: RecordedResource) => type.startsWith("kubernetes:");
const kindOf = ({ inputs }: RecordedResource) => String(inputs["kind"]);

/** Every text in a value, with the path that leads to it. */
function texts(value: unknown, path = ""): [string, string][] {
  if (typeof value === "string") return [[path, value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => texts(part, `${path}.${key}`));
}

describe("A system on Kubernetes", () => {
  let resources: RecordedResource[];
  let system: KubernetesSystem;
  before(async () => {
    resources = await record(() => (system = new KubernetesSystem("shop", shopTarget(), {})));
  });

  it("gives every resource a component as parent, whose name begins its own", () => {
    for (const { name, parent } of resources.filter(({ type }) => type !== "pulumi:pulumi:Stack")) {
      assert.notEqual(parent, "", name);
      if (name !== "shop") assert.ok(name.startsWith(parent), `${name} is a child of ${parent}`);
    }
  });

  it("puts everything into its namespace, with the labels of the system", () => {
    for (const { name, inputs } of resources.filter(isKubernetes)) {
      const metadata = inputs["metadata"] as { name: string; namespace?: string; labels: Record<string, string> };
      assert.equal(metadata.namespace ?? metadata.name, "shop", name);
      assert.equal(metadata.labels["app.kubernetes.io/part-of"], "shop", name);
      assert.equal(metadata.labels["owner"], "platform", name);
    }
  });

  it("makes no plain Secret, no role and nothing that is reached from outside", () => {
    const kinds = new Set(resources.filter(isKubernetes).map(kindOf));
    for (const kind of ["Secret", "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding", "Ingress", "Pod"]) {
      assert.equal(kinds.has(kind), false, kind);
    }
    for (const service of resources.filter((resource) => kindOf(resource) === "Service")) {
      assert.equal((service.inputs["spec"] as { type: string }).type, "ClusterIP", service.name);
    }
  });

  it("lets no secret value into any manifest", () => {
    const secrets = /[0-9a-f]{64}|tok-|PRIVATE KEY|:\/\/[^/]*:[^/]*@/;
    for (const { name, inputs } of resources.filter(isKubernetes)) {
      for (const [path, text] of texts(inputs)) {
        assert.doesNotMatch(text, secrets, name + path);
        assert.notEqual(text, "[secret]", name + path);
      }
    }
  });

  it("protects what holds data where the profile says so, and nothing elsewhere", async () => {
    assert.deepEqual(
      resources.filter(({ protect }) => protect),
      [],
    );
    const staging = { ...shopTarget(), settings: shopSettings("staging") };
    staging.settings.externalSecrets = { TOKEN: "tok-given", WALLET_0: "0xgiven" };
    const kept = (await deploy(staging)).filter(({ protect }) => protect).map(({ name }) => name);
    assert.deepEqual(kept.sort(), [
      "shop-cache-api-password",
      "shop-cache-monitoring-password",
      "shop-certificate-authority-seed",
      "shop-db-api-password",
      "shop-db-superuser-password",
      "shop-db-workload",
      "shop-monitoring-alertmanager-workload",
      "shop-monitoring-prometheus-workload",
      "shop-namespace-namespace",
      "shop-orders-monitoring-password",
      "shop-orders-workload",
      "shop-orders-writer-password",
      "shop-secrets-key",
      "shop-secrets-sealing-seed",
      "shop-writer-workload",
    ]);
  });

  it("starts nothing before the network is closed, and no service before its stores", () => {
    const policies = resources.filter((resource) => kindOf(resource) === "NetworkPolicy").map(({ name }) => name);
    const stores = ["shop-db-workload", "shop-cache-workload", "shop-orders-workload"];
    const after = (type: string, name: string) =>
      find(resources, `agent-commerce:kubernetes:${type}`, name).dependencies;
    for (const [type, name] of [
      ["Postgres", "shop-db"],
      ["Redis", "shop-cache"],
      ["Redis", "shop-orders"],
      ["SystemService", "shop-api"],
      ["SystemService", "shop-writer"],
      ["Monitoring", "shop-monitoring"],
    ] as const) {
      const dependencies = new Set(after(type, name));
      assert.deepEqual(
        policies.filter((policy) => !dependencies.has(policy)),
        [],
        name,
      );
    }
    for (const name of ["shop-api", "shop-writer"]) {
      const dependencies = new Set(after("SystemService", name));
      assert.deepEqual(
        stores.filter((store) => !dependencies.has(store)),
        [],
        name,
      );
    }
  });

  it("tells where everything is", () => {
    assert.equal(system.namespace, "shop");
    assert.deepEqual(system.endpoints, {
      alertmanager: "http://alertmanager.shop.svc:9093",
      api: "http://api.shop.svc:8080",
      prometheus: "http://prometheus.shop.svc:9090",
      writer: "http://writer.shop.svc:8080",
    });
    assert.deepEqual(system.serviceNames, ["api", "writer"]);
    assert.equal(system.databaseEndpoint, "db.shop.svc:5432");
    assert.equal(system.redisEndpoint, "cache.shop.svc:6380");
    assert.deepEqual(
      system.secretNames,
      resources
        .filter((resource) => kindOf(resource) === "SealedSecret")
        .map(({ inputs }) => (inputs["metadata"] as { name: string }).name)
        .sort(),
    );
    assert.deepEqual(
      system.healthChecks.map(({ service, port, path }) => `${service}:${port}${path}`),
      [
        "api:8080/live",
        "api:8080/ready",
        "writer:8080/live",
        "writer:8080/ready",
        "prometheus:9090/-/ready",
        "alertmanager:9093/-/ready",
      ],
    );
  });

  it("leaves only what depends on random values unknown in a first preview", async () => {
    const preview = await deploy(shopTarget(), { preview: true });
    const unknown = preview
      .flatMap(({ name, inputs }) => texts(inputs).map(([path, text]) => [name + path, text] as const))
      .filter(([, text]) => text === "[unknown]")
      .map(([path]) => path);
    assert.ok(unknown.length > 0);
    for (const path of unknown) assert.match(path, /encryptedData|annotations\.checksum|data\.ca\.crt/);
  });

  it("does not depend on the order in which the specification names things", async () => {
    const reversed = <Value>(all: Record<string, Value>) => Object.fromEntries(Object.entries(all).reverse());
    const target = shopTarget();
    const { services, stores, secrets, flows } = target.system;
    target.system.services = reversed(services);
    for (const service of Object.values(target.system.services)) service.variables = reversed(service.variables);
    target.system.stores = reversed(stores);
    target.system.secrets = reversed(secrets);
    target.system.flows = [...flows].reverse();
    assert.deepEqual(await deploy(target), resources);
  });

  it("refuses what it cannot do before it makes anything", async () => {
    const target = shopTarget();
    target.settings.profile = profiles.production;
    const made = await record(() => assert.throws(() => new KubernetesSystem("shop", target, {}), UserError));
    assert.deepEqual(
      made.map(({ type }) => type),
      ["pulumi:pulumi:Stack"],
    );
  });
});

describe("A change of the specification", () => {
  const changed = async (change: (target: Target) => void) => {
    const target = shopTarget();
    const before = new Map((await deploy(target)).map((resource) => [`${resource.type} ${resource.name}`, resource]));
    change(target);
    const after = new Map((await deploy(target)).map((resource) => [`${resource.type} ${resource.name}`, resource]));
    const names = [...new Set([...before.keys(), ...after.keys()])];
    return names
      .filter((name) => JSON.stringify(before.get(name)?.inputs) !== JSON.stringify(after.get(name)?.inputs))
      .map((name) => (name.split(":").at(-1) ?? "").replace(" shop-", " "))
      .sort();
  };

  it("of a variable touches its workload alone", async () => {
    const names = await changed(({ system }) =>
      Object.assign(system.services["api"]?.variables ?? {}, { MODE: "slow" }),
    );
    assert.deepEqual(names, ["Deployment api-workload"]);
  });

  it("of the number of copies touches the workload and the namespace's quota", async () => {
    const names = await changed(({ system }) =>
      Object.assign(system.services["api"] ?? {}, { scaling: { replicas: 3 } }),
    );
    assert.deepEqual(names, ["Deployment api-workload", "ResourceQuota namespace-quota"]);
  });

  it("of an external secret touches its sealed secret and restarts its workload", async () => {
    const names = await changed(({ settings }) => (settings.externalSecrets = { WALLET_0: "0x00" }));
    assert.deepEqual(names, [
      "RandomBytes secrets-standin-wallet-0",
      "SealedSecret writer-secrets",
      "StatefulSet writer-workload",
    ]);
  });

  it("that removes a service removes its resources, and what the others knew of it", async () => {
    const names = await changed(({ system }) => {
      delete system.services["writer"];
      delete system.secrets["WALLET"];
      delete system.secrets["KEY"];
      system.flows = system.flows.filter(
        ({ from, to }) =>
          !("service" in from && from.service === "writer") && !("service" in to && to.service === "writer"),
      );
      system.alerts = [];
    });
    assert.deepEqual(names, [
      "ConfigMap monitoring-prometheus-settings",
      "ConfigMap orders-settings",
      "NetworkPolicy network-allow-api",
      "NetworkPolicy network-allow-orders",
      "NetworkPolicy network-allow-prometheus",
      "NetworkPolicy network-allow-writer",
      "RandomBytes orders-writer-password",
      "RandomBytes secrets-key",
      "RandomBytes secrets-standin-wallet-0",
      "ResourceQuota namespace-quota",
      "SealedSecret orders-users",
      "SealedSecret writer-secrets",
      "Service writer-service",
      "ServiceAccount writer-account",
      "StatefulSet monitoring-prometheus-workload",
      "StatefulSet orders-workload",
      "StatefulSet writer-workload",
      "StatefulWorkload writer",
      "SystemService writer",
    ]);
  });
});
