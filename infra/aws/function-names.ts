import { arn, iamArn } from "./arns.ts";
import { physicalName } from "./names.ts";
import { runsHere } from "./network-rules.ts";
import type { Target } from "./target.ts";

/** The name of the image of every function. */
export const operationsImage = "operations";

/** A function of the image "operations": what it does, for a whole system or for one database. */
export type OperationsCall =
  { handler: "database-setup" | "database-rotation"; store: string } | { handler: "run-task" | "start-backup" };

const words = {
  "database-setup": "setup",
  "database-rotation": "rotation",
  "run-task": "task",
  "start-backup": "backup",
} as const;

/**
 * The functions that a system needs. Passwords are exchanged only where the services are on ECS, which starts them anew
 * with the new one: in a Kubernetes cluster they hold a sealed copy.
 */
export function operationsCalls({ system, aws }: Pick<Target, "system" | "aws">): OperationsCall[] {
  const { stores, jobs, services } = system;
  const databases = Object.keys(stores).filter((store) => stores[store]?.engine === "postgres");
  const gated = Object.values(jobs).some(({ when }) => when === "before-release");
  const volumes = Object.values(services).some((service) => Object.keys(service.volumes ?? {}).length > 0);
  return [
    ...databases.flatMap((store) => [
      { handler: "database-setup" as const, store },
      ...(runsHere(aws) ? [{ handler: "database-rotation" as const, store }] : []),
    ]),
    ...(gated ? [{ handler: "run-task" as const }] : []),
    ...(volumes ? [{ handler: "start-backup" as const }] : []),
  ];
}

/** The name of a function. */
export function functionName(target: Target, call: OperationsCall): string {
  return physicalName(target, "function", subject(call), words[call.handler]);
}

/** The ARN of a function. */
export function functionArn(target: Target, call: OperationsCall): string {
  return arn(target.aws, "lambda", `function:${functionName(target, call)}`);
}

/** The name of a function's role; its last word is none of a service's or job's role. */
export function functionRoleName(target: Target, call: OperationsCall): string {
  return physicalName(target, "role", subject(call), `${words[call.handler]}function`);
}

/** The ARN of a function's role. */
export function functionRoleArn(target: Target, call: OperationsCall): string {
  return iamArn(target.aws, `role/${functionRoleName(target, call)}`);
}

function subject(call: OperationsCall): string {
  return "store" in call ? call.store : "operations";
}
