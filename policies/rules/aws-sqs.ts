import { definePolicy } from "../frame/policy.ts";
import { policiesOf, publicPart, statementsOf } from "../workloads/iam.ts";

/** Nobody outside the account reads or writes a queue. */
export const awsSqs = definePolicy({
  id: "POL-AWS-SQS",
  title: "SQS queues are not public",
  severity: "high",
  level: "mandatory",
  targets: ["aws"],
  controls: { fsbp: ["SQS.3"], pci: ["7.2.1"], soc2: ["CC6.6"] },
  requirements: ["WS-SEC-47"],
  remediation: "Name the accounts or services that may send and receive, or add a condition such as aws:SourceAccount.",
  check(check, resource) {
    if (resource.type.startsWith("aws:sqs/")) {
      for (const statement of policiesOf(resource).flatMap((policy) => statementsOf(check, policy))) {
        const part = publicPart(check, statement);
        if (part) {
          check.object(part, {
            found: "everyone, of every AWS account",
            expected: "named principals, or a condition on their account",
          });
        }
      }
    }
  },
});
