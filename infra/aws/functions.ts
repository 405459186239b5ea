import { Invocation } from "@pulumi/aws/lambda/invocation.js";
import * as pulumi from "@pulumi/pulumi";

import { functionArn, functionName, type OperationsCall } from "./function-names.ts";
import type { Keys } from "./keys.ts";
import type { Network } from "./network.ts";
import type { SecurityGroups } from "./security-groups.ts";
import type { Target } from "./target.ts";

/** What every function needs. */
export interface FunctionSurroundings {
  network: Pick<Network, "privateSubnetIds">;
  groups: Pick<SecurityGroups, "of">;
  keys: Keys;
}

/** What a function needs. */
export interface OperationsFunctionArgs extends FunctionSurroundings {
  target: Target;
  call: OperationsCall;
  /** Variables of the container; nothing secret. @default none */
  environment?: Record<string, pulumi.Input<string>>;
}

/** A function of the image "operations": Lambda in the private subnets, with a role of its own. */
export class OperationsFunction extends pulumi.ComponentResource {
  readonly functionName: string;
  readonly arn: string;

  constructor(name: string, { target, call }: OperationsFunctionArgs, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:OperationsFunction", name, {}, opts);
    this.functionName = functionName(target, call);
    this.arn = functionArn(target, call);
    this.registerOutputs({});
  }

  /**
   * Calls the function when it is new, and again whenever its event or a trigger changes. What needs the result first
   * depends on what is returned; a failure of the function fails the update.
   *
   * @param event what the handler takes, of known values and Outputs
   * @param triggers texts by name, such as a digest of what has changed. @default none
   */
  invoke(
    name: string,
    event: Record<string, unknown>,
    triggers: Record<string, pulumi.Input<string>>,
    opts: pulumi.CustomResourceOptions,
  ): Invocation {
    return new Invocation(
      name,
      { functionName: this.functionName, input: pulumi.jsonStringify(event), triggers },
      pulumi.mergeOptions(opts, { dependsOn: [this] }),
    );
  }
}
