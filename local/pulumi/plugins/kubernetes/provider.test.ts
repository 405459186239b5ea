import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

import type pluginproto from "@pulumi/pulumi/proto/plugin_pb.js";
import emptyproto from "google-protobuf/google/protobuf/empty_pb.js";

import { DrivenResource } from "../testing/resource.ts";
import { PluginDriver } from "../testing/driver.ts";
import { unknown } from "../values.ts";
import type { Properties } from "../values.ts";
import { KubernetesPlugin } from "./provider.ts";

const main = `${import.meta.dirname}/main.ts`;
const kubeconfig = (server: string) =>
  JSON.stringify({
    "current-context": "nowhere",
    contexts: [{ name: "nowhere", context: { cluster: "c", user: "u", namespace: "shop" } }],
    clusters: [{ name: "c", cluster: { server } }],
    users: [{ name: "u", user: { token: "t0ken" } }],
  });
const unreachable = /The cluster of context "nowhere" at http:\/\/127\.0\.0\.1:1 cannot be reached: .*ECONNREFUSED/;
const program: Properties = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c" }, data: { a: "1" } };

describe("the local kubernetes plugin without a cluster", () => {
  let driver: PluginDriver;

  before(async () => (driver = await PluginDriver.start(main, { kubeconfig: kubeconfig("http://127.0.0.1:1") })));
  after(async () => await driver.stop());

  it("plans creations with one warning, in the context's namespace", async () => {
    const resource = new DrivenResource(driver, "kubernetes:core/v1:ConfigMap", "c");
    const plan = await resource.plan(program);
    assert.equal(plan.operation, "create");
    assert.deepEqual(plan.outputs["data"], { a: "1" });
    assert.equal((plan.outputs["metadata"] as Properties)["namespace"], "shop");
    assert.equal((plan.outputs["metadata"] as Properties)["uid"], unknown);
    await new DrivenResource(driver, "kubernetes:core/v1:ConfigMap", "d").plan(program);
    await sleep(100);
    const warnings = driver.shown.filter(({ message }) => unreachable.test(message));
    assert.equal(warnings.length, 1);
  });

  it("says which cluster it cannot reach when it would have to change something", async () => {
    const resource = new DrivenResource(driver, "kubernetes:core/v1:ConfigMap", "c");
    await assert.rejects(resource.up(program), unreachable);
    const inputs = { ...program, metadata: { name: "c", namespace: "shop" } };
    resource.state = { id: "shop/c", inputs, outputs: { ...inputs, __inputs: inputs }, failed: false };
    const changed = { ...program, metadata: { name: "c", namespace: "shop", labels: { a: "b" } } };
    await assert.rejects(resource.plan(changed), unreachable);
    await assert.rejects(resource.up(changed), unreachable);
    await assert.rejects(resource.refresh(), unreachable);
    await assert.rejects(resource.destroy(), unreachable);
  });

  it("has the version of the SDK", async () => {
    const info = await driver.call<InstanceType<typeof pluginproto.PluginInfo>>(
      "getPluginInfo",
      new emptyproto.Empty(),
    );
    const { default: manifest } = (await import("@pulumi/kubernetes/package.json", { with: { type: "json" } })) as {
      default: { version: string };
    };
    assert.equal(info.getVersion(), manifest.version);
  });
});

describe("the configuration of the local kubernetes plugin", () => {
  const cases: [string, Properties, RegExp][] = [
    [
      "a kubeconfig that is not there",
      { kubeconfig: "/not/there.yaml" },
      /The kubeconfig \/not\/there\.yaml does not exist; start the cluster/,
    ],
    ["a kubeconfig that is none", { kubeconfig: "{ not yaml: [" }, /is neither YAML nor JSON of the kind Config/],
    [
      "a context that it does not have",
      { kubeconfig: kubeconfig("http://127.0.0.1:1"), context: "other" },
      /no context "other"; it has: nowhere/,
    ],
    [
      "a server that is none",
      { kubeconfig: kubeconfig("nonsense") },
      /the cluster of context "nowhere" has no valid `server`/,
    ],
  ];
  for (const [what, config, message] of cases) {
    it(`with ${what} is an error as soon as a cluster is needed`, async () => {
      const plugin = new KubernetesPlugin();
      await plugin.configure(config);
      const request = { urn: "u", name: "n", type: "t", id: "n", inputs: {}, outputs: {}, timeout: 0 };
      const context = { signal: new AbortController().signal, log: () => undefined };
      await assert.rejects(plugin.delete(request, context), message);
    });
  }

  it("replaces the provider when it leads to another server, and not otherwise", async () => {
    const plugin = new KubernetesPlugin();
    const plan = async (olds: Properties, news: Properties) =>
      (await plugin.diffConfig(olds, news)).changes.map(({ replace }) => replace);
    const [one, two] = [
      { kubeconfig: kubeconfig("http://127.0.0.1:1") },
      { kubeconfig: kubeconfig("http://127.0.0.1:2") },
    ];
    assert.deepEqual(await plan(one, two), [true]);
    assert.deepEqual(await plan(one, { kubeconfig: `${one.kubeconfig}\n` }), [false]);
    assert.deepEqual(await plan(one, { ...one, version: "5.0.0" }), []);
  });
});

describe("the process of the local kubernetes plugin", () => {
  it("prints its port and nothing else, and ends cleanly when it is told to", async () => {
    const child = spawn(process.execPath, [main], { stdio: ["ignore", "pipe", "inherit"] });
    let printed = "";
    child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    await once(child.stdout, "data");
    child.kill("SIGTERM");
    const [code] = (await once(child, "exit")) as [number | null];
    assert.equal(code, 0);
    assert.match(printed, /^\d+\n$/);
  });

  it("ends when the engine that started it is killed", async () => {
    const script = `const { spawn } = require("node:child_process");
      const plugin = spawn(process.execPath, [${JSON.stringify(main)}], { stdio: ["ignore", "pipe", "inherit"] });
      plugin.stdout.once("data", () => console.log(plugin.pid));
      setInterval(() => undefined, 1000);`;
    const parent = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(parent.stdout, "data")) as [Buffer];
    const pid = Number(line.toString());
    parent.kill("SIGKILL");
    const lives = () => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    for (let waited = 0; lives() && waited < 100; waited++) await sleep(100);
    assert.equal(lives(), false);
  });
});
