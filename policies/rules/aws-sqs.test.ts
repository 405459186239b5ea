import assert from "node:assert/strict";
import { UNKNOWN } from "../testing/analyzer.ts";
import { policyText } from "../testing/iam.ts";
import { verdict } from "../testing/pack.ts";
import { firstReport } from "../testing/report.ts";

const EVERYONE = { Effect: "Allow", Principal: "*", Action: "sqs:SendMessage" };
const of = (policy: unknown, type = "aws:sqs/queuePolicy:QueuePolicy") =>
  verdict("aws-sqs", { type, properties: { policy } });

describe("POL-AWS-SQS (WS-SEC-47)", () => {
  it("accepts named principals, conditions on the account, denials and no policy", async () => {
    const Condition = { StringEquals: { "aws:SourceAccount": "111122223333" } };
    assert.deepEqual(await of(policyText({ ...EVERYONE, Principal: { AWS: "arn:aws:iam::111122223333:root" } })), []);
    assert.deepEqual(await of(policyText({ ...EVERYONE, Condition })), []);
    assert.deepEqual(await of(policyText({ ...EVERYONE, Effect: "Deny" })), []);
    assert.deepEqual(await of(undefined), []);
  });

  it("says what is wrong and what to do", async () => {
    const properties = { policy: policyText(EVERYONE) };
    assert.deepEqual(
      await firstReport("aws-sqs", { type: "aws:sqs/queuePolicy:QueuePolicy", name: "orders", properties }),
      [
        "mandatory",
        "POL-AWS-SQS: SQS queues are not public",
        "  resource: orders (aws:sqs/queuePolicy:QueuePolicy)",
        "  property: policy.Statement[0].Principal",
        "  found:    everyone, of every AWS account",
        "  expected: named principals, or a condition on their account",
        "  fix:      Name the accounts or services that may send and receive, or add a condition such as aws:SourceAccount.",
        "  required: WS-SEC-47; AWS FSBP SQS.3; PCI DSS 7.2.1; SOC 2 CC6.6",
      ],
    );
  });

  it("rejects everyone in the queue's own policy, whatever stands beside it", async () => {
    const named = { ...EVERYONE, Principal: { Service: "events.amazonaws.com" } };
    assert.deepEqual(await of(policyText(named, { ...EVERYONE, Principal: { AWS: ["*"] } }), "aws:sqs/queue:Queue"), [
      "mandatory policy.Statement[1].Principal.AWS[0]: everyone, of every AWS account",
    ]);
    assert.deepEqual(await of(policyText(EVERYONE), "aws:ecr/repositoryPolicy:RepositoryPolicy"), []);
  });

  it("reports texts that are no policy, and waits for unknown ones", async () => {
    assert.deepEqual(await of("{"), ["mandatory policy: text that cannot be read"]);
    assert.deepEqual(await of(UNKNOWN), ["advisory not evaluated: policy"]);
  });
});
