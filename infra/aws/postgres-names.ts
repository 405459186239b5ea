import { arn } from "./arns.ts";
import { physicalName } from "./names.ts";
import type { Target } from "./target.ts";

/** The name of a database server in RDS: the primary, or one of its read replicas by number from 1. */
export function databaseName(target: Target, store: string, replica = 0): string {
  return physicalName(target, "database", store, replica === 0 ? "primary" : `replica${replica}`);
}

/** The ARN of a store's primary. */
export function databaseArn(target: Target, store: string): string {
  return arn(target.aws, "rds", `db:${databaseName(target, store)}`);
}

/** What PostgreSQL logs, as RDS names it; each has a log group. */
export const databaseLogs = ["postgresql", "upgrade"] as const;

/** The log group in which RDS puts a log of a server. */
export function databaseLogGroup(server: string, log: (typeof databaseLogs)[number]): string {
  return `/aws/rds/instance/${server}/${log}`;
}
