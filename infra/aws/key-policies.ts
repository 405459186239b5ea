import { storeUsers } from "../spec/flows.ts";
import type { System } from "../spec/system.ts";
import { arn, dnsSuffixOf, iamArn } from "./arns.ts";
import { backupRoleArn } from "./backup-names.ts";
import { secretPaths } from "./environment.ts";
import { functionArn, functionRoleArn, operationsCalls } from "./function-names.ts";
import { physicalPath } from "./names.ts";
import { policyDocument, type Statement } from "./policy-document.ts";
import { roleArn, type RoleUse } from "./roles.ts";
import type { Target } from "./target.ts";

/** What a key encrypts: data of stores and volumes, secrets, or what operators see. */
export const keyPurposes = ["data", "secrets", "operations"] as const;
export type KeyPurpose = (typeof keyPurposes)[number];

/** Which roles of services and jobs exist; on Kubernetes, none starts tasks. */
export type ExistingRoles = readonly Extract<RoleUse, "task" | "execution">[];

/** Whoever administers a key may change, disable and delete it, but neither encrypt nor decrypt with it. */
const administration = [
  "kms:CancelKeyDeletion",
  "kms:CreateAlias",
  "kms:DeleteAlias",
  "kms:DescribeKey",
  "kms:DisableKey",
  "kms:EnableKey",
  "kms:EnableKeyRotation",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:ListGrants",
  "kms:ListKeyPolicies",
  "kms:ListResourceTags",
  "kms:PutKeyPolicy",
  "kms:RevokeGrant",
  "kms:ScheduleKeyDeletion",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:UpdateAlias",
  "kms:UpdateKeyDescription",
];

const readAndWrite = ["kms:Decrypt", "kms:GenerateDataKey"];

/** Services that take a grant from whoever creates their resources, by the key's purpose. */
const creating: Record<KeyPurpose, readonly string[]> = {
  data: ["backup", "ecr", "elasticache", "elasticfilesystem", "rds"],
  secrets: ["rds", "secretsmanager"],
  operations: ["lambda"],
};

/**
 * The policy of a key; it alone grants the use of the key, since no IAM policy speaks of KMS.
 *
 * The account administers the key through IAM and cannot decrypt with it. Whoever deploys uses it only through the
 * services that encrypt with it, roles only through the one service they need, services only for this account.
 */
export function keyPolicy(target: Target, purpose: KeyPurpose, roles: ExistingRoles = ["task", "execution"]): string {
  const statements = { data: dataStatements, secrets: secretStatements, operations: operationStatements };
  return policyDocument(
    allow("Administration", { arns: [iamArn(target.aws, "root")] }, administration),
    ...deployment(target, creating[purpose]),
    ...statements[purpose](target, roles),
  );
}

function deployment(target: Target, services: readonly string[]): Statement[] {
  const principal = { arns: [target.aws.roleArn ?? iamArn(target.aws, "root")] };
  const through = viaService(target, ...services);
  return [
    allow("Deployment", principal, [...readAndWrite, "kms:DescribeKey", "kms:Encrypt"], { StringEquals: through }),
    allow("DeploymentGrants", principal, ["kms:CreateGrant"], {
      StringEquals: through,
      Bool: { "kms:GrantIsForAWSResource": "true" },
    }),
  ];
}

function dataStatements(target: Target, roles: ExistingRoles): Statement[] {
  const { system } = target;
  const through = (sid: string, engine: "objects" | "queue", service: string) => {
    const arns = roles.includes("task") ? usersOf(system, engine).map((user) => roleArn(target, user, "task")) : [];
    return arns.length === 0 ? [] : [allow(sid, { arns }, readAndWrite, { StringEquals: viaService(target, service) })];
  };
  const backup = { arns: [backupRoleArn(target)] };
  const copied = viaService(target, "backup", "elasticfilesystem", "rds", "s3");
  return [
    ...through("Objects", "objects", "s3"),
    ...through("Queues", "queue", "sqs"),
    allow("Backup", backup, [...readAndWrite, "kms:DescribeKey"], { StringEquals: copied }),
    allow("BackupGrants", backup, ["kms:CreateGrant"], {
      StringEquals: copied,
      Bool: { "kms:GrantIsForAWSResource": "true" },
    }),
  ];
}

