import assert from "node:assert/strict";

import fc from "fast-check";

import { Secret, unknown } from "../values.ts";
import type { Json, JsonObject, Path, Properties, Value } from "../values.ts";
import { compare, diff } from "./diff.ts";
import { isImmutable } from "./immutable.ts";

const mutable = { configMaps: true, secrets: true };
const request = (olds: Properties, news: Properties) => ({
  urn: "urn",
  name: "x",
  type: "t",
  id: "x",
  oldInputs: {},
  oldOutputs: { __inputs: olds },
  newInputs: news,
  ignoreChanges: [],
});
const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.integer(),
    fc.string(),
    fc.boolean(),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.string({ minLength: 1, maxLength: 4 }), tie("value"), { maxKeys: 4 }),
  ),
})).value;
const shuffled = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, shuffled(inner)]),
  );
};

describe("comparing objects", () => {
  it("finds nothing between equals, in whatever order their keys are", () => {
    fc.assert(fc.property(json, (value) => assert.deepEqual(compare(value, shuffled(value)), [])));
  });

  it("finds something between different objects, in both directions", () => {
    fc.assert(
      fc.property(json, json, (old, next) => {
        fc.pre(JSON.stringify(sorted(old)) !== JSON.stringify(sorted(next)));
        const paths = (from: Json, to: Json) =>
          compare(from, to)
            .map(({ path }) => path.join("/"))
            .sort();
        assert.ok(paths(old, next).length > 0);
        assert.deepEqual(paths(old, next), paths(next, old));
      }),
    );
  });

  it("leads, change by change, from the old object to the new one", () => {
    fc.assert(
      fc.property(json, json, (old, next) => {
        const result: { root: Json } = { root: structuredClone(old) };
        for (const { path, kind } of compare(old, next).reverse())
          put(result, path, kind === "delete" ? undefined : get(next, path));
        assert.deepEqual(sorted(result.root), sorted(next));
      }),
    );
  });

  it("takes what is not known yet as a change", () => {
    assert.deepEqual(compare({ a: 1 }, { a: unknown }), [{ path: ["a"], kind: "update" }]);
  });
});

describe("the plan for a Kubernetes object", () => {
  const configMap = (data: Properties, more: Properties = {}) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "c", namespace: "n" },
    data,
    ...more,
  });

  it("looks through secret marks", () => {
    assert.deepEqual(diff(request(configMap({ a: new Secret("1") }), configMap({ a: "1" })), mutable).changes, []);
  });

  it("compares with the inputs the state keeps, or with the old inputs where it keeps none", () => {
    const asked = { ...request({}, configMap({ a: "1" })), oldOutputs: {}, oldInputs: configMap({ a: "2" }) };
    assert.deepEqual(diff(asked, mutable).changes, [{ path: ["data", "a"], kind: "update" }]);
  });

  it("changes data of ConfigMaps and Secrets in place only where the provider allows it, as the official plugin does", () => {
    const changed = request(configMap({ a: "1" }), configMap({ a: "2" }));
    assert.equal(diff(changed, mutable).deleteBeforeReplace, false);
    assert.equal(diff(changed, { configMaps: false, secrets: true }).deleteBeforeReplace, true);
    const frozen = request(configMap({ a: "1" }, { immutable: true }), configMap({ a: "2" }));
    assert.equal(diff(frozen, mutable).deleteBeforeReplace, true);
  });

  it("deletes first only when the new object takes the old one's place", () => {
    const named = (name: string, namespace: string, annotations: Properties = {}) => ({
      ...configMap({}),
      metadata: { name, namespace, annotations },
    });
    assert.equal(diff(request(named("a", "n"), named("b", "n")), mutable).deleteBeforeReplace, false);
    assert.equal(diff(request(named("a", "n"), named("a", "m")), mutable).deleteBeforeReplace, false);
    const own = { "pulumi.com/autonamed": "true" };
    const [old, next] = [named("a", "n", own), named("a", "n", own)];
    const changed = diff(request({ ...old, data: { a: "1" } }, { ...next, data: { a: "2" } }), {
      configMaps: false,
      secrets: false,
    });
    assert.deepEqual([changed.changes[0]?.replace, changed.deleteBeforeReplace], [true, false]);
  });

  it("replaces on another group, and updates on another version", () => {
    const of = (apiVersion: string) => ({ apiVersion, kind: "Ingress", metadata: { name: "i", namespace: "n" } });
    const changes = (from: string, to: string) => diff(request(of(from), of(to)), mutable).changes;
    assert.equal(changes("extensions/v1beta1", "networking.k8s.io/v1")[0]?.replace, true);
    assert.deepEqual(changes("networking.k8s.io/v1beta1", "networking.k8s.io/v1"), [
      { path: ["apiVersion"], kind: "update" },
    ]);
  });
});

