import { Schedule } from "@pulumi/aws/scheduler/schedule.js";
import { Queue } from "@pulumi/aws/sqs/queue.js";
import * as pulumi from "@pulumi/pulumi";

import { declared } from "../spec/names.ts";
import { toSeconds } from "../spec/units.ts";
import { arn } from "./arns.ts";
import { clusterArn } from "./cluster.ts";
import type { OperationsFunction } from "./functions.ts";
import { physicalName } from "./names.ts";
import { policyDocument } from "./policy-document.ts";
import type { Network } from "./network.ts";
import { roleArn } from "./roles.ts";
import { scheduleExpression } from "./schedule-expression.ts";
import type { SecurityGroups } from "./security-groups.ts";
import { componentTags } from "./tags.ts";
import type { Target } from "./target.ts";
import { taskDefinition } from "./task-definition.ts";

/** How often, and how long in seconds, the scheduler tries to start a task. */
const retryPolicy = { maximumRetryAttempts: 3, maximumEventAgeInSeconds: 3600 };
/** Seconds that a call which could not be made is kept: the longest that SQS allows, 14 days. */
const failureRetention = 1_209_600;

/** The name of the queue that keeps what the scheduler could not start. */
export function failedJobsName(target: Target): string {
  return physicalName(target, "queue", "jobs", "failed");
}

/** The ARN of that queue. */
export function failedJobsArn(target: Target): string {
  return arn(target.aws, "sqs", failedJobsName(target));
}

/** What jobs need. */
export interface JobsArgs {
  target: Target;
  network: Pick<Network, "privateSubnetIds">;
  groups: Pick<SecurityGroups, "of">;
  /** The function "run-task". @default no job runs before a release */
  runTask?: Pick<OperationsFunction, "invoke">;
}

/** The jobs of a system: tasks that the scheduler starts, and tasks that must end well before services are released. */
export class Jobs extends pulumi.ComponentResource {
  /** What services wait for: the jobs before a release, which run anew whenever their task changes. */
  readonly gate: pulumi.Resource[] = [];
  private readonly name: string;
  private readonly args: JobsArgs;

  constructor(name: string, args: JobsArgs, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:Jobs", name, {}, opts);
    this.name = name;
    this.args = args;
    const { jobs } = args.target.system;
    const first: string[] = [];
    const scheduled: [string, string][] = [];
    for (const [job, { when }] of Object.entries(jobs).sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (when === "before-release") first.push(job);
      else scheduled.push([job, when.schedule]);
    }
    if (first.length > 0) this.runBeforeRelease(first);
    if (scheduled.length > 0) this.schedule(scheduled);
    this.registerOutputs({});
  }

  private runBeforeRelease(jobs: readonly string[]) {
    const { target, network, groups, runTask } = this.args;
    if (!runTask) throw new Error(`nothing runs the jobs ${jobs.join(", ")} before a release`);
    for (const job of jobs) {
      const task = this.task(job);
      const run = runTask.invoke(
        `${this.name}-${job}-run`,
        {
          cluster: clusterArn(target, job),
          taskDefinition: task.arn,
          subnetIds: network.privateSubnetIds,
          securityGroupIds: [groups.of({ kind: "job", name: job })],
          timeoutSeconds: toSeconds(declared(target.system.jobs, job).timeout),
          container: job,
        },
        { task: task.arn },
        { parent: this },
      );
      this.gate.push(run);
    }
  }

  private schedule(jobs: readonly [job: string, cron: string][]) {
    const { target, network, groups } = this.args;
    const failures = this.createFailures();
    for (const [job, cron] of jobs) {
      const expression = scheduleExpression(cron);
      if (expression === undefined) throw new Error(`EventBridge cannot say "${cron}"`);
      new Schedule(
        `${this.name}-${job}-schedule`,
        {
          name: physicalName(target, "schedule", job),
          description: declared(target.system.jobs, job).role,
          scheduleExpression: expression,
          scheduleExpressionTimezone: "UTC",
          flexibleTimeWindow: { mode: "OFF" },
          target: {
            arn: clusterArn(target, job),
            roleArn: roleArn(target, job, "schedule"),
            ecsParameters: {
              taskDefinitionArn: this.task(job).arn,
              taskCount: 1,
              launchType: "FARGATE",
              platformVersion: "LATEST",
              networkConfiguration: {
                subnets: network.privateSubnetIds,
                securityGroups: [groups.of({ kind: "job", name: job })],
                assignPublicIp: false,
              },
              enableEcsManagedTags: true,
              enableExecuteCommand: false,
              propagateTags: "TASK_DEFINITION",
            },
            retryPolicy,
            deadLetterConfig: { arn: failedJobsArn(target) },
          },
        },
        { parent: this, dependsOn: [failures] },
      );
    }
  }

  private createFailures(): Queue {
    const { target } = this.args;
    return new Queue(
      `${this.name}-failed`,
      {
        name: failedJobsName(target),
        sqsManagedSseEnabled: true,
        messageRetentionSeconds: failureRetention,
        policy: policyDocument({
          sid: "WithoutTls",
          effect: "Deny",
          principal: "everyone",
          actions: ["sqs:*"],
          resources: [failedJobsArn(target)],
          conditions: { Bool: { "aws:SecureTransport": "false" } },
        }),
        tags: componentTags("jobs"),
      },
      { parent: this },
    );
  }

  private task(job: string) {
    const { target } = this.args;
    return taskDefinition(
      `${this.name}-${job}`,
      { target, workload: job, instance: { workload: job, number: 0 } },
      { parent: this },
    );
  }
}
