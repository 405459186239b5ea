import { EventRule } from "@pulumi/aws/cloudwatch/eventRule.js";
import { EventTarget } from "@pulumi/aws/cloudwatch/eventTarget.js";
import * as pulumi from "@pulumi/pulumi";

import { arn } from "./arns.ts";
import { clusterArn, clusterName } from "./cluster.ts";
import type { LogScope } from "./logs.ts";
import { physicalName } from "./names.ts";
import { topicArn, type Severity, type Topics } from "./notifications.ts";
import { databaseName } from "./postgres-names.ts";
import { componentTags } from "./tags.ts";
import type { Target } from "./target.ts";

/** An event of AWS that someone is told of. */
export interface ToldEvent {
  severity: Severity;
  description: string;
  /** As EventBridge writes it. */
  pattern: Record<string, unknown>;
}

/** GuardDuty calls findings from 4 "medium" and from 7 "high". */
const mediumFinding = 4;
const highFinding = 7;

/** Events of AWS that someone is told of, by name; all are proposals, beside the alerts that requirements state. */
export function toldEvents(target: Target, scope: LogScope = "system"): Record<string, ToldEvent> {
  return {
    ...(scope === "system" ? taskEvents(target) : {}),
    ...(scope === "system" && target.aws.ownsAccount ? findingEvents() : {}),
    ...databaseEvents(target),
  };
}

function taskEvents(target: Target): Record<string, ToldEvent> {
  const { services, jobs } = target.system;
  const workloads = [...Object.keys(services), ...Object.keys(jobs)];
  const unique = (values: string[]) => [...new Set(values)].sort();
  const names = unique(workloads.map((workload) => clusterName(target, workload)));
  return {
    "deployment-failed": {
      severity: "critical",
      description: "A new version of a service did not become healthy and was rolled back.",
      pattern: {
        source: ["aws.ecs"],
        "detail-type": ["ECS Deployment State Change"],
        resources: names.map((cluster) => ({ prefix: arn(target.aws, "ecs", `service/${cluster}/`) })),
        detail: { eventName: ["SERVICE_DEPLOYMENT_FAILED"] },
      },
    },
    "task-failed": {
      severity: "warning",
      description: "A task could not start, or one of its containers ended with an error.",
      pattern: {
        source: ["aws.ecs"],
        "detail-type": ["ECS Task State Change"],
        detail: {
          clusterArn: unique(workloads.map((workload) => clusterArn(target, workload))),
          lastStatus: ["STOPPED"],
          $or: [
            { stopCode: ["TaskFailedToStart"] },
            { stopCode: ["EssentialContainerExited"], containers: { exitCode: [{ "anything-but": [0] }] } },
          ],
        },
      },
    },
  };
}

function findingEvents(): Record<string, ToldEvent> {
  const findings = (severity: unknown[]) => ({
    source: ["aws.guardduty"],
    "detail-type": ["GuardDuty Finding"],
    detail: { severity: [{ numeric: severity }] },
  });
  return {
    "threat-found": {
      severity: "critical",
      description: "GuardDuty found a threat of high severity.",
      pattern: findings([">=", highFinding]),
    },
    "suspicion-found": {
      severity: "warning",
      description: "GuardDuty found a threat of medium severity.",
      pattern: findings([">=", mediumFinding, "<", highFinding]),
    },
  };
}

function databaseEvents(target: Target): Record<string, ToldEvent> {
  const databases = Object.entries(target.system.stores).flatMap(([store, specification]) =>
    specification.engine === "postgres"
      ? Array.from({ length: 1 + (specification.replicas ?? 0) }, (_, number) => databaseName(target, store, number))
      : [],
  );
  if (databases.length === 0) return {};
  return {
    "database-trouble": {
      severity: "critical",
      description: "A database server failed, failed over or runs out of storage.",
      pattern: {
        source: ["aws.rds"],
        "detail-type": ["RDS DB Instance Event"],
        detail: { EventCategories: ["failover", "failure", "low storage"], SourceIdentifier: databases.sort() },
      },
    },
  };
}

/** What rules need. */
export interface EventRulesArgs {
  target: Target;
  topics: Topics;
  /** @default "system" */
  scope?: LogScope;
}

/** Tells of events of AWS. */
export class EventRules extends pulumi.ComponentResource {
  constructor(name: string, { target, topics, scope }: EventRulesArgs, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:EventRules", name, {}, opts);
    for (const [event, { severity, description, pattern }] of Object.entries(toldEvents(target, scope))) {
      const rule = new EventRule(
        `${name}-${event}`,
        {
          name: physicalName(target, "eventRule", event),
          description,
          eventPattern: JSON.stringify(pattern),
          tags: componentTags("alerts"),
        },
        { parent: this },
      );
      new EventTarget(
        `${name}-${event}-target`,
        { rule: rule.name, targetId: severity, arn: topicArn(target, severity) },
        { parent: this, dependsOn: [topics] },
      );
    }
    this.registerOutputs({});
  }
}
