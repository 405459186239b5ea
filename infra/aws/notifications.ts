import type { Alert } from "../spec/alert.ts";
import { arn } from "./arns.ts";
import { physicalName } from "./names.ts";
import type { Target } from "./target.ts";

/** The ARN of the topic of a severity. */
export function topicArn(target: Target, severity: Alert["severity"]): string {
  return arn(target.aws, "sns", physicalName(target, "topic", severity));
}
