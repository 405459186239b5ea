import { storeUsers } from "../spec/flows.ts";
import { instancesOf } from "../spec/instances.ts";
import { declared } from "../spec/names.ts";
import { arn } from "./arns.ts";
import { backupRoleArn, vaultArn } from "./backup-names.ts";
import { clusterArn } from "./cluster.ts";
import type { OperationsCall } from "./function-names.ts";
import { logGroupArn, platformLogGroup } from "./logs.ts";
import { topicArn } from "./notifications.ts";
import { policyDocument, type Statement } from "./policy-document.ts";
import { isMasterManaged, masterSecretPath } from "./postgres-master.ts";
import { databaseArn } from "./postgres-names.ts";
import { roleArn } from "./roles.ts";
import { secretArnPattern, storeSecretPath } from "./secrets.ts";
import { serviceArn } from "./service.ts";
import type { Target } from "./target.ts";
import { taskFamily } from "./task-definition.ts";

/** What a function of the image "operations" may do, and nothing else. Keys have policies of their own. */
export function functionPolicy(target: Target, call: OperationsCall): string {
  return policyDocument(...common(target), ...own(target, call));
}

/** Every function writes logs and traces, has an address in the network and tells people when it fails. */
function common(target: Target): Statement[] {
  const logs = logGroupArn(target, platformLogGroup(target, "functions"));
  return [
    { sid: "Logs", actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [`${logs}:*`] },
    {
      // None of these can be limited to one resource.
      sid: "NetworkAndTraces",
      actions: [
        "ec2:AssignPrivateIpAddresses",
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:UnassignPrivateIpAddresses",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
      ],
      resources: ["*"],
    },
    { sid: "Failures", actions: ["sns:Publish"], resources: [topicArn(target, "critical")] },
  ];
}

function own(target: Target, call: OperationsCall): Statement[] {
  switch (call.handler) {
    case "database-setup":
      return [masterSecret(target, call.store), userSecrets(target, call.store, ["secretsmanager:GetSecretValue"])];
    case "database-rotation":
      return [
        masterSecret(target, call.store),
        userSecrets(target, call.store, [
          "secretsmanager:DescribeSecret",
          "secretsmanager:GetSecretValue",
          "secretsmanager:PutSecretValue",
          "secretsmanager:UpdateSecretVersionStage",
        ]),
        ...redeployment(target, call.store),
      ];
    case "run-task":
      return tasks(target);
    case "start-backup":
      return backups(target);
  }
}

/** RDS chooses the name of a secret that it makes for an administrator; a tag of AWS's own tells whose it is. */
function masterSecret(target: Target, store: string): Statement {
  const specification = declared(target.system.stores, store);
  const statement = { sid: "Master", actions: ["secretsmanager:GetSecretValue"] };
  if (specification.engine === "postgres" && !isMasterManaged(specification)) {
    return { ...statement, resources: [secretArnPattern(target, masterSecretPath(target, store))] };
  }
  return {
    ...statement,
    resources: [arn(target.aws, "secretsmanager", "secret:rds!db-*")],
    conditions: { StringEquals: { "aws:ResourceTag/aws:rds:primaryDBInstanceArn": databaseArn(target, store) } },
  };
}

function userSecrets(target: Target, store: string, actions: readonly string[]): Statement {
  const users = storeUsers(target.system, store);
  const resources = users.map(({ workload }) => secretArnPattern(target, storeSecretPath(target, store, workload)));
  return { sid: "Users", actions, resources };
}

function redeployment(target: Target, store: string): Statement[] {
  const { services } = target.system;
  const resources = storeUsers(target.system, store).flatMap(({ workload }) => {
    const service = services[workload];
    return service ? instancesOf(workload, service).map((instance) => serviceArn(target, workload, instance)) : [];
  });
  return resources.length === 0 ? [] : [{ sid: "Redeployment", actions: ["ecs:UpdateService"], resources }];
}

function tasks(target: Target): Statement[] {
  const { jobs } = target.system;
  const gates = Object.keys(jobs).filter((job) => declared(jobs, job).when === "before-release");
  const clusters = [...new Set(gates.map((job) => clusterArn(target, job)))];
  const inClusters = { ArnEquals: { "ecs:cluster": clusters } };
  return [
    {
      sid: "Start",
      actions: ["ecs:RunTask"],
      resources: gates.map((job) =>
        arn(target.aws, "ecs", `task-definition/${taskFamily(target, { workload: job })}:*`),
      ),
      conditions: inClusters,
    },
    {
      sid: "Watch",
      actions: ["ecs:DescribeTasks", "ecs:StopTask"],
      resources: clusters.map((cluster) => `${cluster.replace(":cluster/", ":task/")}/*`),
      conditions: inClusters,
    },
    {
      sid: "Tag",
      actions: ["ecs:TagResource"],
      resources: clusters.map((cluster) => `${cluster.replace(":cluster/", ":task/")}/*`),
      conditions: { StringEquals: { "ecs:CreateAction": "RunTask" } },
    },
    {
      sid: "HandOver",
      actions: ["iam:PassRole"],
      resources: gates.flatMap((job) => [roleArn(target, job, "task"), roleArn(target, job, "execution")]),
      conditions: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    },
  ];
}

function backups(target: Target): Statement[] {
  return [
    { sid: "Start", actions: ["backup:StartBackupJob"], resources: [vaultArn(target)] },
    // Jobs have no ARN that IAM could name.
    { sid: "Watch", actions: ["backup:DescribeBackupJob"], resources: ["*"] },
    {
      sid: "HandOver",
      actions: ["iam:PassRole"],
      resources: [backupRoleArn(target)],
      conditions: { StringEquals: { "iam:PassedToService": "backup.amazonaws.com" } },
    },
  ];
}
