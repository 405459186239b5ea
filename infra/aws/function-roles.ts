import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import * as pulumi from "@pulumi/pulumi";

import { functionRoleName, operationsCalls } from "./function-names.ts";
import { functionPolicy } from "./function-policies.ts";
import { trustPolicy } from "./policy-document.ts";
import { componentTags } from "./tags.ts";
import type { Target } from "./target.ts";

/** The roles of the functions of the image "operations". They exist before the keys, whose policies name them. */
export class FunctionRoles extends pulumi.ComponentResource {
  constructor(name: string, { target }: { target: Target }, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:FunctionRoles", name, {}, opts);
    for (const call of operationsCalls(target)) {
      const roleName = functionRoleName(target, call);
      const component = "store" in call ? call.store : "operations";
      const child = `${name}-${"store" in call ? `${call.store}-` : ""}${call.handler}`;
      const role = new Role(
        child,
        {
          name: roleName,
          description: `Function ${call.handler}`,
          assumeRolePolicy: trustPolicy("lambda.amazonaws.com", target.aws.accountId),
          tags: componentTags(component),
        },
        { parent: this },
      );
      new RolePolicy(
        `${child}-policy`,
        { name: "function", role: roleName, policy: functionPolicy(target, call) },
        { parent: this, dependsOn: [role] },
      );
    }
    this.registerOutputs({});
  }
}