function secretStatements(target: Target, roles: ExistingRoles): Statement[] {
  const own = arn(target.aws, "secretsmanager", `secret:${physicalPath(target, "*")}`);
  const masters = arn(target.aws, "secretsmanager", "secret:rds!db-*");
  const through = (secrets: readonly string[]) => ({
    StringEquals: viaService(target, "secretsmanager"),
    StringLike: { "kms:EncryptionContext:SecretARN": secrets },
  });
  const starting = roles.includes("execution") ? secretReaders(target) : [];
  const functions = (handler: string) =>
    operationsCalls(target)
      .filter((call) => call.handler === handler)
      .map((call) => functionRoleArn(target, call));
  const setup = functions("database-setup");
  const rotation = functions("database-rotation");
  return [
    ...(starting.length === 0
      ? []
      : [
          allow(
            "Tasks",
            { arns: starting.map((workload) => roleArn(target, workload, "execution")) },
            ["kms:Decrypt"],
            through([own]),
          ),
        ]),
    ...(setup.length === 0 ? [] : [allow("DatabaseSetup", { arns: setup }, ["kms:Decrypt"], through([own, masters]))]),
    ...(rotation.length === 0
      ? []
      : [allow("DatabaseRotation", { arns: rotation }, readAndWrite, through([own, masters]))]),
  ];
}

function operationStatements(target: Target): Statement[] {
  const { aws } = target;
  const ofAccount = { "aws:SourceAccount": aws.accountId };
  const logs = [`/${physicalPath(target, "*")}`, "/aws/*", `aws-waf-logs-${physicalPath(target, "*")}`];
  return [
    allow(
      "Logs",
      { services: [`logs.${aws.region}.${dnsSuffixOf(aws.region)}`] },
      ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
      { ArnLike: { "kms:EncryptionContext:aws:logs:arn": logs.map((name) => arn(aws, "logs", `log-group:${name}`)) } },
    ),
    allow("Alarms", { services: ["cloudwatch.amazonaws.com"] }, readAndWrite, {
      StringEquals: ofAccount,
      ArnLike: { "aws:SourceArn": arn(aws, "cloudwatch", "alarm:*") },
    }),
    // EventBridge does not say for whom it publishes when it asks for the key; the topics know by their own policies.
    allow("Events", { services: ["events.amazonaws.com"] }, readAndWrite),
    allow("Trail", { services: ["cloudtrail.amazonaws.com"] }, ["kms:DescribeKey", "kms:GenerateDataKey*"], {
      StringEquals: ofAccount,
      ArnLike: { "aws:SourceArn": arn(aws, "cloudtrail", "trail/*") },
    }),
    allow("TrailReaders", { arns: [iamArn(aws, "root")] }, ["kms:Decrypt"], {
      StringLike: { "kms:EncryptionContext:aws:cloudtrail:arn": arn(aws, "cloudtrail", "trail/*") },
    }),
    ...operationsCalls(target).flatMap((call) => functionStatements(target, call)),
  ];
}

function functionStatements(target: Target, call: ReturnType<typeof operationsCalls>[number]): Statement[] {
  const word = `${"store" in call ? `${call.store}-` : ""}${call.handler}`.replace(
    /(^|-)(.)/g,
    (_, __, letter: string) => letter.toUpperCase(),
  );
  const principal = { arns: [functionRoleArn(target, call)] };
  return [
    allow(`${word}Variables`, principal, ["kms:Decrypt"], {
      StringEquals: { "kms:EncryptionContext:aws:lambda:FunctionArn": functionArn(target, call) },
    }),
    allow(`${word}Failures`, principal, readAndWrite, { StringEquals: viaService(target, "sns") }),
  ];
}

/** A statement of a key's policy, in which "*" is the key itself. */
function allow(
  sid: string,
  principal: NonNullable<Statement["principal"]>,
  actions: readonly string[],
  conditions?: Statement["conditions"],
): Statement {
  return { sid, principal, actions, resources: ["*"], ...(conditions === undefined ? {} : { conditions }) };
}

function viaService({ aws }: Target, ...services: string[]): Record<string, readonly string[]> {
  return { "kms:ViaService": services.map((service) => `${service}.${aws.region}.${dnsSuffixOf(aws.region)}`) };
}

/** Services and jobs with a flow to a store of some engine. */
function usersOf(system: System, engine: "objects" | "queue"): string[] {
  const stores = Object.keys(system.stores).filter((store) => system.stores[store]?.engine === engine);
  const users = stores.flatMap((store) => storeUsers(system, store).map(({ workload }) => workload));
  return [...new Set(users)].sort();
}

/** Services and jobs whose containers start with values from Secrets Manager. */
function secretReaders(target: Target): string[] {
  const { services, jobs } = target.system;
  return Object.keys({ ...services, ...jobs })
    .filter((workload) => secretPaths(target, workload).length > 0)
    .sort();
}
