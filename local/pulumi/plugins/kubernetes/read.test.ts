import assert from "node:assert/strict";

import type { Properties } from "../values.ts";
import { drifted } from "./read.ts";
import { fieldPath } from "./update.ts";

describe("what a refresh takes over from a live object", () => {
  const cases: [string, inputs: Properties, applied: Properties, live: Properties, expected: Properties][] = [
    [
      "nothing that is as it was applied, however it is written",
      { cpu: "1000m" },
      { cpu: "1" },
      { cpu: "1" },
      { cpu: "1000m" },
    ],
    ["the value somebody has changed", { replicas: 2 }, { replicas: 2 }, { replicas: 5 }, { replicas: 5 }],
    ["the absence of what somebody has removed", { a: "1", b: "2" }, { a: "1", b: "2" }, { b: "2" }, { b: "2" }],
    ["nothing that others have added", { a: "1" }, { a: "1", x: "9" }, { a: "1", x: "9" }, { a: "1" }],
    ["no loss of what the server leaves out because it is empty", { labels: {}, a: [] }, {}, {}, { labels: {}, a: [] }],
    [
      "a list's elements by their names, whatever stands between them",
      { containers: [{ name: "app", image: "a:1" }] },
      { containers: [{ name: "proxy" }, { name: "app", image: "a:1", ports: [] }] },
      { containers: [{ name: "proxy" }, { name: "app", image: "a:2", ports: [] }] },
      { containers: [{ name: "app", image: "a:2" }] },
    ],
    [
      "a whole list without names when its length differs",
      { args: ["a"] },
      { args: ["a"] },
      { args: ["a", "b"] },
      { args: ["a", "b"] },
    ],
    [
      "one element of a list without names",
      { ingress: [{ from: [{ ip: 1 }] }, { from: [] }] },
      { ingress: [{ from: [{ ip: 1 }] }, { from: [] }] },
      { ingress: [{ from: [{ ip: 2 }] }, { from: [] }] },
      { ingress: [{ from: [{ ip: 2 }] }, { from: [] }] },
    ],
  ];
  for (const [what, inputs, applied, live, expected] of cases) {
    it(`is ${what}`, () => assert.deepEqual(drifted(inputs, applied, live), expected));
  }
});

describe("the path of an apply conflict", () => {
  const object = {
    metadata: { annotations: { "example.com/a.b": "1" } },
    spec: {
      hard: { "requests.cpu": "1", requests: { memory: "1" } },
      containers: [{ name: "x" }, { name: "app", image: "i", ports: [{ containerPort: 80, protocol: "TCP" }] }],
    },
  };
  for (const [field, expected] of [
    [".spec.hard.requests.cpu", ["spec", "hard", "requests.cpu"]],
    [".spec.hard.requests.memory", ["spec", "hard", "requests", "memory"]],
    [".metadata.annotations.example.com/a.b", ["metadata", "annotations", "example.com/a.b"]],
    ['.spec.containers[name="app"].image', ["spec", "containers", 1, "image"]],
    [
      '.spec.containers[name="app"].ports[containerPort=80,protocol="TCP"].containerPort',
      ["spec", "containers", 1, "ports", 0, "containerPort"],
    ],
    ['.spec.containers[name="gone"].image', undefined],
    [".status.phase", undefined],
  ] as const) {
    it(`${field} leads ${expected ? "to its value" : "nowhere"}`, () =>
      assert.deepEqual(fieldPath(field, object), expected));
  }
});
