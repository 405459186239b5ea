import assert from "node:assert/strict";
import { UNKNOWN, type TestResource } from "../testing/analyzer.ts";
import { remediated, verdictRemediated } from "../testing/in-process.ts";
import { verdict } from "../testing/pack.ts";
import { namespace } from "./namespace.ts";

const POLICY = "namespace";
const ENFORCE = "pod-security.kubernetes.io/enforce";
const LABEL = `metadata.labels["${ENFORCE}"]`;

const part = (system: string) => ({ "app.kubernetes.io/part-of": system });
const object = (metadata: unknown, type = "core/v1:ConfigMap"): TestResource => {
  return { type: `kubernetes:${type}`, properties: { metadata } };
};
const judge = (metadata: unknown, type?: string, parameters = {}) =>
  verdict(POLICY, object(metadata, type), { [POLICY]: { parameters } });
const space = (labels: unknown, parameters = {}) =>
  judge({ name: "worldstore", labels }, "core/v1:Namespace", parameters);

describe("POL-NAMESPACE (EB-SEC-29)", () => {
  it("accepts a namespace of the system's own", async () => {
    assert.deepEqual(await judge({ namespace: "shop" }), []);
    assert.deepEqual(await judge({ namespace: "worldstore", labels: part("worldstore") }), []);
    assert.deepEqual(await judge({ namespace: "production", labels: part("archesai") }), []);
    assert.deepEqual(await judge({ namespace: "anything", labels: part("other") }), []);
  });

  it("reads an absent namespace as the default one", async () => {
    assert.deepEqual(await judge({}), ["mandatory metadata.namespace: nothing"]);
    assert.deepEqual(await judge({ labels: part("worldstore") }), ["mandatory metadata.namespace: nothing"]);
    assert.deepEqual(await judge({}, "bitnami.com/v1alpha1:SealedSecret"), ["mandatory metadata.namespace: nothing"]);
    assert.deepEqual(await judge({}, "apps/v1:DeploymentPatch"), ["mandatory metadata.namespace: nothing"]);
  });

  it("rejects the cluster's namespaces and those of other systems", async () => {
    for (const name of ["default", "kube-system", "kube-public", "kube-node-lease", ""]) {
      assert.deepEqual(await judge({ namespace: name }), [`mandatory metadata.namespace: ${JSON.stringify(name)}`]);
    }
    assert.deepEqual(await judge({ namespace: "ccl", labels: part("worldstore") }), [
      'mandatory metadata.namespace: "ccl"',
    ]);
    assert.deepEqual(
      await judge({ name: "ccl", labels: { ...part("worldstore"), [ENFORCE]: "restricted" } }, "core/v1:Namespace"),
      ['mandatory metadata.name: "ccl"'],
    );
  });

  it("asks none of what stands beside all namespaces or is no object", async () => {
    for (const type of [
      "core/v1:PersistentVolume",
      "rbac.authorization.k8s.io/v1:ClusterRole",
      "rbac.authorization.k8s.io/v1:ClusterRoleBindingPatch",
      "storage.k8s.io/v1:StorageClass",
      "apiextensions.k8s.io/v1:CustomResourceDefinition",
      "cert-manager.io/v1:ClusterIssuer",
      "helm.sh/v4:Chart",
      "yaml/v2:ConfigGroup",
      "kustomize/v2:Directory",
    ]) {
      assert.deepEqual(await judge({}, type), [], type);
    }
    assert.deepEqual(await verdict(POLICY, { type: "pulumi:providers:kubernetes", properties: {} }), []);
    const release = (properties: Record<string, unknown>) =>
      verdict(POLICY, { type: "kubernetes:helm.sh/v3:Release", properties });
    assert.deepEqual(await release({}), ["mandatory namespace: nothing"]);
    assert.deepEqual(await release({ namespace: "falco" }), []);
  });

  it("demands that a namespace enforces the Pod Security Standards", async () => {
    assert.deepEqual(await space({ [ENFORCE]: "restricted" }), []);
    assert.deepEqual(await space(undefined), [`mandatory ${LABEL}: nothing`]);
    for (const level of ["privileged", "baseline", "strict"]) {
      assert.deepEqual(await space({ [ENFORCE]: level }), [`mandatory ${LABEL}: "${level}"`]);
    }
    assert.deepEqual(await space({ [ENFORCE]: "baseline" }, { podSecurity: "baseline" }), []);
    assert.deepEqual(await space({ [ENFORCE]: "restricted" }, { podSecurity: "baseline" }), []);
    assert.deepEqual(await space({ [ENFORCE]: "privileged" }, { podSecurity: "baseline" }), [
      `mandatory ${LABEL}: "privileged"`,
    ]);
    assert.deepEqual(await space({}, { podSecurity: "privileged" }), []);
  });

  it("takes namespaces from its configuration", async () => {
    const parameters = { forbidden: ["shop"], namespaces: { worldstore: "store" } };
    assert.deepEqual(await judge({ namespace: "shop" }, undefined, parameters), [
      'mandatory metadata.namespace: "shop"',
    ]);
    assert.deepEqual(await judge({ namespace: "store", labels: part("worldstore") }, undefined, parameters), []);
    assert.deepEqual(await judge({ namespace: "default" }, undefined, parameters), []);
  });

  it("reports what is not known yet", async () => {
    assert.deepEqual(await judge({ namespace: UNKNOWN }), ["advisory not evaluated: metadata.namespace"]);
    assert.deepEqual(await space({ [ENFORCE]: UNKNOWN }), [`advisory not evaluated: ${LABEL}`]);
  });

  it("remedies the level that a namespace enforces", () => {
    for (const labels of [undefined, { [ENFORCE]: "baseline" }]) {
      const loose = object({ name: "worldstore", labels }, "core/v1:Namespace");
      assert.deepEqual(verdictRemediated(namespace, loose), { verdict: [], idempotent: true });
    }
    const fine = object({ name: "x", labels: { [ENFORCE]: "restricted" } }, "core/v1:Namespace");
    assert.deepEqual(remediated(namespace, fine), fine);
    assert.deepEqual(remediated(namespace, fine, { podSecurity: "baseline" }), fine);
    assert.deepEqual(remediated(namespace, object({})), object({}));
  });
});
