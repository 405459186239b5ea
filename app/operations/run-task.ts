import { DescribeTasksCommand, RunTaskCommand, StopTaskCommand, type ECSClient, type Task } from "@aws-sdk/client-ecs";
import { z } from "zod";

import { handler, type Handler } from "./handler.ts";
import { OperationError } from "./operation-error.ts";
import { poll } from "./polling.ts";

const taskEvent = z.object({
  cluster: z.string().min(1),
  taskDefinition: z.string().min(1),
  subnetIds: z.array(z.string()).min(1),
  securityGroupIds: z.array(z.string()).min(1),
  /** Lambda ends a function after 15 minutes. */
  timeoutSeconds: z.number().int().min(1).max(900),
  /** Whose exit code counts. @default every container's */
  container: z.string().optional(),
});

type TaskEvent = z.infer<typeof taskEvent>;

export interface RunTaskParts {
  ecs: ECSClient;
  /** Milliseconds between two questions. @default 3000 */
  interval?: number;
}

/** Runs a task on Fargate, such as a migration, and waits for its end. A task that outlasts its time is stopped. */
export function runTask({ ecs, interval = 3_000 }: RunTaskParts): Handler {
  return handler(taskEvent, async (event, { requestId, deadline, logger }) => {
    const taskArn = await start(ecs, event, requestId);
    logger.info({ taskArn }, "The task has been started.");
    const limits = { timeoutSeconds: event.timeoutSeconds, deadline, interval };
    const stopped = await poll(() => stoppedTask(ecs, event.cluster, taskArn), limits);
    if (stopped === undefined) {
      const reason = `still running after ${event.timeoutSeconds} seconds`;
      await ecs.send(new StopTaskCommand({ cluster: event.cluster, task: taskArn, reason }));
      throw new OperationError(
        `The task ${taskArn} was stopped: it was ${reason}, or until the function's own timeout.`,
      );
    }
    const failure = failureOf(stopped, event.container);
    if (failure !== undefined) throw new OperationError(`The task ${taskArn} failed: ${failure}.`);
    return { taskArn };
  });
}

async function start(ecs: ECSClient, event: TaskEvent, requestId: string): Promise<string> {
  const { cluster, taskDefinition, subnetIds: subnets, securityGroupIds: securityGroups } = event;
  const answer = await ecs.send(
    new RunTaskCommand({
      cluster,
      taskDefinition,
      launchType: "FARGATE",
      networkConfiguration: { awsvpcConfiguration: { subnets, securityGroups, assignPublicIp: "DISABLED" } },
      propagateTags: "TASK_DEFINITION",
      clientToken: requestId,
      startedBy: "operations",
    }),
  );
  const taskArn = answer.tasks?.[0]?.taskArn;
  if (taskArn !== undefined) return taskArn;
  const reasons = (answer.failures ?? []).map(({ reason, detail }) => [reason, detail].filter(Boolean).join(" "));
  throw new OperationError(`ECS did not start ${taskDefinition} in ${cluster}: ${reasons.join("; ") || "no reason"}.`);
}

/** The task once it has stopped. A task that ECS does not show yet has not. */
async function stoppedTask(ecs: ECSClient, cluster: string, task: string): Promise<Task | undefined> {
  const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [task] }));
  return tasks?.find(({ lastStatus }) => lastStatus === "STOPPED");
}

/** Why a stopped task did not succeed; undefined when it did. A container that never ran has no exit code. */
export function failureOf({ containers = [], stoppedReason }: Task, decisive?: string): string | undefined {
  const judged = containers.filter(({ name }) => decisive === undefined || name === decisive);
  const stopped = stoppedReason === undefined ? "" : `; ECS says: ${stoppedReason}`;
  if (judged.length === 0) return `it has no container ${JSON.stringify(decisive ?? "")}${stopped}`;
  const failed = judged.filter(({ exitCode }) => exitCode !== 0);
  if (failed.length === 0) return undefined;
  const ends = failed.map(({ name, exitCode, reason }) => {
    const end = exitCode === undefined ? "never ran" : `ended with exit code ${exitCode}`;
    return `container ${name} ${end}${reason === undefined ? "" : ` (${reason})`}`;
  });
  return `${ends.join(", ")}${stopped}`;
}
