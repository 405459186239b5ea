import * as pulumi from "@pulumi/pulumi";

import type { StoreValues } from "./store-access.ts";
import type { Target } from "./target.ts";

/** The stores of a system that are on AWS, beside the cluster. */
export class ManagedStores extends pulumi.ComponentResource {
  /** What services and jobs are told, by store. */
  readonly access: Record<string, StoreValues> = {};
  /** host:port by store. */
  readonly endpoints: Record<string, pulumi.Output<string>> = {};

  constructor(name: string, args: { target: Target }, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:kubernetes:ManagedStores", name, {}, opts);
    void args;
    this.registerOutputs({});
  }
}
