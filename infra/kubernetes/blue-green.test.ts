import assert from "node:assert/strict";

import { load } from "js-yaml";

import { find, record, type RecordedResource } from "../testing/record.ts";
import { shopTarget } from "../testing/shop.ts";
import { KubernetesSystem } from "./index.ts";
import type { Target } from "./target.ts";

function inColours(change: (target: Target) => void = () => undefined): Target {
  const target = shopTarget();
  Object.assign(target.system.services["api"] ?? {}, { release: { strategy: "blue-green" } });
  change(target);
  return target;
}

const deploy = (target: Target) => record(() => new KubernetesSystem("shop", target, {}));

function copies(resources: RecordedResource[], colour: string) {
  const { spec } = find(resources, "kubernetes:apps/v1:Deployment", `shop-api-${colour}-workload`).inputs as {
    spec: {
      replicas: number;
      selector: { matchLabels: Record<string, string> };
      template: { metadata: { labels: Record<string, string> }; spec: { containers: { image: string }[] } };
    };
  };
  return { ...spec, image: spec.template.spec.containers[0]?.image };
}

function behind(resources: RecordedResource[], address: string): unknown {
  const { spec } = find(resources, "kubernetes:core/v1:Service", `shop-api-${address}`).inputs;
  return (spec as { selector: Record<string, string> }).selector["app.kubernetes.io/instance"];
}

const candidate = (target: Target) => (target.settings.candidateImages = { api: "images.example/api:2.0" });
const switched = (target: Target) => {
  target.settings.liveColour = "green";
  target.settings.images = { ...target.settings.images, api: "images.example/api:2.0" };
  target.settings.candidateImages = { api: "images.example/api:1.0" };
};

describe("A blue-green release", () => {
  it("has its traffic in one colour and nothing in the other until there is a candidate", async () => {
    const resources = await deploy(inColours());
    assert.equal(copies(resources, "blue").replicas, 2);
    assert.equal(copies(resources, "green").replicas, 0);
    assert.equal(behind(resources, "service"), "api-blue");
    assert.equal(behind(resources, "pods"), "api-blue");
    assert.equal(behind(resources, "preview-service"), "api-green");
    assert.equal(behind(resources, "preview-pods"), "api-green");
    const budgets = resources.filter(({ type }) => type.endsWith(":PodDisruptionBudget")).map(({ name }) => name);
    assert.deepEqual(budgets, ["shop-api-blue-disruption"]);
  });

  it("runs a candidate beside it, with the same copies, budget and rules", async () => {
    const resources = await deploy(inColours(candidate));
    const [blue, green] = [copies(resources, "blue"), copies(resources, "green")];
    assert.equal(blue.image, "images.example/api:1.0");
    assert.equal(green.image, "images.example/api:2.0");
    assert.equal(green.replicas, blue.replicas);
    assert.notDeepEqual(green.selector, blue.selector);
    const { spec } = find(resources, "kubernetes:networking.k8s.io/v1:NetworkPolicy", "shop-network-allow-api").inputs;
    const selected = (spec as { podSelector: { matchLabels: Record<string, string> } }).podSelector.matchLabels;
    for (const { template } of [blue, green]) {
      for (const [label, value] of Object.entries(selected)) assert.equal(template.metadata.labels[label], value);
    }
    assert.ok(find(resources, "kubernetes:policy/v1:PodDisruptionBudget", "shop-api-green-disruption"));
  });

  it("changes nothing but addresses when it switches, in both directions", async () => {
    const before = await deploy(inColours(candidate));
    const after = await deploy(inColours(switched));
    const changed = after.filter(
      ({ inputs }, index) => JSON.stringify(inputs) !== JSON.stringify(before[index]?.inputs),
    );
    assert.deepEqual(
      changed.map(({ name }) => name),
      ["shop-api-pods", "shop-api-preview-pods", "shop-api-preview-service", "shop-api-service"],
    );
    assert.equal(behind(after, "service"), "api-green");
  });

  it("moves its traffic only when the copies that get it are ready", async () => {
    const { dependencies } = find(await deploy(inColours()), "kubernetes:core/v1:Service", "shop-api-service");
    assert.deepEqual(
      dependencies.filter((name) => name.startsWith("shop-api-")),
      ["shop-api-blue-workload", "shop-api-green-workload"],
    );
  });

  it("scales each colour that runs", async () => {
    const resources = await deploy(
      inColours((target) => {
        candidate(target);
        Object.assign(target.system.services["api"] ?? {}, { scaling: { minimum: 2, maximum: 6, cpuPercent: 70 } });
      }),
    );
    const scaled = resources
      .filter(({ type }) => type.endsWith(":HorizontalPodAutoscaler"))
      .map(({ inputs }) => (inputs["spec"] as { scaleTargetRef: { name: string } }).scaleTargetRef.name);
    assert.deepEqual(scaled, ["api-blue", "api-green"]);
  });

  it("is read by Prometheus in both colours, under two names", async () => {
    const { data } = find(
      await deploy(inColours()),
      "kubernetes:core/v1:ConfigMap",
      "shop-monitoring-prometheus-settings",
    ).inputs as { data: Record<string, string> };
    const { scrape_configs } = load(data["prometheus.yml"] ?? "") as {
      scrape_configs: { job_name: string; dns_sd_configs?: { names: string[] }[] }[];
    };
    const read = scrape_configs.flatMap(({ job_name, dns_sd_configs = [] }) =>
      dns_sd_configs.flatMap(({ names }) => names.map((name) => `${job_name} ${name}`)),
    );
    assert.deepEqual(read, ["api api-pods.shop.svc", "api-preview api-preview-pods.shop.svc"]);
  });

  it("is a rolling update where the stack leaves it out", async () => {
    const omissions = [{ feature: "blue-green", reason: "a test", expires: "2030-01-01" }] as const;
    const without = await deploy(inColours(({ settings }) => (settings.omissions = omissions)));
    assert.deepEqual(without, await deploy(shopTarget()));
  });
});
