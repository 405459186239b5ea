import assert from "node:assert/strict";
import { UNKNOWN, urnOf, type TestResource } from "../testing/analyzer.ts";
import { autoscaler, copies, ecsService, scalingTarget } from "../testing/copies.ts";
import { container, ecsContainer, podSpec, taskDefinition } from "../testing/fixtures.ts";
import { stackVerdict } from "../testing/pack.ts";

const POLICY = "single-writer";
const AGENT = "worldstore-agent";
const CLAIM = "spec.template.spec.volumes[0].persistentVolumeClaim.claimName";
const SECRET = "spec.template.spec.containers[0].env[0].valueFrom.secretKeyRef";
const ONCE = { desiredCount: 1, deploymentMaximumPercent: 100, deploymentMinimumHealthyPercent: 0 };

const judge = (...resources: TestResource[]) => stackVerdict(POLICY, resources);
const set = (spec: Record<string, unknown> = {}, pod: unknown = podSpec(), name = AGENT) =>
  copies(spec, { name, component: "agent", kind: "StatefulSet", pod });
const claim = (claimName: unknown) => podSpec({ volumes: [{ name: "data", persistentVolumeClaim: { claimName } }] });
const wallet = (name: unknown, variable = "WALLET_KEY") =>
  podSpec({
    containers: [container({ env: [{ name: variable, valueFrom: { secretKeyRef: { name, key: "key" } } }] })],
  });
const service = (overrides: Record<string, unknown> = {}, name = AGENT) => ecsService({ ...ONCE, ...overrides }, name);

/** An ECS service with its task definition. */
function pair(name: string, walletKey: unknown, point: unknown): TestResource[] {
  const efsVolumeConfiguration = { fileSystemId: "fs-1", authorizationConfig: { accessPointId: point } };
  const secrets = [{ name: "WALLET_KEY", valueFrom: walletKey }];
  const task = {
    ...taskDefinition([ecsContainer({ secrets })], { volumes: [{ name: "data", efsVolumeConfiguration }] }),
    name,
  };
  const own = service({ taskDefinition: UNKNOWN }, name);
  return [{ ...own, propertyDependencies: { taskDefinition: [urnOf(task)] } }, task];
}

describe("POL-SINGLE-WRITER (WS-SEC-24)", () => {
  it("accepts a StatefulSet, also of several copies with volumes of their own", async () => {
    assert.deepEqual(await judge(set()), []);
    assert.deepEqual(await judge(set({ replicas: 3, volumeClaimTemplates: [{ metadata: { name: "data" } }] })), []);
    assert.deepEqual(await judge(set({}, claim("data"))), []);
  });

  it("rejects a Deployment of several copies, or one whose rollout starts a second one", async () => {
    const deployment = (spec: Record<string, unknown>) => copies(spec, { name: AGENT });
    assert.deepEqual(await judge(deployment({ replicas: 2 })), ["mandatory spec.replicas: 2"]);
    assert.deepEqual(await judge(deployment({})), ["mandatory spec.strategy.type: nothing"]);
    assert.deepEqual(await judge(deployment({ replicas: 1, strategy: { type: "RollingUpdate" } })), [
      'mandatory spec.strategy.type: "RollingUpdate"',
    ]);
    assert.deepEqual(await judge(deployment({ replicas: 1, strategy: { type: "Recreate" } })), []);
    assert.deepEqual(await judge(deployment({ strategy: { type: "Recreate" } }), autoscaler({}, AGENT)), [
      "mandatory spec.minReplicas: 2",
    ]);
  });

  it("rejects volumes and wallets that copies or agents share", async () => {
    assert.deepEqual(await judge(set({ replicas: 2 }, claim("data"))), [`mandatory ${CLAIM}: shared by all copies`]);
    assert.deepEqual(await judge(set({}, claim("a"), "a-agent"), set({}, claim("a"), "b-agent")), [
      `mandatory ${CLAIM}: shared with b-agent`,
      `mandatory ${CLAIM}: shared with a-agent`,
    ]);
    assert.deepEqual(await judge(set({}, claim("a"), "a-agent"), set({}, claim("b"), "b-agent")), []);
    assert.deepEqual(await judge(set({ replicas: 2 }, wallet("keys"))), [`mandatory ${SECRET}: shared by all copies`]);
    assert.deepEqual(await judge(set({}, wallet("keys"))), []);
    assert.deepEqual(await judge(set({ replicas: 2 }, wallet("keys", "API_KEY"))), []);
    assert.deepEqual(await judge(set({}, wallet("k"), "a-agent"), set({}, wallet("k"), "b-agent")), [
      `mandatory ${SECRET}: shared with b-agent`,
      `mandatory ${SECRET}: shared with a-agent`,
    ]);
  });

  it("rejects ECS services that may run twice", async () => {
    assert.deepEqual(await judge(service()), []);
    assert.deepEqual(await judge(service({ deploymentMaximumPercent: undefined })), [
      "mandatory deploymentMaximumPercent: nothing",
    ]);
    assert.deepEqual(await judge(service({ deploymentMaximumPercent: 150, desiredCount: 2 })), [
      "mandatory deploymentMaximumPercent: 150",
      "mandatory desiredCount: 2",
    ]);
    assert.deepEqual(await judge(service(), scalingTarget({}, AGENT)), [
      `mandatory the resource itself: an autoscaler of ${AGENT}`,
    ]);
  });

  it("rejects wallets and files that ECS services share", async () => {
    assert.deepEqual(await judge(...pair("a-agent", "arn:1", "p1"), ...pair("b-agent", "arn:2", "p2")), []);
    assert.deepEqual(await judge(...pair("a-agent", "arn:1", "p1"), ...pair("b-agent", "arn:1", "p1")), [
      "mandatory volumes[0].efsVolumeConfiguration: shared with b-agent",
      "mandatory containerDefinitions[0].secrets[0].valueFrom: shared with b-agent",
      "mandatory volumes[0].efsVolumeConfiguration: shared with a-agent",
      "mandatory containerDefinitions[0].secrets[0].valueFrom: shared with a-agent",
    ]);
    assert.deepEqual(await judge(...pair("a-agent", "arn:1", UNKNOWN), ...pair("b-agent", "arn:2", UNKNOWN)), []);
  });

  it("says nothing of other components and systems", async () => {
    assert.deepEqual(await judge(copies({ replicas: 2 })), []);
    assert.deepEqual(await judge(copies({ replicas: 2 }, { name: "agent", system: "other" })), []);
    assert.deepEqual(await judge(ecsService()), []);
    const parameters = { system: "other", components: ["server"] };
    const found = await stackVerdict(POLICY, [copies({ replicas: 2 }, { name: "server", system: "other" })], {
      [POLICY]: { parameters },
    });
    assert.deepEqual(found, ["mandatory spec.replicas: 2"]);
  });

  it("reports what is not known yet", async () => {
    assert.deepEqual(await judge(set({ replicas: UNKNOWN }, claim("data"))), ["advisory not evaluated: spec.replicas"]);
    assert.deepEqual(await judge(service({ desiredCount: UNKNOWN })), ["advisory not evaluated: desiredCount"]);
  });
});
