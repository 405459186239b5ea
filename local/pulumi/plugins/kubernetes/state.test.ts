import assert from "node:assert/strict";

import { Secret, unknown } from "../values.ts";
import type { Properties } from "../values.ts";
import type { KubeObject } from "./object.ts";
import { dryRunState, fromApi, plannedState, redactor, stateOf, toApi } from "./state.ts";

const kept = { apiVersion: "v1", fieldManager: "m" };

describe("the state of a Kubernetes object", () => {
  it("holds what the official plugin looks for, and marks as secret what was secret in the inputs", () => {
    const inputs = { apiVersion: "v1", kind: "ConfigMap", data: { token: new Secret("t"), open: "o" } };
    const state = stateOf(
      { apiVersion: "v1", kind: "ConfigMap", data: { token: "t", open: "o" }, more: 1 },
      inputs,
      kept,
    );
    assert.deepEqual(state, {
      apiVersion: "v1",
      kind: "ConfigMap",
      data: { token: new Secret("t"), open: "o" },
      more: 1,
      __fieldManager: "m",
      __initialApiVersion: "v1",
      __inputs: inputs,
    });
  });

  it("always hides the data of a Secret, and of nothing else that is called data", () => {
    const data = { a: "QQ==" };
    const secret = { apiVersion: "v1", kind: "Secret", data };
    assert.deepEqual(stateOf(secret, secret, kept)["data"], new Secret(data));
    const other = { apiVersion: "example.com/v1", kind: "Secret", data };
    assert.deepEqual(stateOf(other, other, kept)["data"], data);
  });

  it("leaves unknown what a cluster will add", () => {
    const inputs: Properties = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "s" },
      spec: { selector: unknown },
    };
    const planned = plannedState(inputs, kept);
    assert.deepEqual(planned["status"], unknown);
    assert.deepEqual((planned["metadata"] as Record<string, unknown>)["uid"], unknown);
    assert.deepEqual(planned["spec"], { selector: unknown });
  });

  it("does not take the addresses of a dry run for real", () => {
    const inputs = { apiVersion: "v1", kind: "Service", metadata: { name: "s" }, spec: { ports: [{ port: 80 }] } };
    const live = {
      ...inputs,
      spec: {
        clusterIP: "10.0.0.9",
        clusterIPs: ["10.0.0.9"],
        type: "NodePort",
        ports: [{ port: 80, nodePort: 30001 }],
      },
    };
    assert.deepEqual(dryRunState(live, inputs, kept)["spec"], {
      clusterIP: unknown,
      clusterIPs: unknown,
      type: "NodePort",
      ports: [{ port: 80 }],
    });
    const headless = { ...inputs, spec: { clusterIP: "None" } };
    assert.deepEqual(dryRunState({ ...headless, metadata: {} }, headless, kept)["spec"], { clusterIP: "None" });
  });

  it("writes schema extensions with underscores, and sends them with dashes", () => {
    const sent = toApi({ kind: "X", spec: { x_kubernetes_int_or_string: true, x_other_key: 1 } });
    assert.deepEqual(sent["spec"], { "x-kubernetes-int-or-string": true, x_other_key: 1 });
    const live = { ...sent, metadata: { managedFields: [], name: "n" } } as KubeObject;
    assert.deepEqual(fromApi(live), {
      kind: "X",
      spec: { x_kubernetes_int_or_string: true, x_other_key: 1 },
      metadata: { name: "n" },
    });
  });

  it("takes secrets out of messages, as they are and as base64", () => {
    const encoded = Buffer.from("hunter2").toString("base64");
    const clean = redactor({
      apiVersion: "v1",
      kind: "Secret",
      data: { password: encoded },
      other: new Secret({ deep: ["xyz"] }),
    });
    assert.equal(clean(`illegal ${encoded} or hunter2 or xyz`), "illegal [secret] or [secret] or [secret]");
    assert.equal(redactor({ kind: "ConfigMap", data: { a: "plain" } })("plain"), "plain");
  });
});
