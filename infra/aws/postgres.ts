import * as pulumi from "@pulumi/pulumi";

import type { PostgresStore } from "../spec/store.ts";
import type { FunctionSurroundings } from "./functions.ts";
import type { Network } from "./network.ts";
import type { StoreUserAccess } from "./store-user-secret.ts";
import type { Target } from "./target.ts";

/** What a store needs. */
export interface PostgresArgs extends FunctionSurroundings {
  target: Target;
  /** The store's name in the specification. */
  store: string;
  specification: PostgresStore;
  network: Pick<Network, "dataSubnetIds" | "privateSubnetIds">;
}

export class Postgres extends pulumi.ComponentResource {
  /** host:port */
  readonly endpoint: pulumi.Output<string>;
  readonly users: readonly StoreUserAccess[] = [];

  constructor(name: string, args: PostgresArgs, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:Postgres", name, {}, opts);
    void args;
    this.endpoint = pulumi.output("");
    this.registerOutputs({});
  }
}
