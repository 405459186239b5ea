import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment.js";
import { Instance } from "@pulumi/aws/rds/instance.js";
import { ParameterGroup } from "@pulumi/aws/rds/parameterGroup.js";
import { SubnetGroup } from "@pulumi/aws/rds/subnetGroup.js";
import * as pulumi from "@pulumi/pulumi";

import { isProtected } from "../settings.ts";
import { storeUsers } from "../spec/flows.ts";
import type { PostgresStore } from "../spec/store.ts";
import { iamArn, partitionOf } from "./arns.ts";
import { DatabaseUsers, passwordDays } from "./postgres-users.ts";
import { isMasterManaged, MasterSecret } from "./postgres-master.ts";
import { databaseLogGroup, databaseLogs, databaseName } from "./postgres-names.ts";
import { databaseParameters } from "./postgres-parameters.ts";
import { primaryInputs, serverInputs } from "./postgres-server.ts";
import { operationsCalls } from "./function-names.ts";
import type { FunctionSurroundings } from "./functions.ts";
import { retentionInDays } from "./logs.ts";
import { physicalName } from "./names.ts";
import type { Network } from "./network.ts";
import { trustPolicy } from "./policy-document.ts";
import { StoreUserSecret } from "./store-user-secret.ts";
import { componentTags } from "./tags.ts";
import type { Target } from "./target.ts";
import { postgresVersion } from "./versions.ts";

/** What a database needs. */
export interface PostgresArgs extends FunctionSurroundings {
  target: Target;
  /** The store's name in the specification. */
  store: string;
  specification: PostgresStore;
  network: Pick<Network, "dataSubnetIds" | "privateSubnetIds">;
}

/** A database: PostgreSQL in RDS, with a user for each service and job that may reach it. */
export class Postgres extends pulumi.ComponentResource {
  /** host:port */
  readonly endpoint: pulumi.Output<string>;
  /** Users of the database, sorted by service or job. */
  readonly users: readonly StoreUserSecret[];

  constructor(name: string, args: PostgresArgs, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:Postgres", name, {}, opts);
    const { target, store, specification, network, groups, keys } = args;
    const { port, database, version, replicas = 0 } = specification;
    const rotation = operationsCalls(target).some((call) => call.handler === "database-rotation");
    const offered = postgresVersion(version);
    if (offered === undefined) throw new Error(`RDS has no PostgreSQL ${version}`);

    const subnets = new SubnetGroup(
      `${name}-subnets`,
      {
        name: physicalName(target, "databaseSubnetGroup", store),
        description: `Data subnets of ${store}`,
        subnetIds: network.dataSubnetIds,
        tags: componentTags(store),
      },
      { parent: this },
    );
    const parameters = new ParameterGroup(
      `${name}-parameters`,
      {
        name: physicalName(target, "databaseParameterGroup", store, offered.family),
        description: `Settings of ${store}`,
        family: offered.family,
        parameters: databaseParameters(specification),
        tags: componentTags(store),
      },
      { parent: this },
    );
    const monitoring = this.createMonitoringRole(name, target, store);
    const own = { parent: this, protect: isProtected(target.settings, store) };
    const master = isMasterManaged(specification)
      ? undefined
      : new MasterSecret(`${name}-master`, args, { parent: this });
    const common = {
      ...serverInputs(args),
      parameterGroupName: parameters.name,
      monitoringRoleArn: iamArn(target.aws, `role/${physicalName(target, "role", store, "monitoring")}`),
      vpcSecurityGroupIds: [groups.of({ kind: "store", name: store })],
    };
    const primary = new Instance(
      `${name}-primary`,
      { ...common, ...primaryInputs(args, offered.version, master?.password), dbSubnetGroupName: subnets.name },
      { ...own, dependsOn: [...monitoring, ...this.createLogGroups(name, args, databaseName(target, store))] },
    );
    for (let number = 1; number <= replicas; number++) {
      const identifier = databaseName(target, store, number);
      new Instance(
        `${name}-replica-${number}`,
        {
          ...common,
          identifier,
          replicateSourceDb: primary.identifier,
          skipFinalSnapshot: true,
          tags: componentTags(store),
        },
        { ...own, dependsOn: this.createLogGroups(`${name}-replica-${number}`, args, identifier) },
      );
    }

    const { address } = primary;
    this.endpoint = pulumi.interpolate`${address}:${port}`;
    const masterSecretArn = master?.arn ?? primary.masterUserSecrets.apply((secrets) => secrets[0]?.secretArn ?? "");
    this.users = storeUsers(target.system, store).map(
      (user) =>
        new StoreUserSecret(
          `${name}-${user.workload}`,
          {
            target,
            store,
            user,
            keys,
            ...(rotation ? { rotationDays: passwordDays } : {}),
            url: (login, password) =>
              pulumi.interpolate`postgres://${login}:${password}@${address}:${port}/${database}?sslmode=verify-full`,
            values: {
              engine: "postgres",
              host: address,
              port: String(port),
              dbname: database,
              masterarn: masterSecretArn,
            },
          },
          { parent: this },
        ),
    );
    new DatabaseUsers(
      `${name}-users`,
      { ...args, primary, masterSecretArn, users: this.users, rotation },
      { parent: this },
    );
    this.registerOutputs({});
  }

  /** RDS writes a server's measurements of its operating system with this role. */
  private createMonitoringRole(name: string, target: Target, store: string): pulumi.Resource[] {
    const role = new Role(
      `${name}-monitoring`,
      {
        name: physicalName(target, "role", store, "monitoring"),
        description: `Enhanced monitoring of ${store}`,
        assumeRolePolicy: trustPolicy("monitoring.rds.amazonaws.com", target.aws.accountId),
        tags: componentTags(store),
      },
      { parent: this },
    );
    const policyArn = `arn:${partitionOf(target.aws.region)}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole`;
    return [
      role,
      new RolePolicyAttachment(`${name}-monitoring-policy`, { role: role.name, policyArn }, { parent: this }),
    ];
  }

  /** RDS would make them itself, unencrypted and for ever. */
  private createLogGroups(name: string, { target, store, keys }: PostgresArgs, server: string): LogGroup[] {
    return databaseLogs.map(
      (log) =>
        new LogGroup(
          `${name}-${log}-log`,
          {
            name: databaseLogGroup(server, log),
            retentionInDays: retentionInDays(target.system.logRetention.error),
            kmsKeyId: keys.arn("operations"),
            tags: componentTags(store),
          },
          { parent: this },
        ),
    );
  }
}
