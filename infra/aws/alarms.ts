import { arn } from "./arns.ts";
import { physicalName, type Named } from "./names.ts";
import type { Target } from "./target.ts";

/**
 * The name of the alarm of an alert, such as "worldstore-prod-service-down".
 *
 * @param alert the alert's name in the specification
 * @param part what it is about if the alert has several, such as a service. @default the whole alert
 */
export function alarmName(target: Named, alert: string, part?: string): string {
  const words = alert.replaceAll(/[A-Z]/g, (letter, at: number) => (at === 0 ? "" : "-") + letter.toLowerCase());
  return physicalName(target, "alarm", part === undefined ? words : `${words}.${part}`);
}

/** The ARN of an alarm. */
export function alarmArn({ aws }: Pick<Target, "aws">, name: string): string {
  return arn(aws, "cloudwatch", `alarm:${name}`);
}
