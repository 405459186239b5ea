import * as pulumi from "@pulumi/pulumi";

import type { Target } from "./target.ts";

/** The roles of the functions of the image "operations". They exist before keys, functions and secrets. */
export class FunctionRoles extends pulumi.ComponentResource {
  constructor(name: string, { target }: { target: Target }, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:FunctionRoles", name, {}, opts);
    void target;
    this.registerOutputs({});
  }
}
