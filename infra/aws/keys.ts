import * as pulumi from "@pulumi/pulumi";

import type { Target } from "./target.ts";

/** What a key encrypts: data of stores and volumes, secrets, or what operators see. */
export type KeyPurpose = "data" | "secrets" | "operations";

/** The customer keys of a system. The roles that their policies name must exist before: name them in `dependsOn`. */
export class Keys extends pulumi.ComponentResource {
  constructor(name: string, { target }: { target: Target }, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:Keys", name, {}, opts);
    void target;
    this.registerOutputs({});
  }

  /** The ARN of a key. */
  arn(purpose: KeyPurpose): pulumi.Output<string> {
    return pulumi.output(purpose);
  }
}
