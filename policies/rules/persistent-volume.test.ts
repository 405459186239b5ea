import assert from "node:assert/strict";
import { UNKNOWN, urnOf, type TestResource } from "../testing/analyzer.ts";
import { copies, ecsService } from "../testing/copies.ts";
import { container, ecsContainer, kubernetes, podSpec, taskDefinition } from "../testing/fixtures.ts";
import { stackVerdict } from "../testing/pack.ts";

const POLICY = "persistent-volume";
const POD = "spec.template.spec";
const AGENT = "worldstore-agent";
const EFS = "volumes[0].efsVolumeConfiguration";
const FILES = {
  fileSystemId: "fs-1",
  transitEncryption: "ENABLED",
  authorizationConfig: { accessPointId: "fsap-1" },
};

const judge = (...resources: TestResource[]) => stackVerdict(POLICY, resources);
const template = (spec: Record<string, unknown> = {}) => ({
  volumeClaimTemplates: [{ metadata: { name: "data" }, spec }],
});
const agent = (
  spec: Record<string, unknown> = template(),
  mount: Record<string, unknown> = {},
  volumes: unknown = undefined,
) => {
  const containers = [
    container({
      volumeMounts: [
        { name: "tmp", mountPath: "/tmp" },
        { name: "data", mountPath: "/app/data", ...mount },
      ],
    }),
  ];
  return copies(spec, { name: AGENT, kind: "StatefulSet", pod: podSpec({ containers, volumes }) });
};
const storageClass = (properties: Record<string, unknown>, name = "fast") =>
  kubernetes("storage.k8s.io/v1:StorageClass", { provisioner: "ebs.csi.aws.com", ...properties }, name);

function onEcs(
  efsVolumeConfiguration: unknown,
  mountPoints: unknown = [{ sourceVolume: "data", containerPath: "/app/data" }],
) {
  const task: TestResource = {
    ...taskDefinition([ecsContainer({ mountPoints })], { volumes: [{ name: "data", efsVolumeConfiguration }] }),
    name: AGENT,
  };
  const propertyDependencies = { taskDefinition: [urnOf(task)] };
  return [{ ...ecsService({ taskDefinition: UNKNOWN }, AGENT), propertyDependencies }, task] as const;
}

