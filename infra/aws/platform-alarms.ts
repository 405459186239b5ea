import type { Input } from "@pulumi/pulumi";

import type { PostgresStore } from "../spec/store.ts";
import { toMebibytes } from "../spec/units.ts";
import type { AlarmMetric, AlarmPlan } from "./cloudwatch.ts";
import { functionName, operationsCalls } from "./function-names.ts";
import type { LogScope } from "./logs.ts";
import type { Severity } from "./notifications.ts";
import { databaseName } from "./postgres-names.ts";
import { queueName } from "./queue.ts";
import type { Target } from "./target.ts";

/** An alarm about what the system runs on. */
export interface PlatformAlarm<Dimension extends Input<string> = string> {
  /** Value of the tag `component`. */
  component: string;
  severity: Severity;
  summary: string;
  plan: AlarmPlan<Dimension>;
}

/** Shares of a database's storage, connections and processors; proposals. */
const storageLeft = 0.1;
const connectionsUsed = 0.8;
const processorsUsed = 0.8;
/** Requests in five minutes that the load balancer itself had to refuse; a proposal. */
const refusedRequests = 10;

const fiveMinutes = 300;

/** Alarms about what the system runs on, by name; all are proposals, beside the alerts that requirements state. */
export function platformAlarms(target: Target, scope: LogScope = "system"): Record<string, PlatformAlarm> {
  const stores = Object.entries(target.system.stores).flatMap(([store, specification]) => {
    if (specification.engine === "postgres") return Object.entries(databaseAlarms(target, store, specification));
    return specification.engine === "queue" && scope === "system" ? Object.entries(queueAlarms(target, store)) : [];
  });
  return Object.fromEntries([...stores, ...functionAlarms(target, scope)]);
}

function databaseAlarms(target: Target, store: string, specification: PostgresStore): Record<string, PlatformAlarm> {
  const metric = (name: string, statistic: AlarmMetric["statistic"]): AlarmMetric => ({
    namespace: "AWS/RDS",
    metric: name,
    dimensions: { DBInstanceIdentifier: databaseName(target, store) },
    statistic,
  });
  const alarm = (
    severity: Severity,
    summary: string,
    plan: Pick<AlarmPlan, "source" | "threshold" | "comparison">,
  ) => ({
    component: store,
    severity,
    summary,
    plan: { ...plan, period: fiveMinutes, evaluationPeriods: 3, missingData: "missing" as const },
  });
  return {
    [`${store}.storage`]: alarm("critical", `The database ${store} has less than a tenth of its storage left.`, {
      source: metric("FreeStorageSpace", "Minimum"),
      threshold: storageLeft * toMebibytes(specification.storage) * 1024 * 1024,
      comparison: "LessThanThreshold",
    }),
    [`${store}.connections`]: alarm("warning", `The database ${store} has few connections left.`, {
      source: metric("DatabaseConnections", "Maximum"),
      threshold: connectionsUsed * specification.maxConnections,
      comparison: "GreaterThanThreshold",
    }),
    [`${store}.processors`]: alarm("warning", `The processors of the database ${store} are busy.`, {
      source: metric("CPUUtilization", "Average"),
      threshold: processorsUsed * 100,
      comparison: "GreaterThanThreshold",
    }),
  };
}

function queueAlarms(target: Target, store: string): Record<string, PlatformAlarm> {
  return {
    [`${store}.deadletters`]: {
      component: store,
      severity: "warning",
      summary: `Messages of the queue ${store} could not be processed.`,
      plan: moreThan(0, {
        namespace: "AWS/SQS",
        metric: "ApproximateNumberOfMessagesVisible",
        dimensions: { QueueName: queueName(target, store, "deadletters") },
        statistic: "Maximum",
      }),
    },
  };
}

function functionAlarms(target: Target, scope: LogScope): [string, PlatformAlarm][] {
  const calls = operationsCalls(target).filter((call) => scope === "system" || "store" in call);
  return calls.map((call) => {
    const subject = "store" in call ? call.store : "operations";
    const alarm: PlatformAlarm = {
      component: subject,
      severity: "warning",
      summary: `The function ${call.handler} failed.`,
      plan: moreThan(0, {
        namespace: "AWS/Lambda",
        metric: "Errors",
        dimensions: { FunctionName: functionName(target, call) },
        statistic: "Sum",
      }),
    };
    return [`${subject}.${call.handler}`, alarm];
  });
}

/**
 * The alarm about the load balancer.
 *
 * @param loadBalancer what CloudWatch calls it: the end of its ARN
 */
export function edgeAlarm(loadBalancer: Input<string>): PlatformAlarm<Input<string>> {
  return {
    component: "edge",
    severity: "critical",
    summary: "The load balancer finds no copy of a service that answers.",
    plan: moreThan(refusedRequests, {
      namespace: "AWS/ApplicationELB",
      metric: "HTTPCode_ELB_5XX_Count",
      dimensions: { LoadBalancer: loadBalancer },
      statistic: "Sum",
    }),
  };
}

/** Something that should not happen, in five minutes. */
function moreThan<Dimension extends Input<string>>(
  threshold: number,
  source: AlarmMetric<Dimension>,
): AlarmPlan<Dimension> {
  return {
    source,
    period: fiveMinutes,
    evaluationPeriods: 1,
    threshold,
    comparison: "GreaterThanThreshold",
    missingData: "notBreaching",
  };
}
