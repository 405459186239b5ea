import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import * as pulumi from "@pulumi/pulumi";

import type { Problem } from "../errors.ts";
import type { System } from "../spec/system.ts";
import { toSeconds, type Duration } from "../spec/units.ts";
import { arn } from "./arns.ts";
import type { Keys } from "./keys.ts";
import { physicalPath, type Named } from "./names.ts";
import { componentTags } from "./tags.ts";
import type { Target } from "./target.ts";

/** Levels of log lines; each has a log group and a retention of its own (WS-LOG-03). */
export const logLevels = ["error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof logLevels)[number];

/**
 * How long the logs of the platform are kept; proposals, since no requirement states them. What shows who did what is
 * kept for a year, as AWS's control CT.CLOUDWATCH.PR.2 asks; what only helps to find a fault goes after a month.
 */
const platformRetention = {
  "flow-logs": "365 d",
  trail: "365 d",
  waf: "365 d",
  redis: "30 d",
  functions: "30 d",
  "log-router": "30 d",
  collector: "30 d",
  metrics: "30 d",
} as const satisfies Record<string, Duration>;

/** What the platform itself logs, each in a group of its own. "metrics" is where the collectors put metrics as log lines. */
export type LogPurpose = keyof typeof platformRetention;

/** Purposes whose groups are kept like data: they tell afterwards what happened. */
const auditPurposes: readonly LogPurpose[] = ["flow-logs", "trail", "waf"];

/** The lengths of time, in days, that CloudWatch keeps logs for. */
export const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** The log group of the services' lines of a level, such as "/worldstore/prod/error". */
export function logGroupName(target: Named, level: LogLevel): string {
  return `/${physicalPath(target, level)}`;
}

/** The log group of a part of the platform. WAF demands a prefix. */
export function platformLogGroup(target: Named, purpose: LogPurpose): string {
  const path = physicalPath(target, "platform", purpose);
  return purpose === "waf" ? `aws-waf-logs-${path}` : `/${path}`;
}

/** The ARN of a log group, without the ":*" that some places want at its end. */
export function logGroupArn({ aws }: Pick<Target, "aws">, name: string): string {
  return arn(aws, "logs", `log-group:${name}`);
}

/** Days for which CloudWatch keeps logs so that none goes before its time: the next longer time that it knows. */
export function retentionInDays(retention: Duration): number {
  const days = toSeconds(retention) / 86_400;
  const legal = retentionDays.find((legal) => legal >= days);
  if (legal === undefined) throw new Error(`CloudWatch does not keep logs for ${retention}`);
  return legal;
}

/** Retentions that are longer than CloudWatch's longest, ten years. */
export function retentionProblems({ logRetention }: Pick<System, "logRetention">): Problem[] {
  const longest = retentionDays.at(-1) ?? 0;
  return logLevels.flatMap((level) =>
    toSeconds(logRetention[level]) > longest * 86_400
      ? [
          {
            where: `logRetention.${level}`,
            message: `a log retention of ${logRetention[level]} is not supported on ecs: set it to at most ${longest} d.`,
          },
        ]
      : [],
  );
}

/** What logs in AWS: everything, or on Kubernetes only the managed stores and what serves them. */
export type LogScope = "system" | "stores";

/** The platform's groups that a system needs in the account. */
export function logPurposes({ system, aws }: Pick<Target, "system" | "aws">, scope: LogScope = "system"): LogPurpose[] {
  const needed: Record<LogPurpose, boolean> = {
    "flow-logs": !("vpcId" in aws.network),
    trail: scope === "system" && aws.ownsAccount,
    waf: scope === "system" && Object.keys(system.publicEndpoints).length > 0,
    redis: hasRedis(system),
    functions: true,
    "log-router": scope === "system",
    collector: scope === "system",
    metrics: scope === "system",
  };
  return (Object.keys(platformRetention) as LogPurpose[]).filter((purpose) => needed[purpose]);
}

function hasRedis({ stores }: System): boolean {
  return Object.values(stores).some(({ engine }) => engine === "redis");
}

/** What log groups need. */
export interface LogGroupsArgs {
  target: Target;
  keys: Pick<Keys, "arn">;
  /** @default "system" */
  scope?: LogScope;
}

/** Every log group of a system, encrypted, before anything writes to it. */
export class LogGroups extends pulumi.ComponentResource {
  constructor(name: string, args: LogGroupsArgs, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:LogGroups", name, {}, opts);
    const { target, keys, scope = "system" } = args;
    const { system, settings } = target;
    const group = (logicalName: string, groupName: string, retention: Duration, audit: boolean) =>
      new LogGroup(
        `${name}-${logicalName}`,
        {
          name: groupName,
          retentionInDays: retentionInDays(retention),
          kmsKeyId: keys.arn("operations"),
          deletionProtectionEnabled: audit && settings.profile.protect,
          tags: componentTags("logs"),
        },
        { parent: this, protect: audit && settings.profile.protect },
      );

    if (scope === "system") {
      for (const level of logLevels) group(level, logGroupName(target, level), system.logRetention[level], false);
    }
    for (const purpose of logPurposes(target, scope)) {
      const groupName = platformLogGroup(target, purpose);
      group(`platform-${purpose}`, groupName, platformRetention[purpose], auditPurposes.includes(purpose));
    }

    this.registerOutputs({});
  }
}