describe("fields that cannot change in place", () => {
  const table: [apiVersion: string, kind: string, path: Path, immutable: boolean][] = [
    ["apps/v1", "Deployment", ["spec", "selector", "matchLabels", "app"], true],
    ["apps/v1", "Deployment", ["spec", "replicas"], false],
    ["apps/v1", "Deployment", ["spec", "template", "spec", "containers", 0, "image"], false],
    ["apps/v1", "Deployment", ["metadata", "name"], true],
    ["apps/v1", "Deployment", ["metadata", "labels", "name"], false],
    ["apps/v1", "Deployment", ["spec"], true],
    ["apps/v1", "DaemonSet", ["spec", "selector"], true],
    ["apps/v1", "StatefulSet", ["spec", "serviceName"], true],
    ["apps/v1", "StatefulSet", ["spec", "podManagementPolicy"], true],
    ["apps/v1", "StatefulSet", ["spec", "volumeClaimTemplates", 0, "spec", "resources", "requests", "storage"], true],
    ["apps/v1", "StatefulSet", ["spec", "template", "spec", "volumes", 0], false],
    ["apps/v1", "StatefulSet", ["spec", "revisionHistoryLimit"], false],
    ["batch/v1", "Job", ["spec", "template", "spec", "containers", 0, "image"], true],
    ["batch/v1", "Job", ["spec", "ttlSecondsAfterFinished"], false],
    ["batch/v1", "CronJob", ["spec", "jobTemplate", "spec", "template"], false],
    ["v1", "Service", ["spec", "clusterIP"], true],
    ["v1", "Service", ["spec", "ports", 0, "port"], false],
    ["v1", "PersistentVolumeClaim", ["spec", "storageClassName"], true],
    ["v1", "PersistentVolumeClaim", ["spec", "resources", "requests", "storage"], false],
    ["v1", "Pod", ["spec", "containers", 0, "env", 2, "value"], true],
    ["v1", "Pod", ["spec", "containers", 0, "image"], false],
    ["v1", "Secret", ["type"], true],
    ["v1", "Secret", ["data", "a"], false],
    ["v1", "Namespace", ["metadata", "labels", "a"], false],
    ["rbac.authorization.k8s.io/v1", "RoleBinding", ["roleRef", "name"], true],
    ["rbac.authorization.k8s.io/v1", "ClusterRoleBinding", ["subjects", 0, "name"], false],
    ["storage.k8s.io/v1", "StorageClass", ["parameters", "a"], true],
    ["storage.k8s.io/v1", "StorageClass", ["allowVolumeExpansion"], false],
    ["example.com/v1", "Deployment", ["spec", "selector"], false],
  ];
  for (const [apiVersion, kind, path, expected] of table) {
    it(`${expected ? "hold" : "do not hold"} ${kind} ${path.join(".")} of ${apiVersion}`, () => {
      assert.equal(isImmutable({ apiVersion, kind, immutable: false }, path, mutable), expected);
    });
  }
});

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? 0 : value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key] as Json)]),
  );
}

function get(value: Json, path: Path): Json | undefined {
  return path.reduce<Json | undefined>((current, step) => (current as JsonObject | undefined)?.[step], value);
}

function put(holder: { root: Json }, path: Path, value: Value | undefined): void {
  const steps = ["root", ...path];
  const last = steps.at(-1) as string;
  const parent = get(holder, steps.slice(0, -1)) as JsonObject;
  if (value !== undefined) parent[last] = value as Json;
  else if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
}
