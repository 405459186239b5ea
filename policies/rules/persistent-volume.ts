import type { Check } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import type { BySystem } from "../workloads/by-system.ts";
import { componentValue, type ByComponent } from "../workloads/component-values.ts";
import { ECS_SERVICE, replicatedOf } from "../workloads/copies.ts";
import { taskOf } from "../workloads/ecs.ts";
import { containersOf, kubernetesKind, podOf } from "../workloads/kubernetes.ts";
import { ofType, referenced } from "../workloads/references.ts";

interface Parameters {
  mountPaths: BySystem<ByComponent<string>>;
  reclaim: string;
}

/** The database of the messenger is the identity of the agent: without it, every conversation starts anew. */
export const persistentVolume = definePolicy<Parameters>({
  id: "POL-PERSISTENT-VOLUME",
  title: "XMTP data volume exists, encrypted, kept, mounted at /app/data",
  severity: "critical",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: { pci: ["3.5.1"], soc2: ["A1.2", "CC6.1"] },
  requirements: ["WS-SEC-19"],
  remediation: "Give the component a volume of its own in its specification, at the path where its program writes.",
  parameters: {
    mountPaths: {
      type: "object",
      additionalProperties: { type: "object", additionalProperties: { type: "string" } },
      description: "Where a component of a system keeps its data.",
      default: { worldstore: { agent: "/app/data" } },
    },
    reclaim: { type: "string", description: "What becomes of a volume that nothing claims.", default: "Retain" },
  },
  checkStack(stack, { mountPaths, reclaim }) {
    for (const workload of replicatedOf(stack)) {
      const mountPath = componentValue(mountPaths, workload);
      if (mountPath !== undefined && workload.type === ECS_SERVICE) {
        checkService(stack, workload, mountPath);
      } else if (mountPath !== undefined) {
        checkWorkload(stack, workload, mountPath, reclaim);
      }
    }
  },
});

function checkWorkload(stack: Stack, workload: StackResource, mountPath: string, reclaim: string): void {
  const check = stack.check(workload);
  const pod = podOf(workload);
  if (pod === undefined || !check.known(pod.spec)) {
    return;
  }
  const containers = containersOf(check, pod, ["containers"]);
  const mounts = containers.flatMap(({ field }) => check.items(field.get("volumeMounts")));
  const volume = mountAt(check, mounts, "mountPath", "name", mountPath, pod.spec.get("containers"));
  if (volume === undefined) {
    return;
  }
  const claims = check.items(workload.properties.get("spec", "volumeClaimTemplates"));
  const claim = claims.find((one) => textOf(one.get("metadata", "name").value) === volume);
  const volumes = check.items(pod.spec.get("volumes"));
  const named = volumes.find((one) => one.get("name").value === volume);
  const undecided = [...claims, ...volumes].filter((one) => !check.known(one)).length > 0;
  if (claim === undefined && named?.get("persistentVolumeClaim").absent !== false && !undecided) {
    check.object(named ?? pod.spec.get("volumes"), {
      found: "a volume that ends with the pod",
      expected: `a volume claim at ${mountPath}`,
    });
  }
  for (const when of ["whenDeleted", "whenScaled"]) {
    const kept = workload.properties.get("spec", "persistentVolumeClaimRetentionPolicy", when);
    check.expect(kept, (value) => value === undefined || value === reclaim, { expected: `"${reclaim}"` });
  }
  const storage = textOf(claim?.get("spec", "storageClassName").value);
  for (const one of stack.resources.filter(
    (resource) => kubernetesKind(resource, "storage.k8s.io") === "StorageClass",
  )) {
    if (storage !== "" && one.properties.get("metadata", "name").value === storage) {
      checkStorageClass(stack.check(one), one.properties, reclaim);
    }
  }
}

/** A class says nothing of encryption unless its driver can be told to. */
function checkStorageClass(check: Check, properties: Field, reclaim: string): void {
  check.expect(properties.get("reclaimPolicy"), (value) => value === reclaim, { expected: `"${reclaim}"` });
  if (properties.get("provisioner").value === "ebs.csi.aws.com") {
    check.expect(properties.get("parameters", "encrypted"), (value) => textOf(value) === "true", {
      expected: '"true"',
    });
  }
}

function checkService(stack: Stack, service: StackResource, mountPath: string): void {
  const [definition] = referenced(stack, service, ["taskDefinition"], /^aws:ecs\/taskDefinition:/);
  const task = definition && taskOf(definition);
  if (!task) {
    return;
  }
  const check = stack.check(definition);
  const containers = task.containers(check);
  const document = definition.properties.get("containerDefinitions");
  const mounts = containers.flatMap((container) => check.items(container.get("mountPoints")));
  const name = document.unknown
    ? undefined
    : mountAt(check, mounts, "containerPath", "sourceVolume", mountPath, document);
  const volumes = definition.properties.get("volumes");
  if (name === undefined || !check.known(volumes)) {
    return;
  }
  const files = volumes
    .items()
    .find((volume) => volume.get("name").value === name)
    ?.get("efsVolumeConfiguration");
  if (files === undefined || files.absent) {
    check.object(volumes, { found: "a volume that ends with the task", expected: `an EFS volume at ${mountPath}` });
    return;
  }
  check.expect(files.get("transitEncryption"), (value) => value === "ENABLED", { expected: '"ENABLED"' });
  const point = files.get("authorizationConfig", "accessPointId");
  check.expect(point, (value) => textOf(value) !== "", { expected: "an access point of its own" });
  const systems = ofType(stack, /^aws:efs\/fileSystem:/);
  for (const system of referenced(stack, definition, ["volumes"], /^aws:efs\/fileSystem:/)) {
    if (systems.includes(system)) {
      stack.check(system).expect(system.properties.get("encrypted"), (value) => value === true, { expected: "true" });
    }
  }
}

/** The name of the volume that is mounted at a path; reported when there is none, or when it cannot be written. */
function mountAt(
  check: Check,
  mounts: readonly Field[],
  pathKey: string,
  nameKey: string,
  mountPath: string,
  owner: Field,
): string | undefined {
  const trimmed = (field: Field) => textOf(field.value).replace(/(?<=.)\/+$/, "");
  const mount = mounts.find((one) => trimmed(one.get(pathKey)) === mountPath);
  if (mount === undefined) {
    if (mounts.every((one) => check.known(one.get(pathKey))) && check.notEvaluated.length === 0) {
      check.object(owner, { found: `nothing at ${mountPath}`, expected: `a volume at ${mountPath}` });
    }
    return undefined;
  }
  check.expect(mount.get("readOnly"), (value) => value !== true, { expected: "a volume that can be written" });
  return textOf(mount.get(nameKey).value);
}
