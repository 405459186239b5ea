import assert from "node:assert/strict";

import { valueAt } from "../plugin.ts";
import { Secret, unknown } from "../values.ts";
import type { Properties, Value } from "../values.ts";
import { TestNamespace } from "./testing/cluster.ts";

const configMap = (name: string, data: Properties): Properties => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name },
  data,
});
const role = (name: string, ref: string): Properties => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "RoleBinding",
  metadata: { name },
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: ref },
  subjects: [{ kind: "ServiceAccount", name: "default" }],
});
const quota = (name: string, cpu: Value, more: Properties = {}): Properties => ({
  apiVersion: "v1",
  kind: "ResourceQuota",
  metadata: { name },
  spec: { hard: { "requests.cpu": cpu, ...more } },
});

describe("the local kubernetes plugin on a real API server", function () {
  this.timeout(120_000);
  let space: TestNamespace;

  before(async function () {
    this.timeout(1_800_000);
    space = await TestNamespace.make({ enableConfigMapMutable: true, enableSecretMutable: true });
  });
  after(async () => await space?.remove());

  it("creates nothing in a preview, and in an up what the preview showed", async () => {
    const resource = space.resource("core/v1:ConfigMap", "made");
    const program = configMap("made", { a: "1" });
    const plan = await resource.plan(program);
    assert.equal(plan.operation, "create");
    assert.equal(await space.get("v1", "ConfigMap", "made"), undefined);
    assert.equal(valueAt(plan.outputs, ["metadata", "uid"]), unknown);
    assert.equal(await resource.up(program), "create");
    const live = await space.get("v1", "ConfigMap", "made");
    assert.deepEqual(live?.["data"], { a: "1" });
    assert.deepEqual(plan.outputs["data"], live["data"]);
    assert.equal(valueAt(resource.known().outputs, ["metadata", "uid"]), live.metadata["uid"]);
    assert.equal(await resource.up(program), "same");
  });

  it("keeps in the state what the official plugin needs to take over", async () => {
    const resource = space.resource("core/v1:ConfigMap", "taken");
    await resource.up({ apiVersion: "v1", kind: "ConfigMap", data: { a: "1" } });
    const { id, inputs, outputs } = resource.known();
    const name = String(valueAt(inputs, ["metadata", "name"]));
    assert.match(name, /^taken-[0-9a-f]{8}$/);
    assert.equal(id, `${space.name}/${name}`);
    assert.equal(valueAt(inputs, ["metadata", "annotations", "pulumi.com/autonamed"]), "true");
    assert.deepEqual(outputs["__inputs"], inputs);
    assert.equal(outputs["__initialApiVersion"], "v1");
    assert.match(String(outputs["__fieldManager"]), /^pulumi-kubernetes-[0-9a-f]{16}$/);
    assert.equal(valueAt(outputs, ["metadata", "managedFields"]), undefined);
    assert.equal(outputs["kind"], "ConfigMap");
    assert.equal(await resource.up({ apiVersion: "v1", kind: "ConfigMap", data: { a: "1" } }), "same");
    await resource.refresh();
    assert.deepEqual(resource.known().inputs, inputs);
  });

  it("updates in place, and takes out of the object what has left the program", async () => {
    const resource = space.resource("core/v1:ConfigMap", "changing");
    await resource.up(configMap("changing", { a: "1", gone: "x" }));
    const uid = (await space.get("v1", "ConfigMap", "changing"))?.metadata["uid"];
    const program = configMap("changing", { a: "2", b: "3" });
    const plan = await resource.plan(program);
    assert.deepEqual(plan.changes, { "data.a": "UPDATE", "data.b": "ADD", "data.gone": "DELETE" });
    assert.deepEqual(plan.outputs["data"], { a: "2", b: "3" });
    assert.equal(await resource.up(program), "update");
    const live = await space.get("v1", "ConfigMap", "changing");
    assert.deepEqual(live?.["data"], { a: "2", b: "3" });
    assert.equal(live.metadata["uid"], uid);
  });

  it("replaces what cannot change in place: a fixed name goes first, a made name goes last", async () => {
    const fixed = space.resource("rbac.authorization.k8s.io/v1:RoleBinding", "fixed");
    await fixed.up(role("fixed", "first"));
    const uid = (await space.get("rbac.authorization.k8s.io/v1", "RoleBinding", "fixed"))?.metadata["uid"];
    const plan = await fixed.plan(role("fixed", "second"));
    assert.deepEqual([plan.operation, plan.changes], ["delete and create", { "roleRef.name": "UPDATE_REPLACE" }]);
    assert.equal(await fixed.up(role("fixed", "second")), "delete and create");
    const live = await space.get("rbac.authorization.k8s.io/v1", "RoleBinding", "fixed");
    assert.equal((live?.["roleRef"] as Properties)["name"], "second");
    assert.notEqual(live?.metadata["uid"], uid);

    const named = space.resource("rbac.authorization.k8s.io/v1:RoleBinding", "named");
    const unnamed = (ref: string) => ({ ...role("", ref), metadata: {} });
    await named.up(unnamed("first"));
    const before = named.known().id;
    assert.equal(await named.up(unnamed("second")), "replace");
    assert.notEqual(named.known().id, before);
    assert.equal(await space.get("rbac.authorization.k8s.io/v1", "RoleBinding", before.split("/")[1] ?? ""), undefined);
  });

  it("does in an up exactly what the preview said, edit after edit", async () => {
    const resource = space.resource("core/v1:ResourceQuota", "edited");
    const edits: Properties[] = [
      quota("edited", "1"),
      quota("edited", "1000m"),
      quota("edited", "2", { pods: "10" }),
      { ...quota("edited", "2", { pods: "10" }), metadata: { name: "edited", labels: { team: "shop" } } },
      quota("edited", "2"),
      { ...quota("edited", "2"), spec: { hard: { pods: "3" }, scopes: ["NotTerminating"] } },
      quota("edited-anew", "2"),
    ];
    const done: string[] = [];
    for (const program of edits) {
      const before = resource.state && valueAt(resource.state.outputs, ["metadata", "uid"]);
      const plan = await resource.plan(program);
      assert.equal(await resource.up(program), plan.operation);
      assert.deepEqual(plan.outputs["spec"], resource.known().outputs["spec"]);
      const uid = valueAt(resource.known().outputs, ["metadata", "uid"]);
      if (plan.operation === "update") assert.equal(uid, before);
      else assert.notEqual(uid, before);
      assert.equal((await resource.plan(program)).operation, "same");
      done.push(plan.operation);
    }
    assert.deepEqual(done, ["create", "update", "update", "update", "update", "delete and create", "replace"]);
  });

  it("finds drift by a refresh and repairs it with the next up", async () => {
    const resource = space.resource("core/v1:ResourceQuota", "drifting");
    const program = quota("drifting", "1000m", { pods: "10" });
    await resource.up(program);
    await resource.refresh();
    assert.equal((await resource.plan(program)).operation, "same", "the server's way of writing is no drift");

    await space.applyAs("somebody", { ...quota("drifting", "3", { secrets: "5" }) } as never);
    assert.equal((await resource.plan(program)).operation, "same", "nothing is known before a refresh");
    await assert.rejects(resource.up(quota("drifting", "4", { pods: "10" })), (error: Error) => {
      assert.match(
        error.message,
        /ResourceQuota .*drifting was changed by others .* spec\.hard\.requests\.cpu \(somebody\)/,
      );
      assert.match(error.message, /Run a refresh/);
      return true;
    });
    await resource.refresh();
    const plan = await resource.plan(program);
    assert.deepEqual(plan.changes, { 'spec.hard["requests.cpu"]': "UPDATE" });
    assert.equal(await resource.up(program), "update");
    const live = await space.get("v1", "ResourceQuota", "drifting");
    assert.deepEqual((live?.["spec"] as Properties)["hard"], { pods: "10", "requests.cpu": "1", secrets: "5" });
  });

  it("creates again what was deleted by somebody else", async () => {
    const resource = space.resource("core/v1:ConfigMap", "lost");
    await resource.up(configMap("lost", { a: "1" }));
    const { urn, known, driver } = resource;
    await driver.delete(urn, known.call(resource).id, known.call(resource));
    assert.equal(await resource.refresh(), false);
    assert.equal(await resource.up(configMap("lost", { a: "1" })), "create");
  });

  it("takes over what an interrupted up of the same resource has made, and nothing else", async () => {
    const interrupted = space.resource("core/v1:ConfigMap", "half");
    await interrupted.up(configMap("half", { a: "1" }));
    const uid = (await space.get("v1", "ConfigMap", "half"))?.metadata["uid"];
    const again = space.resource("core/v1:ConfigMap", "half");
    assert.equal((await again.plan(configMap("half", { a: "2" }))).operation, "create");
    assert.equal(await again.up(configMap("half", { a: "2" })), "create");
    assert.equal((await space.get("v1", "ConfigMap", "half"))?.metadata["uid"], uid);

    const stranger = space.resource("core/v1:ConfigMap", "stranger");
    const refused = /ConfigMap .*\/half exists already and is not managed by this stack; import it/;
    await assert.rejects(stranger.plan(configMap("half", { a: "3" })), refused);
    await assert.rejects(stranger.up(configMap("half", { a: "3" })), refused);
    assert.deepEqual((await space.get("v1", "ConfigMap", "half"))?.["data"], { a: "2" });
  });

  it("imports by id", async () => {
    await space.applyAs("somebody", { ...configMap("foreign", { a: "1" }) } as never);
    const resource = space.resource("core/v1:ConfigMap", "imported");
    const { id, inputs, outputs } = await space.driver.read(resource.urn, `${space.name}/foreign`);
    assert.equal(id, `${space.name}/foreign`);
    assert.deepEqual(inputs, {
      ...configMap("foreign", { a: "1" }),
      metadata: { name: "foreign", namespace: space.name },
    });
    resource.state = { id, inputs, outputs, failed: false };
    assert.equal(await resource.up(configMap("foreign", { a: "1" })), "same");
    assert.equal((await space.driver.read(resource.urn, `${space.name}/missing`)).id, "");
  });

  it("says in a preview what is wrong with an object, also while its namespace does not exist", async () => {
    const wrong = configMap("wrong", {});
    const misspelt = space.resource("core/v1:ConfigMap", "misspelt");
    await assert.rejects(misspelt.plan({ ...wrong, dat: { a: "1" } }), /ConfigMap .*wrong is not valid: .*dat/);
    const elsewhere = { ...wrong, metadata: { name: "wrong", namespace: "not-there" } };
    await assert.rejects(misspelt.plan({ ...elsewhere, dat: { a: "1" } }), /ConfigMap not-there\/wrong is not valid/);
    assert.equal((await misspelt.plan(elsewhere)).operation, "create");
    await assert.rejects(
      misspelt.plan({ ...wrong, metadata: { name: "Not A Name" } }),
      /is not valid: .*metadata\.name/,
    );
  });

  it("keeps secrets secret: in inputs, outputs, state and messages", async () => {
    const resource = space.resource("core/v1:Secret", "hidden");
    const program = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "hidden" },
      stringData: { password: "correct-horse" },
    };
    const encoded = Buffer.from("correct-horse").toString("base64");
    const plan = await resource.plan(program);
    assert.deepEqual(plan.outputs["data"], new Secret({ password: encoded }));
    await resource.up(program);
    const { inputs, outputs } = resource.known();
    for (const place of [inputs, outputs, outputs["__inputs"] as Properties]) {
      assert.deepEqual(place["data"], new Secret({ password: encoded }));
      assert.equal(place["stringData"], undefined);
    }
    assert.equal(await resource.up(program), "same");
    await resource.refresh();
    assert.deepEqual(resource.known().inputs, inputs);
    assert.ok(!JSON.stringify([inputs, outputs]).includes(encoded));
    await assert.rejects(
      resource.up({
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "hidden" },
        data: { password: "correct-horse!" },
      }),
      (error: Error) => {
        assert.match(error.message, /^Secret .*hidden /);
        assert.doesNotMatch(error.message, /correct-horse/);
        return true;
      },
    );

    const config = space.resource("core/v1:ConfigMap", "marked");
    await config.up(configMap("marked", { open: "yes", token: new Secret("s3cret-token") }));
    assert.deepEqual(config.known().outputs["data"], { open: "yes", token: new Secret("s3cret-token") });
  });

  it("deletes, waits until the object is gone, and takes one that is gone already as done", async () => {
    const resource = space.resource("core/v1:ConfigMap", "ending");
    await resource.up(configMap("ending", {}));
    const state = resource.known();
    await resource.destroy();
    assert.equal(await space.get("v1", "ConfigMap", "ending"), undefined);
    await space.driver.delete(resource.urn, state.id, state);

    const held = space.resource("core/v1:ConfigMap", "held");
    await held.up({ ...configMap("held", {}), metadata: { name: "held", finalizers: ["example.com/held"] } });
    await assert.rejects(held.destroy(1), /ConfigMap .*held is still being deleted: finalizers example\.com\/held/);
    assert.equal(await held.up(configMap("held", {})), "update");
    assert.equal(await space.get("v1", "ConfigMap", "held"), undefined);
  });

  it("refuses what it does not support", async () => {
    for (const type of ["core/v1:ConfigMapPatch", "core/v1:ConfigMapList", "helm.sh/v3:Release", "yaml:ConfigFile"]) {
      await assert.rejects(
        space.resource(type, "no").up({}),
        /not supported by the local kubernetes plugin|cannot be created/,
      );
    }
    await assert.rejects(
      space.driver.invoke("kubernetes:yaml:decode", {}),
      /not supported by the local kubernetes plugin/,
    );
    const { failures } = await space.driver.checkConfig({
      renderYamlToDirectory: "out",
      enableServerSideApply: "false",
    });
    assert.deepEqual(
      failures.map((failure) => failure.split(":")[0]),
      ["renderYamlToDirectory", "enableServerSideApply"],
    );
  });
});
