import { Function as LambdaFunction } from "@pulumi/aws/lambda/function.js";
import { Invocation } from "@pulumi/aws/lambda/invocation.js";
import * as pulumi from "@pulumi/pulumi";

import { functionArn, functionName, functionRoleArn, type OperationsCall, operationsImage } from "./function-names.ts";
import type { Keys } from "./keys.ts";
import { platformLogGroup } from "./logs.ts";
import type { Network } from "./network.ts";
import { topicArn } from "./notifications.ts";
import { imageReference } from "./image-names.ts";
import type { SecurityGroups } from "./security-groups.ts";
import { componentTags } from "./tags.ts";
import type { Target } from "./target.ts";

/** Seconds: the longest that Lambda allows, since tasks and backups are waited for. */
export const longestFunction = 900;

/** What every function needs. */
export interface FunctionSurroundings {
  network: Pick<Network, "privateSubnetIds">;
  groups: Pick<SecurityGroups, "of">;
  keys: Pick<Keys, "arn">;
}

/** What a function needs. */
export interface OperationsFunctionArgs extends FunctionSurroundings {
  target: Target;
  call: OperationsCall;
  /** Variables of the container; nothing secret. @default none */
  environment?: Record<string, pulumi.Input<string>>;
}

/**
 * A function of the image "operations": Lambda in the private subnets, with a role of its own (`FunctionRoles`).
 * The failure of a call for which nobody waits is told to people.
 */
export class OperationsFunction extends pulumi.ComponentResource {
  readonly functionName: string;
  readonly arn: string;
  private readonly resource: LambdaFunction;

  constructor(name: string, args: OperationsFunctionArgs, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:OperationsFunction", name, {}, opts);
    const { target, call, network, groups, keys, environment } = args;
    this.functionName = functionName(target, call);
    this.arn = functionArn(target, call);
    this.resource = new LambdaFunction(
      `${name}-function`,
      {
        name: this.functionName,
        description: `Handler ${call.handler} of the image "operations"`,
        packageType: "Image",
        imageUri: imageReference(target, operationsImage),
        imageConfig: { commands: [call.handler] },
        architectures: ["x86_64"],
        role: functionRoleArn(target, call),
        timeout: longestFunction,
        memorySize: 256,
        vpcConfig: { subnetIds: network.privateSubnetIds, securityGroupIds: [groups.of({ kind: "functions" })] },
        kmsKeyArn: keys.arn("operations"),
        ...(environment === undefined ? {} : { environment: { variables: environment } }),
        deadLetterConfig: { targetArn: topicArn(target, "critical") },
        tracingConfig: { mode: "Active" },
        loggingConfig: {
          logFormat: "JSON",
          logGroup: platformLogGroup(target, "functions"),
          applicationLogLevel: "INFO",
          systemLogLevel: "INFO",
        },
        tags: componentTags("store" in call ? call.store : "operations"),
      },
      { parent: this },
    );
    this.registerOutputs({});
  }

  /**
   * Calls the function when it is new, and again whenever its event or a trigger changes. What needs the result first
   * depends on what is returned; a failure of the function fails the update.
   *
   * @param event what the handler takes, of known values and Outputs
   * @param triggers texts by name, such as a digest of what has changed
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
      pulumi.mergeOptions(opts, { dependsOn: [this.resource] }),
    );
  }
}
