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
  return physicalName(target, "alarm", part === undefined ? alertWords(alert) : `${alertWords(alert)}.${part}`);
}

/** An alert's name in lower case: "ServiceDown" becomes "service-down". */
export function alertWords(alert: string): string {
  return alert.replaceAll(/[A-Z]/g, (letter, at: number) => (at === 0 ? "" : "-") + letter.toLowerCase());
}

/** The ARN of the alarm of an alert. */
export function alarmArn(target: Target, alert: string): string {
  return arn(target.aws, "cloudwatch", `alarm:${alarmName(target, alert)}`);
}
