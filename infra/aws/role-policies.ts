import { declared } from "../spec/names.ts";
import { storeUsers } from "../spec/flows.ts";
import { arn, bucketArn } from "./arns.ts";
import { clusterArn } from "./cluster.ts";
import { containersOf } from "./containers.ts";
import { secretPaths } from "./environment.ts";
import { failedJobsArn } from "./jobs.ts";
import { logGroupArn, logGroupName, logLevels, platformLogGroup, type LogPurpose } from "./logs.ts";
import { logStreamPrefix } from "./log-router.ts";
import { bucketName } from "./objects.ts";
import { physicalName } from "./names.ts";
import { policyDocument, type Statement } from "./policy-document.ts";
import { queueArn } from "./queue.ts";
import { imageReference, ownImages, repositoryArn } from "./image-names.ts";
import { roleArn } from "./roles.ts";
import { secretArnPattern } from "./secrets.ts";
import type { Target } from "./target.ts";
import { taskFamily } from "./task-definition.ts";

const writeLogs = ["logs:CreateLogStream", "logs:PutLogEvents"];

/** What ECS may do to start the tasks of a service or job: pull its images, read its secrets, write its sidecars' logs. */
export function executionPolicy(target: Target, workload: string): string {
  const secrets = secretPaths(target, workload).map((path) => secretArnPattern(target, path));
  const sidecars: LogPurpose[] = hasMetrics(target, workload) ? ["collector", "log-router"] : ["log-router"];
  const statements: Statement[] = [
    {
      sid: "WriteSidecarLogs",
      actions: writeLogs,
      resources: sidecars.map((purpose) => streams(target, platformLogGroup(target, purpose), `${workload}/`)),
    },
    // AWS knows no resource for it: the token is good for what the next statement allows.
    { sid: "EnterRegistry", actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
    {
      sid: "PullImages",
      actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      resources: [...ownRepositories(target, workload), threatAgentRepository(target)],
    },
  ];
  if (secrets.length > 0) {
    statements.push({ sid: "ReadSecrets", actions: ["secretsmanager:GetSecretValue"], resources: secrets });
  }
  return policyDocument(...statements);
}

/** GuardDuty adds a container of its own to every task; its image is in an account of AWS, another in each region. */
function threatAgentRepository({ aws }: Target): string {
  return arn({ region: aws.region, accountId: "*" }, "ecr", "repository/aws-guardduty-agent-fargate");
}

/** What the containers of a service or job may do: reach the stores that flows lead to, write their own log streams. */
export function taskPolicy(target: Target, workload: string): string {
  const metrics = hasMetrics(target, workload);
  return policyDocument(
    {
      sid: "WriteLogs",
      actions: writeLogs,
      resources: logLevels.map((level) => streams(target, logGroupName(target, level), logStreamPrefix(workload))),
    },
    ...(metrics
      ? [
          {
            sid: "WriteMetrics",
            actions: writeLogs,
            resources: [streams(target, platformLogGroup(target, "metrics"), workload, "")],
          },
          // AWS knows no resource for traces.
          { sid: "WriteTraces", actions: ["xray:PutTelemetryRecords", "xray:PutTraceSegments"], resources: ["*"] },
        ]
      : []),
    ...storeStatements(target, workload),
  );
}

/** What ECS may do to move requests from one colour of a service with public endpoints to the other. */
export function deploymentPolicy(target: Target, service: string): string {
  const endpoints = Object.entries(target.system.publicEndpoints).filter(
    ([, endpoint]) => endpoint.service === service,
  );
  const balancing = (resource: string) => arn(target.aws, "elasticloadbalancing", resource);
  const groups = endpoints.flatMap(([endpoint]) =>
    ["blue", "green"].map((colour) =>
      balancing(`targetgroup/${physicalName(target, "targetGroup", endpoint, colour)}/*`),
    ),
  );
  return policyDocument(
    // AWS knows no resources for reading.
    {
      sid: "Read",
      actions: ["DescribeListeners", "DescribeRules", "DescribeTargetGroups", "DescribeTargetHealth"].map(
        (action) => `elasticloadbalancing:${action}`,
      ),
      resources: ["*"],
    },
    {
      sid: "MoveRequests",
      actions: ["elasticloadbalancing:ModifyRule"],
      resources: [balancing(`listener-rule/app/${physicalName(target, "loadBalancer", "edge")}/*`)],
    },
    {
      sid: "MoveTasks",
      actions: ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"],
      resources: groups,
    },
  );
}

/** What the scheduler may do for a job: start its task, hand over its roles, and keep what could not be started. */
export function schedulePolicy(target: Target, job: string): string {
  const cluster = { ArnEquals: { "ecs:cluster": clusterArn(target, job) } };
  return policyDocument(
    {
      sid: "RunTask",
      actions: ["ecs:RunTask"],
      resources: [arn(target.aws, "ecs", `task-definition/${taskFamily(target, { workload: job })}:*`)],
      conditions: cluster,
    },
    {
      sid: "TagTask",
      actions: ["ecs:TagResource"],
      resources: [`${clusterArn(target, job).replace(":cluster/", ":task/")}/*`],
      conditions: { StringEquals: { "ecs:CreateAction": "RunTask" } },
    },
    {
      sid: "PassRoles",
      actions: ["iam:PassRole"],
      resources: [roleArn(target, job, "task"), roleArn(target, job, "execution")],
      conditions: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    },
    { sid: "KeepFailures", actions: ["sqs:SendMessage"], resources: [failedJobsArn(target)] },
  );
}

/** Databases and caches have users of their own; queues and object stores know the role. */
function storeStatements(target: Target, workload: string): Statement[] {
  const { system, aws } = target;
  const used = Object.entries(system.stores)
    .filter(([store]) => storeUsers(system, store).some((user) => user.workload === workload))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const queues = used.filter(([, { engine }]) => engine === "queue").map(([store]) => queueArn(target, store));
  const buckets = (locked: boolean) =>
    used
      .filter(([, store]) => store.engine === "objects" && (store.locked ?? false) === locked)
      .map(([store]) => bucketName(target, store));
  const objects = (bucket: string) => bucketArn(aws, bucket, "*");
  const statements: Statement[] = [
    {
      sid: "UseQueues",
      actions: [
        "sqs:ChangeMessageVisibility",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:GetQueueUrl",
        "sqs:ReceiveMessage",
        "sqs:SendMessage",
      ],
      resources: queues,
    },
    { sid: "AddObjects", actions: ["s3:PutObject"], resources: buckets(true).map(objects) },
    { sid: "ListBuckets", actions: ["s3:ListBucket"], resources: buckets(false).map((name) => bucketArn(aws, name)) },
    {
      sid: "UseObjects",
      actions: ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
      resources: buckets(false).map(objects),
    },
  ];
  return statements.filter(({ resources }) => resources.length > 0);
}

/** The repositories of the stack's own among the images of a task. */
function ownRepositories(target: Target, workload: string): string[] {
  const used = new Set(containersOf(target, workload, { workload, number: 0 }).map(({ image }) => image));
  return ownImages(target)
    .filter((image) => used.has(imageReference(target, image)))
    .map((image) => repositoryArn(target, image));
}

function streams(target: Target, group: string, prefix: string, rest = "*"): string {
  return `${logGroupArn(target, group)}:log-stream:${prefix}${rest}`;
}

function hasMetrics({ system }: Target, workload: string): boolean {
  return system.jobs[workload] === undefined && declared(system.services, workload).metrics !== undefined;
}
