import * as pulumi from "@pulumi/pulumi";

import type { GroupEnd } from "./network-rules.ts";
import type { Network } from "./network.ts";
import type { Target } from "./target.ts";

export type { GroupEnd } from "./network-rules.ts";

/** A security group for everything that talks, and one rule for each flow and direction. */
export class SecurityGroups extends pulumi.ComponentResource {
  private readonly ids = new Map<string, pulumi.Output<string>>();

  constructor(name: string, args: { target: Target; network: Network }, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:SecurityGroups", name, args, opts);
    this.registerOutputs({});
  }

  /** The id of a group. */
  of(end: GroupEnd): pulumi.Output<string> {
    const id = this.ids.get(JSON.stringify(end));
    if (id === undefined) throw new Error(`there is no security group for ${JSON.stringify(end)}`);
    return id;
  }
}
