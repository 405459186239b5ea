import * as pulumi from "@pulumi/pulumi";

import type { RedisStore } from "../spec/store.ts";
import type { FunctionSurroundings } from "./functions.ts";
import type { Network } from "./network.ts";
import type { StoreUserAccess } from "./store-user-secret.ts";
import type { Target } from "./target.ts";

/** What a store needs. */
export interface RedisArgs extends FunctionSurroundings {
  target: Target;
  /** The store's name in the specification. */
  store: string;
  specification: RedisStore;
  network: Pick<Network, "dataSubnetIds" | "privateSubnetIds">;
}

export class Redis extends pulumi.ComponentResource {
  /** host:port */
  readonly endpoint: pulumi.Output<string>;
  readonly users: readonly StoreUserAccess[] = [];

  constructor(name: string, args: RedisArgs, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:Redis", name, {}, opts);
    void args;
    this.endpoint = pulumi.output("");
    this.registerOutputs({});
  }
}
