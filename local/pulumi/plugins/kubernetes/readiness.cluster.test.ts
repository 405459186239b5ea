import assert from "node:assert/strict";

import { echoImage } from "../../../cluster/testing/echo.ts";
import { valueAt } from "../plugin.ts";
import { NotReady } from "../testing/driver.ts";
import type { DrivenResource } from "../testing/resource.ts";
import type { Properties } from "../values.ts";
import { TestNamespace } from "./testing/cluster.ts";
import { deployment, job, podTemplate, service, statefulSet } from "./testing/workloads.ts";

/** Expects that an object is made but not ready, for this reason, and that the state holds it. */
async function staysUnready(
  resource: DrivenResource,
  program: Properties,
  seconds: number,
  reason: RegExp,
): Promise<void> {
  await assert.rejects(resource.up(program, seconds), (error: Error) => {
    assert.ok(error instanceof NotReady, error.message);
    assert.match(error.message, reason);
    return true;
  });
  assert.notEqual(valueAt(resource.known().outputs, ["metadata", "uid"]), undefined);
}

describe("waiting until objects are ready", function () {
  this.timeout(120_000);
  let space: TestNamespace;
  let image: string;

  before(async function () {
    this.timeout(1_800_000);
    space = await TestNamespace.make();
    image = await echoImage();
  });
  after(async () => await space?.remove());

  it("ends for a Deployment when every replica is available, and shows how far it is", async () => {
    const resource = space.resource("apps/v1:Deployment", "web");
    const program = deployment("web", podTemplate("web", image), { replicas: 2 });
    await resource.up(program);
    assert.equal(valueAt(resource.known().outputs, ["status", "availableReplicas"]), 2);
    const shown = space.driver.shown.filter(({ status }) => status).map(({ message }) => message);
    assert.ok(
      shown.some((message) => /[01] of 2 replicas available/.test(message)),
      shown.join("\n"),
    );

    assert.equal(await resource.up(deployment("web", podTemplate("web", image), { replicas: 1 })), "update");
    assert.equal(valueAt(resource.known().outputs, ["status", "replicas"]), 1);
  });

  it("ends for a Service when a ready pod answers for it", async () => {
    const answered = space.resource("core/v1:Service", "web");
    const started = answered.up(service("web", "late"));
    const late = space.resource("apps/v1:Deployment", "late");
    await late.up(deployment("late", podTemplate("late", image)));
    await started;
    await staysUnready(
      space.resource("core/v1:Service", "nobody"),
      service("nobody", "nobody"),
      1,
      /no ready pod has the labels app=nobody/,
    );
  });

  it("ends for a StatefulSet when its replicas are ready; deleting it keeps its volumes", async () => {
    const resource = space.resource("apps/v1:StatefulSet", "store");
    const spec = { container: { volumeMounts: [{ name: "data", mountPath: "/data" }] } };
    await resource.up(statefulSet("store", podTemplate("store", image, spec)));
    assert.equal(valueAt(resource.known().outputs, ["status", "readyReplicas"]), 1);
    const plan = await resource.plan(statefulSet("store", podTemplate("store", image, spec), { serviceName: "other" }));
    assert.deepEqual([plan.operation, plan.changes], ["delete and create", { "spec.serviceName": "UPDATE_REPLACE" }]);
    await resource.destroy();
    assert.equal(await space.get("v1", "Pod", "store-0"), undefined);
    assert.equal(
      ((await space.get("v1", "PersistentVolumeClaim", "data-store-0"))?.["status"] as Properties)["phase"],
      "Bound",
    );
  });

  it("ends for a Job when it has completed, and fails with its last line when it fails", async () => {
    const { image: tool } = await dns();
    const done = space.resource("batch/v1:Job", "done");
    await done.up(job("done", { spec: { containers: [{ name: "done", image: tool, args: ["-version"] }] } }));
    assert.equal(valueAt(done.known().outputs, ["status", "succeeded"]), 1);
    const failing = job("failing", {
      spec: { containers: [{ name: "failing", image: tool, args: ["-conf", "/not-there"] }] },
    });
    await staysUnready(
      space.resource("batch/v1:Job", "failing"),
      failing,
      60,
      /it failed: .*\n.*container failing keeps ending \(exit code 1.*last line: .+/s,
    );
  });

  it("does not wait for a claim that is bound when a pod first uses it, but for others", async () => {
    const claim = (name: string, more: Properties = {}) => ({
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "8Mi" } }, ...more },
    });
    await space.resource("core/v1:PersistentVolumeClaim", "later").up(claim("later"));
    const stuck = claim("stuck", { storageClassName: "" });
    await staysUnready(
      space.resource("core/v1:PersistentVolumeClaim", "stuck"),
      stuck,
      1,
      /stuck is not ready after 1 s: not bound to a volume yet/,
    );
  });

  it("ends for a DaemonSet and a Pod when they are ready", async () => {
    const template = podTemplate("each", image);
    const spec = { selector: { matchLabels: { app: "each" } }, template };
    await space
      .resource("apps/v1:DaemonSet", "each")
      .up({ apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name: "each" }, spec });
    const alone = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "alone" },
      spec: podTemplate("alone", image)["spec"] as Properties,
    };
    const resource = space.resource("core/v1:Pod", "alone");
    await resource.up(alone);
    assert.equal(valueAt(resource.known().outputs, ["status", "phase"]), "Running");
  });

  for (const [what, container, spec, reason] of [
    [
      "its image cannot be had",
      { image: "images.local/not-there:1" },
      {},
      /container broken cannot get its image images\.local\/not-there:1: .+/,
    ],
    [
      "no node fits",
      {},
      { nodeSelector: { shape: "round" } },
      /pod broken-\S+: cannot be scheduled: 0\/1 nodes are available: .*node affinity\/selector/,
    ],
    [
      "a probe fails",
      { readinessProbe: { httpGet: { path: "/missing", port: 8080 }, periodSeconds: 1 } },
      {},
      /container broken runs but is not ready: Readiness probe failed: HTTP probe failed with statuscode: 404/,
    ],
    ["its command is missing", { command: ["/not-there"] }, {}, /container broken .*(not-there|exit code)/],
    [
      "a volume is missing",
      { volumeMounts: [{ name: "v", mountPath: "/v" }] },
      { volumes: [{ name: "v", configMap: { name: "not-there" } }] },
      /configmap "not-there" not found/,
    ],
  ] as const) {
    it(`ends with the pod's own reason when ${what}`, async () => {
      const resource = space.resource("apps/v1:Deployment", "broken");
      const program = deployment("broken", podTemplate("broken", image, { container, spec } as never));
      await staysUnready(resource, program, 6, reason);
      await staysUnready(resource, program, 1, /Deployment .*broken is not ready after 1 s/);
      await resource.destroy();
    });
  }

  it("ends with exit code and last line when a container crashes again and again", async () => {
    const template = podTemplate("crashing", image);
    const twice = {
      ...template,
      spec: {
        containers: [
          { name: "one", image },
          { name: "two", image },
        ],
      },
    };
    const reason =
      /pod crashing-\S+: container (one|two) keeps ending \(exit code 1, \d+ restarts\); its last line: .*address already in use/;
    await staysUnready(
      space.resource("apps/v1:Deployment", "crashing"),
      deployment("crashing", twice, { minReadySeconds: 5 }),
      8,
      reason,
    );
  });

  it("is tried again by the next up, and succeeds when the cause is gone", async () => {
    const resource = space.resource("apps/v1:Deployment", "mended");
    const spec = { volumes: [{ name: "v", configMap: { name: "mended" } }] };
    const container = { volumeMounts: [{ name: "v", mountPath: "/v" }] };
    const program = deployment("mended", podTemplate("mended", image, { container, spec }));
    await staysUnready(resource, program, 2, /mended is not ready after 2 s/);
    assert.equal((await resource.plan(program)).operation, "update");
    await space.applyAs("test", {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "mended" },
      data: { a: "1" },
    });
    await space.cluster.client.json(`/api/v1/namespaces/${space.name}/pods?labelSelector=app%3Dmended`, {
      method: "DELETE",
    });
    assert.equal(await resource.up(program), "update");
    assert.equal(await resource.up(program), "same");
  });

  it("is left out with skipAwait and has its time from timeoutSeconds", async () => {
    const annotated = (name: string, annotations: Properties) => {
      const program = deployment(name, podTemplate(name, image, { spec: { nodeSelector: { shape: "round" } } }));
      return { ...program, metadata: { name, annotations } };
    };
    await space.resource("apps/v1:Deployment", "skipped").up(annotated("skipped", { "pulumi.com/skipAwait": "true" }));
    const hasty = annotated("hasty", { "pulumi.com/timeoutSeconds": "1" });
    await staysUnready(space.resource("apps/v1:Deployment", "hasty"), hasty, 0, /hasty is not ready after 1 s/);
  });

  it("ends at once when the operation is cancelled, and the state keeps the object", async () => {
    const driver = await space.another();
    try {
      const resource = space.resource("apps/v1:Deployment", "cancelled", driver);
      const program = deployment(
        "cancelled",
        podTemplate("cancelled", image, { spec: { nodeSelector: { shape: "round" } } }),
      );
      const ended = staysUnready(resource, program, 60, /cancelled: waiting was cancelled/);
      while (driver.shown.length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
      await driver.cancel();
      await ended;
    } finally {
      await driver.stop();
    }
  });

  /** The cluster's DNS server: its image has a program that ends by itself. */
  async function dns(): Promise<{ image: string }> {
    const reference = { apiVersion: "apps/v1", kind: "Deployment", namespace: "kube-system", name: "coredns" };
    const live = await space.cluster.get(reference);
    return { image: String(valueAt(live, ["spec", "template", "spec", "containers", 0, "image"])) };
  }
});
