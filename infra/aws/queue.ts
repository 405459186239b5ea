import * as pulumi from "@pulumi/pulumi";

import type { QueueStore } from "../spec/store.ts";
import { arn, dnsSuffixOf } from "./arns.ts";
import type { Keys } from "./keys.ts";
import { physicalName } from "./names.ts";
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
  keys: Keys;
}

/** A queue in SQS with its dead-letter queue. */
export class Queue extends pulumi.ComponentResource {
  constructor(name: string, args: QueueArgs, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:Queue", name, {}, opts);
    void args;
    this.registerOutputs({});
  }
}
