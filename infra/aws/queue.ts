import { Queue as SqsQueue } from "@pulumi/aws/sqs/queue.js";
import * as pulumi from "@pulumi/pulumi";

import { isProtected } from "../settings.ts";
import type { QueueStore } from "../spec/store.ts";
import { toSeconds } from "../spec/units.ts";
import { arn, dnsSuffixOf } from "./arns.ts";
import type { Keys } from "./keys.ts";
import { physicalName } from "./names.ts";
import { policyDocument } from "./policy-document.ts";
import { componentTags } from "./tags.ts";
import type { Target } from "./target.ts";

/** The queue itself, or where messages go that nobody could process. */
type QueueKind = "messages" | "deadletters";

/** The name of a queue. */
export function queueName(target: Target, store: string, kind: QueueKind = "messages"): string {
  return physicalName(target, "queue", store, kind);
}

/** The ARN of a queue. */
export function queueArn(target: Target, store: string, kind: QueueKind = "messages"): string {
  return arn(target.aws, "sqs", queueName(target, store, kind));
}

/** The address of a queue. */
export function queueUrl(target: Target, store: string, kind: QueueKind = "messages"): string {
  const { region, accountId } = target.aws;
  return `https://sqs.${region}.${dnsSuffixOf(region)}/${accountId}/${queueName(target, store, kind)}`;
}

/** What a queue needs. */
export interface QueueArgs {
  target: Target;
  /** The store's name in the specification. */
  store: string;
  specification: QueueStore;
  keys: Pick<Keys, "arn">;
}

/**
 * Seconds for which a received message is hidden from other receivers: the time to work on it, after which it is
 * delivered again. No requirement states it.
 */
const visibilityTimeout = 60;

/** Seconds that a receiver waits for a message, the longest that SQS allows: fewer empty answers. */
const longPoll = 20;

/** A queue in SQS with its dead-letter queue (POL-QUEUE-DLQ). */
export class Queue extends pulumi.ComponentResource {
  constructor(name: string, args: QueueArgs, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:Queue", name, {}, opts);
    const { target, store, specification, keys } = args;
    const common = (kind: QueueKind) => ({
      name: queueName(target, store, kind),
      kmsMasterKeyId: keys.arn("data"),
      policy: queuePolicy(target, queueArn(target, store, kind)),
      tags: componentTags(store),
    });
    const own = { parent: this, protect: isProtected(target.settings, store) };
    const deadLetters = new SqsQueue(
      `${name}-dead-letters`,
      {
        ...common("deadletters"),
        messageRetentionSeconds: toSeconds(specification.deadLetterRetention),
        redriveAllowPolicy: JSON.stringify({
          redrivePermission: "byQueue",
          sourceQueueArns: [queueArn(target, store)],
        }),
      },
      own,
    );
    new SqsQueue(
      `${name}-messages`,
      {
        ...common("messages"),
        messageRetentionSeconds: toSeconds(specification.retention),
        visibilityTimeoutSeconds: visibilityTimeout,
        receiveWaitTimeSeconds: longPoll,
        redrivePolicy: JSON.stringify({
          deadLetterTargetArn: queueArn(target, store, "deadletters"),
          maxReceiveCount: specification.maxDeliveries,
        }),
      },
      { ...own, dependsOn: [deadLetters] },
    );
    this.registerOutputs({});
  }
}

/** Whom a queue keeps out; whom it admits stands in the roles of those who use it. */
function queuePolicy({ aws }: Target, queue: string): string {
  const all = { effect: "Deny", principal: "everyone", actions: ["sqs:*"], resources: [queue] } as const;
  return policyDocument(
    {
      ...all,
      sid: "OtherAccounts",
      conditions: { StringNotEquals: { "aws:PrincipalAccount": aws.accountId } },
    },
    { ...all, sid: "WithoutTls", conditions: { Bool: { "aws:SecureTransport": "false" } } },
  );
}
