import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";

import { startCluster } from "../../../cluster/index.ts";
import { seal } from "../../../cluster/testing/seal.ts";
import { valueAt } from "../plugin.ts";
import { NotReady } from "../testing/driver.ts";
import type { Properties } from "../values.ts";
import { TestNamespace } from "./testing/cluster.ts";

describe("custom resources", function () {
  this.timeout(120_000);
  const group = `g${randomBytes(3).toString("hex")}.example.com`;
  let space: TestNamespace;

  const definition = (scope: "Namespaced" | "Cluster"): Properties => ({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `gadgets.${group}` },
    spec: {
      group,
      scope,
      names: { kind: "Gadget", plural: "gadgets" },
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  });
  const schema: Properties = {
    type: "object",
    properties: {
      spec: {
        type: "object",
        properties: { size: { type: "integer", maximum: 9 }, port: { x_kubernetes_int_or_string: true } },
      },
    },
  };
  const gadget = (spec: Properties): Properties => ({
    apiVersion: `${group}/v1`,
    kind: "Gadget",
    metadata: { name: "one" },
    spec,
  });

  before(async function () {
    this.timeout(1_800_000);
    space = await TestNamespace.make();
  });
  after(async () => await space?.remove());

  it("are planned before their definition exists, and created once it does", async () => {
    const [crd, custom] = [
      space.resource("apiextensions.k8s.io/v1:CustomResourceDefinition", "gadgets"),
      space.resource(`${group}/v1:Gadget`, "one"),
    ];
    assert.equal((await custom.plan(gadget({ size: 1 }))).operation, "create");
    assert.equal((await crd.plan(definition("Namespaced"))).operation, "create");

    await crd.up(definition("Namespaced"));
    assert.equal(valueAt(crd.known().outputs, ["status", "conditions", 0, "status"]), "True");
    assert.equal(await crd.up(definition("Namespaced")), "same");
    await crd.refresh();
    assert.equal(await crd.up(definition("Namespaced")), "same");

    await custom.up(gadget({ size: 1, port: "http" }));
    assert.equal(custom.known().id, `${space.name}/one`);
    assert.equal(await custom.up(gadget({ size: 2 })), "update");
    assert.deepEqual((await space.get(`${group}/v1`, "Gadget", "one"))?.["spec"], { size: 2 });
    await assert.rejects(custom.plan(gadget({ size: 10 })), /Gadget .*\/one is not valid: .*spec\.size/);
    await assert.rejects(custom.plan(gadget({ siz: 1 })), /Gadget .*\/one is not valid: .*siz/);

    assert.equal((await crd.plan(definition("Cluster"))).operation, "delete and create");
    await custom.destroy();
    await crd.destroy();
    assert.equal(await space.get("apiextensions.k8s.io/v1", "CustomResourceDefinition", `gadgets.${group}`), undefined);
  });

  it("of a kind that never comes to be known are an error that says so", async () => {
    const lost = space.resource(`other.${group}/v1:Gadget`, "lost");
    const program = { ...gadget({}), apiVersion: `other.${group}/v1` };
    await assert.rejects(
      lost.up(program),
      /does not know the kind Gadget of other\..*; create its CustomResourceDefinition first/,
    );
  });

  it("that are SealedSecrets are ready when their Secret is there, and tell the controller's reason when it is not", async () => {
    const { sealingCertificate } = await startCluster();
    const sealed = (name: string, password: string): Properties => ({
      apiVersion: "bitnami.com/v1alpha1",
      kind: "SealedSecret",
      metadata: { name },
      spec: { encryptedData: { password } },
    });
    const good = space.resource("bitnami.com/v1alpha1:SealedSecret", "good");
    await good.up(sealed("good", seal(sealingCertificate, space.name, "good", "correct-horse")));
    const secret = await space.get("v1", "Secret", "good");
    assert.deepEqual(secret?.["data"], { password: Buffer.from("correct-horse").toString("base64") });

    const bad = space.resource("bitnami.com/v1alpha1:SealedSecret", "bad");
    const elsewhere = sealed("bad", seal(sealingCertificate, space.name, "another-name", "correct-horse"));
    await assert.rejects(bad.up(elsewhere), (error: Error) => {
      assert.ok(error instanceof NotReady);
      assert.match(error.message, /SealedSecret .*\/bad is not ready: the controller cannot unseal it: .+/);
      return true;
    });
    assert.equal(await bad.up(sealed("bad", seal(sealingCertificate, space.name, "bad", "battery"))), "update");
  });
});
