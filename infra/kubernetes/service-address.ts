import { Service as KubernetesService } from "@pulumi/kubernetes/core/v1/service.js";
import type * as pulumi from "@pulumi/pulumi";

import type { Port } from "../spec/service.ts";
import type { Labels } from "./labels.ts";
import { podsServiceOf } from "./names.ts";
import { servicePorts } from "./ports.ts";

/** What the address of equal copies needs. */
export interface ServiceAddressArgs {
  /** Name of the address in the namespace. */
  address: string;
  namespace: string;
  labels: Labels;
  /** @default none */
  annotations?: Record<string, string>;
  /** The labels of the copies. */
  selector: Labels;
  ports: Record<string, Port>;
  /** Each copy is found by DNS, so that Prometheus reads every one of them. */
  discoverable: boolean;
}

/** One address for equal copies, and if asked a second one under which DNS names each of them. */
export function makeServiceAddress(name: string, args: ServiceAddressArgs, opts: pulumi.CustomResourceOptions): void {
  const { address, namespace, labels, annotations, selector, discoverable } = args;
  const metadata = { name: address, namespace, labels, ...(annotations ? { annotations } : {}) };
  const ports = servicePorts(args.ports);
  new KubernetesService(`${name}-service`, { metadata, spec: { type: "ClusterIP", selector, ports } }, opts);
  if (!discoverable) return;
  new KubernetesService(
    `${name}-pods`,
    {
      metadata: { ...metadata, name: podsServiceOf(address) },
      spec: { type: "ClusterIP", clusterIP: "None", publishNotReadyAddresses: true, selector, ports },
    },
    opts,
  );
}
