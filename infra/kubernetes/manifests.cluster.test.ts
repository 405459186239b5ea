import assert from "node:assert/strict";
import { createHash } from "node:crypto";

import { startCluster, type Cluster } from "../../local/cluster/index.ts";
import { run } from "../../local/run.ts";
import { KubernetesSystem } from "./index.ts";
import type { Target } from "./target.ts";
import { shop } from "../aws/testing/shop.ts";
import { record } from "../testing/record.ts";
import { shopSettings } from "../testing/shop.ts";

interface Manifest {
  kind: string;
  metadata: { name: string };
}

/** The shop with an endpoint, autoscaling, both colours and jobs, and its stores in the cluster. */
function wholeShop(): Target {
  const { stores, jobs, flows, ...system } = shop();
  const { db, cache, orders } = stores;
  const { migrate, report } = jobs;
  if (!db || !cache || !orders || !migrate || !report) throw new Error("the shop has other stores and jobs");
  return {
    system: {
      ...system,
      stores: { db, cache, orders },
      jobs: { migrate, report: { ...report, variables: {} } },
      flows: flows.filter(({ to }) => !("store" in to && to.store === "files")),
    },
    settings: {
      ...shopSettings(),
      hosts: { web: "www.shop.example" },
      ingress: { className: "traefik", namespace: "ingress", certificateIssuer: "letsencrypt" },
      candidateImages: { api: "images.example/api:2.0" },
    },
  };
}

describe("The manifests of a system", function () {
  this.timeout(1_800_000);
  const namespace = `manifests-${process.pid}`;
  let cluster: Cluster;
  let manifests: Manifest[];

  before(async function () {
    if (process.platform !== "linux" || process.getuid?.() !== 0) {
      console.log("    skipped: the local cluster needs Linux and root");
      this.skip();
    }
    cluster = await startCluster();
    const target = wholeShop();
    target.settings.namespace = namespace;
    target.settings.sealingCertificate = cluster.sealingCertificate;
    const resources = await record(() => new KubernetesSystem("shop", target, {}));
    manifests = resources
      .filter(({ type }) => type.startsWith("kubernetes:"))
      .map(({ inputs }) => inputs as unknown as Manifest);
    await apply(manifests.filter(({ kind }) => kind === "Namespace"));
  });

  after(async () => {
    if (cluster !== undefined) await kubectl(["delete", "namespace", namespace, "--wait=false", "--ignore-not-found"]);
  });

  const kubectl = (args: string[], input?: string) =>
    run(cluster.kubectl, ["--kubeconfig", cluster.kubeconfig, ...args], {
      mayFail: true,
      ...(input === undefined ? {} : { input }),
    });
  const apply = (items: Manifest[], ...flags: string[]) =>
    kubectl(
      ["apply", "--server-side", "--validate=strict", ...flags, "--filename=-"],
      JSON.stringify({ apiVersion: "v1", kind: "List", items }),
    );

  it("are accepted by the API server without an unknown field, an error or a Pod Security warning", async () => {
    const { code, stdout, stderr } = await apply(manifests, "--dry-run=server");
    assert.equal(code, 0, stderr);
    assert.equal(stderr, "");
    assert.equal(stdout.trim().split("\n").length, manifests.length);
  });

  it("seal secrets that the controller unseals to what went in", async () => {
    const { code, stderr } = await apply(manifests.filter(({ kind }) => kind === "SealedSecret"));
    assert.equal(code, 0, stderr);
    const random = (name: string) => createHash("sha256").update(name).digest("hex");
    const api = await unsealed("api-secrets");
    const password = random("shop-db-api-password");
    assert.equal(api["DATABASE_URL"], `postgres://api:${password}@db.${namespace}.svc:5432/shop?sslmode=verify-full`);
    assert.equal(api["CACHE_URL"], `rediss://api:${random("shop-cache-api-password")}@cache.${namespace}.svc:6380`);
    const users = await unsealed("db-users");
    assert.equal(users["api"], password);
    assert.equal(users["superuser-password"], random("shop-db-superuser-password"));
    assert.match((await unsealed("db-tls"))["tls.key"] ?? "", /^-----BEGIN PRIVATE KEY-----/);
  });

  async function unsealed(name: string): Promise<Record<string, string>> {
    for (const end = Date.now() + 60_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 500))) {
      const { code, stdout } = await kubectl(["get", "secret", name, "--namespace", namespace, "--output=json"]);
      if (code !== 0) continue;
      const { data } = JSON.parse(stdout) as { data: Record<string, string> };
      return Object.fromEntries(
        Object.entries(data).map(([key, text]) => [key, Buffer.from(text, "base64").toString("utf8")]),
      );
    }
    return assert.fail(`the Secret "${name}" did not appear within a minute`);
  }
});
