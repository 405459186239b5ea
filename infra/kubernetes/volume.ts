import type { Input } from "@pulumi/pulumi";
import type { core } from "@pulumi/kubernetes/types/input.js";

import type { Size } from "../spec/units.ts";
import type { Labels } from "./labels.ts";
import { sizeQuantity } from "./quantities.ts";

/** Files of secrets and certificates: readable by the container's group and nobody else, octal 0440. */
export const groupReadable = 0o440;

/** A folder that outlives the pod, one for each replica of a StatefulSet. */
export interface Claim {
  name: string;
  size: Size;
  /** @default the cluster's default class */
  storageClass?: string;
}

/**
 * The template of a claim in a StatefulSet.
 *
 * @param labels labels that never change, since Kubernetes would have to replace the StatefulSet
 */
export function claimTemplate({ name, size, storageClass }: Claim, labels: Labels): core.v1.PersistentVolumeClaim {
  return {
    metadata: { name, labels },
    spec: {
      accessModes: ["ReadWriteOnce"],
      ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
      resources: { requests: { storage: sizeQuantity(size) } },
    },
  };
}

/** Files from a Secret that the sealed-secrets controller unseals. */
export function secretVolume(name: string, secretName: Input<string>): core.v1.Volume {
  return { name, secret: { secretName, defaultMode: groupReadable } };
}

/** Files from a ConfigMap. */
export function configVolume(name: string, configMap: Input<string>): core.v1.Volume {
  return { name, configMap: { name: configMap, defaultMode: groupReadable } };
}

/** A folder that lives as long as the pod. */
export function scratchVolume(name: string, size: Size): core.v1.Volume {
  return { name, emptyDir: { sizeLimit: sizeQuantity(size) } };
}

/** A folder in memory, counted as the container's. */
export function memoryVolume(name: string, size: Size): core.v1.Volume {
  return { name, emptyDir: { medium: "Memory", sizeLimit: sizeQuantity(size) } };
}
