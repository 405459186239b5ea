import assert from "node:assert/strict";

import { echoImage } from "../../../cluster/testing/echo.ts";
import { testStack } from "../../testing/workspace.ts";
import type { TestStack } from "../../testing/workspace.ts";
import type { JsonObject } from "../values.ts";
import { TestNamespace } from "./testing/cluster.ts";

interface Summary {
  resourceChanges?: Record<string, number>;
  changeSummary?: Record<string, number>;
}

describe("the local kubernetes plugin under the engine", function () {
  this.timeout(300_000);
  let space: TestNamespace;
  let stack: TestStack;
  let image: string;

  before(async function () {
    this.timeout(1_800_000);
    space = await TestNamespace.make();
    image = await echoImage();
    stack = await testStack("kubernetes");
  });
  after(async () => {
    await stack?.remove();
    await space?.remove();
  });

  const configure = (values: Record<string, string>) =>
    stack.configure({ kubeconfig: space.kubeconfig, namespace: space.name, image, ...values });
  const plan = async (): Promise<Record<string, number>> => {
    const { stdout } = await stack.run(["preview", "--json"]);
    const { sdk: _, ...changes } = { sdk: 0, ...(JSON.parse(stdout) as Summary).changeSummary };
    return changes;
  };
  const up = async (mayFail = false) => await stack.run(["up", "--yes", "--skip-preview"], { mayFail });
  const state = async (): Promise<string> => (await stack.run(["stack", "export"])).stdout;

  it("keeps an object that does not become ready in the state, and finishes it with the next up", async () => {
    await configure({ image: "images.local/not-there:1" });
    const failed = await up(true);
    assert.notEqual(failed.code, 0);
    assert.match(failed.stdout + failed.stderr, /container web cannot get its image images\.local\/not-there:1/);
    assert.match(await state(), /"initErrors": \[/);

    await configure({});
    assert.deepEqual(await plan(), { same: 4, update: 1 });
    await up();
    assert.doesNotMatch(await state(), /"initErrors": \[/);
  });

  it("changes nothing when nothing has changed", async () => {
    assert.deepEqual(await plan(), { same: 5 });
  });

  it("replaces what has a name of its own making before the old one goes, and updates what refers to it", async () => {
    await configure({ greeting: "good day" });
    assert.deepEqual(await plan(), { replace: 1, same: 3, update: 1 });
    await up();
    const maps = await space.cluster.list(
      `/api/v1/namespaces/${space.name}/configmaps`,
      {},
      AbortSignal.timeout(10_000),
    );
    const own = maps.filter((map) => (map["metadata"] as JsonObject)["name"] !== "kube-root-ca.crt");
    assert.deepEqual(
      own.map((map) => map["data"]),
      [{ greeting: "good day" }],
    );
  });

  it("never shows a secret, and keeps it encrypted", async () => {
    const encoded = Buffer.from("correct-horse").toString("base64");
    const shown = await stack.run(["preview", "--diff"]);
    for (const text of [shown.stdout, await state()]) {
      assert.ok(!text.includes("correct-horse"));
      assert.ok(!text.includes(encoded));
    }
  });

  it("finds drift by a refresh and repairs it with the next up", async () => {
    const [deployment] = await space.cluster.list(
      `/apis/apps/v1/namespaces/${space.name}/deployments`,
      {},
      AbortSignal.timeout(10_000),
    );
    const { name } = deployment?.["metadata"] as JsonObject;
    const container = { name: "web", image, imagePullPolicy: "Never", command: ["/echo"] };
    const { selector = {} } = deployment?.["spec"] as JsonObject;
    const template = { metadata: { labels: { app: "web", extra: "yes" } }, spec: { containers: [container] } };
    await space.applyAs("somebody", {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: name ?? "" },
      spec: { selector, template },
    });
    await space.cluster.client.json(`/api/v1/namespaces/${space.name}/secrets/secret`, { method: "DELETE" });
    await stack.run(["refresh", "--yes", "--skip-preview"]);
    assert.deepEqual(await plan(), { create: 1, same: 4 });
    await up();
    assert.deepEqual(await plan(), { same: 5 });
  });

  it("deletes everything it has made", async () => {
    await stack.run(["destroy", "--yes", "--skip-preview"]);
    assert.equal(await space.get("v1", "Secret", "secret"), undefined);
    const left = await space.cluster.list(
      `/apis/apps/v1/namespaces/${space.name}/deployments`,
      {},
      AbortSignal.timeout(10_000),
    );
    assert.deepEqual(left, []);
  });
});