describe("POL-PERSISTENT-VOLUME (WS-SEC-19)", () => {
  it("accepts a volume claim at the path of the data", async () => {
    assert.deepEqual(await judge(agent()), []);
    assert.deepEqual(await judge(agent(template(), { mountPath: "/app/data/" })), []);
    const claimed = [{ name: "data", persistentVolumeClaim: { claimName: "data" } }];
    assert.deepEqual(await judge(agent({}, {}, claimed)), []);
  });

  it("rejects an agent whose data ends with its pod", async () => {
    assert.deepEqual(await judge(agent(template(), { mountPath: "/data" })), [
      `mandatory ${POD}.containers: nothing at /app/data`,
    ]);
    assert.deepEqual(await judge(copies({}, { name: AGENT, kind: "StatefulSet" })), [
      `mandatory ${POD}.containers: nothing at /app/data`,
    ]);
    assert.deepEqual(await judge(agent({}, {}, [{ name: "data", emptyDir: {} }])), [
      `mandatory ${POD}.volumes[0]: a volume that ends with the pod`,
    ]);
    assert.deepEqual(await judge(agent({})), [`mandatory ${POD}.volumes: a volume that ends with the pod`]);
    assert.deepEqual(await judge(agent(template(), { readOnly: true })), [
      `mandatory ${POD}.containers[0].volumeMounts[1].readOnly: true`,
    ]);
  });

  it("demands that the volume is kept", async () => {
    const kept = (persistentVolumeClaimRetentionPolicy: unknown) =>
      judge(agent({ ...template(), persistentVolumeClaimRetentionPolicy }));
    assert.deepEqual(await kept({ whenDeleted: "Retain", whenScaled: "Retain" }), []);
    assert.deepEqual(await kept({ whenDeleted: "Delete", whenScaled: "Delete" }), [
      'mandatory spec.persistentVolumeClaimRetentionPolicy.whenDeleted: "Delete"',
      'mandatory spec.persistentVolumeClaimRetentionPolicy.whenScaled: "Delete"',
    ]);
  });

  it("demands that its storage class of the stack keeps and encrypts", async () => {
    const resource = agent(template({ storageClassName: "fast" }));
    const good = { reclaimPolicy: "Retain", parameters: { encrypted: "true" } };
    assert.deepEqual(await judge(resource, storageClass(good)), []);
    assert.deepEqual(await judge(resource, storageClass({ reclaimPolicy: "Delete" })), [
      'mandatory reclaimPolicy: "Delete"',
      "mandatory parameters.encrypted: nothing",
    ]);
    assert.deepEqual(await judge(resource, storageClass({ reclaimPolicy: "Retain", provisioner: "other" })), []);
    assert.deepEqual(await judge(resource, storageClass({}, "slow")), []);
    assert.deepEqual(await judge(agent(), storageClass({})), []);
  });

  it("demands encrypted files at an access point of ECS services", async () => {
    assert.deepEqual(await judge(...onEcs(FILES)), []);
    assert.deepEqual(await judge(...onEcs(undefined)), ["mandatory volumes: a volume that ends with the task"]);
    assert.deepEqual(await judge(...onEcs({ fileSystemId: "fs-1" })), [
      `mandatory ${EFS}.transitEncryption: nothing`,
      `mandatory ${EFS}.authorizationConfig.accessPointId: nothing`,
    ]);
    assert.deepEqual(await judge(...onEcs(FILES, [])), ["mandatory containerDefinitions: nothing at /app/data"]);
    const readOnly = [{ sourceVolume: "data", containerPath: "/app/data", readOnly: true }];
    assert.deepEqual(await judge(...onEcs(FILES, readOnly)), [
      "mandatory containerDefinitions[0].mountPoints[0].readOnly: true",
    ]);
    const system = (encrypted: unknown): TestResource => {
      return { type: "aws:efs/fileSystem:FileSystem", name: "files", properties: { encrypted } };
    };
    const [service, task] = onEcs({ ...FILES, fileSystemId: UNKNOWN });
    const behind = { ...task, propertyDependencies: { volumes: [urnOf(system(true))] } };
    assert.deepEqual(await judge(service, behind, system(true)), []);
    assert.deepEqual(await judge(service, behind, system(undefined)), ["mandatory encrypted: nothing"]);
    assert.deepEqual(await judge(service, task, system(undefined)), []);
  });

  it("says nothing of other components, and takes paths from its configuration", async () => {
    assert.deepEqual(await judge(copies()), []);
    assert.deepEqual(await judge(ecsService()), []);
    const parameters = { mountPaths: { worldstore: { server: "/data" } }, reclaim: "Delete" };
    assert.deepEqual(await stackVerdict(POLICY, [copies()], { [POLICY]: { parameters } }), [
      `mandatory ${POD}.containers: nothing at /data`,
    ]);
  });

  it("reports what is not known yet", async () => {
    assert.deepEqual(await judge(copies({}, { name: AGENT, kind: "StatefulSet", pod: UNKNOWN })), [
      `advisory not evaluated: ${POD}`,
    ]);
    assert.deepEqual(await judge(agent(template(), { mountPath: UNKNOWN })), [
      `advisory not evaluated: ${POD}.containers[0].volumeMounts[1].mountPath`,
    ]);
    const [service, task] = onEcs(FILES);
    const open = { ...task, properties: { ...task.properties, containerDefinitions: UNKNOWN } };
    assert.deepEqual(await judge(service, open), ["advisory not evaluated: containerDefinitions"]);
    assert.deepEqual(await judge(service, { ...task, properties: { ...task.properties, volumes: UNKNOWN } }), [
      "advisory not evaluated: volumes",
    ]);
  });
});
