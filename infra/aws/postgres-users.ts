import { Permission } from "@pulumi/aws/lambda/permission.js";
import { SecretRotation } from "@pulumi/aws/secretsmanager/secretRotation.js";
import type { Instance } from "@pulumi/aws/rds/instance.js";
import * as pulumi from "@pulumi/pulumi";

import { instancesOf } from "../spec/instances.ts";
import { userName } from "../spec/names.ts";
import type { PostgresStore } from "../spec/store.ts";
import { clusterName } from "./cluster.ts";
import { type FunctionSurroundings, OperationsFunction } from "./functions.ts";
import { serviceName } from "./service.ts";
import type { StoreUserSecret } from "./store-user-secret.ts";
import type { Target } from "./target.ts";

/** Days after which the password of a database user is exchanged. */
export const passwordDays = 30;

/** What the users of a database need. */
export interface DatabaseUsersArgs extends FunctionSurroundings {
  target: Target;
  /** The store's name in the specification. */
  store: string;
  specification: PostgresStore;
  primary: Pick<Instance, "address" | "resourceId">;
  /** The secret of the administrator, which RDS makes and exchanges. */
  masterSecretArn: pulumi.Output<string>;
  users: readonly StoreUserSecret[];
  /** Whether passwords are exchanged by themselves. */
  rotation: boolean;
}

/**
 * The users inside a database, made by a function in the database's network, and the exchange of their passwords by
 * another one: each user has two logins, of which the one not in use gets the new password, so no connection breaks.
 */
export class DatabaseUsers extends pulumi.ComponentResource {
  constructor(name: string, args: DatabaseUsersArgs, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:DatabaseUsers", name, {}, opts);
    const { store, specification, primary, masterSecretArn, users } = args;
    const setup = new OperationsFunction(
      `${name}-setup`,
      { ...args, call: { handler: "database-setup", store } },
      { parent: this },
    ).invoke(
      `${name}-setup-call`,
      {
        host: primary.address,
        port: specification.port,
        database: specification.database,
        masterSecretArn,
        extensions: [...(specification.extensions ?? [])].sort(),
        users: users.map(({ user, privileges, path }) => ({ name: user, privileges, secretId: path })),
      },
      // A database that was made anew has a new id, and no users.
      { database: primary.resourceId },
      { parent: this, dependsOn: [...users] },
    );
    if (args.rotation) this.rotate(name, args, setup);
    this.registerOutputs({});
  }

  private rotate(name: string, args: DatabaseUsersArgs, setup: pulumi.Resource) {
    const { target, store, masterSecretArn, users } = args;
    const rotation = new OperationsFunction(
      `${name}-rotation`,
      {
        ...args,
        call: { handler: "database-rotation", store },
        environment: {
          MASTER_SECRET_ARN: masterSecretArn,
          SERVICES: JSON.stringify(
            servicesByUser(
              target,
              users.map(({ workload }) => workload),
            ),
          ),
        },
      },
      { parent: this },
    );
    const permission = new Permission(
      `${name}-rotation-permission`,
      {
        function: rotation.functionName,
        action: "lambda:InvokeFunction",
        principal: "secretsmanager.amazonaws.com",
        sourceAccount: target.aws.accountId,
        statementId: "SecretsManager",
      },
      { parent: this, dependsOn: [rotation] },
    );
    for (const { workload, arn } of users) {
      new SecretRotation(
        `${name}-${workload}-rotation`,
        {
          secretId: arn,
          rotationLambdaArn: rotation.arn,
          rotateImmediately: false,
          rotationRules: { automaticallyAfterDays: passwordDays },
        },
        { parent: this, dependsOn: [permission, setup] },
      );
    }
  }
}

/** The ECS services that read a password, by the user it belongs to; they are started anew after an exchange. */
function servicesByUser(target: Target, workloads: readonly string[]) {
  return Object.fromEntries(
    workloads.flatMap((workload) => {
      const service = target.system.services[workload];
      if (service === undefined) return [];
      const cluster = clusterName(target, workload);
      const services = instancesOf(workload, service).map((instance) => ({
        cluster,
        service: serviceName(target, instance),
      }));
      return [[userName(workload), services] as const];
    }),
  );
}
