import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type Message,
  type QueueAttributeName,
  type SQSClient,
} from "@aws-sdk/client-sqs";

import { batchSize, type Backlog, type Delivery, type QueueReceiver } from "./queue.ts";
import { longPoll } from "./sqs-client.ts";

/**
 * Receives from a queue in SQS. A message that is not finished comes again when its visibility ends; after its last
 * delivery SQS itself moves it to the dead-letter queue of the redrive policy, never this program.
 */
export class SqsReceiver implements QueueReceiver {
  readonly #sqs: SQSClient;
  readonly #url: string;
  /** Whole seconds, as SQS counts. */
  readonly #visibility: number;
  #maxDeliveries = Infinity;

  /** @param redelivery milliseconds after which a message that was not finished comes again */
  constructor(sqs: SQSClient, url: string, redelivery: number) {
    this.#sqs = sqs;
    this.#url = url;
    this.#visibility = Math.max(1, Math.ceil(redelivery / 1_000));
  }

  /** Makes sure that what can never be processed leaves the queue at some time. */
  async prepare(): Promise<void> {
    const { RedrivePolicy } = await this.#attributes("RedrivePolicy");
    const { maxReceiveCount } = JSON.parse(RedrivePolicy ?? "{}") as { maxReceiveCount?: number | string };
    if (maxReceiveCount === undefined) {
      throw new Error("The queue has no redrive policy; give it a dead-letter queue and a largest number of receives.");
    }
    this.#maxDeliveries = Number(maxReceiveCount);
  }

  /** A message that SQS hands over just as the signal aborts comes again when its visibility ends. */
  async receive(signal: AbortSignal): Promise<Delivery[]> {
    const command = new ReceiveMessageCommand({
      QueueUrl: this.#url,
      MaxNumberOfMessages: batchSize,
      WaitTimeSeconds: longPoll,
      VisibilityTimeout: this.#visibility,
      MessageAttributeNames: ["id", "correlationId"],
      MessageSystemAttributeNames: ["ApproximateReceiveCount"],
    });
    const answer = await this.#sqs.send(command, { abortSignal: signal }).catch((error: unknown) => {
      if (signal.aborted) return { Messages: [] };
      throw error;
    });
    return (answer.Messages ?? []).map(toDelivery);
  }

  async extend(deliveries: readonly Delivery[]): Promise<void> {
    if (deliveries.length === 0) return;
    const Entries = deliveries.map(({ handle }, index) => ({
      Id: String(index),
      ReceiptHandle: handle,
      VisibilityTimeout: this.#visibility,
    }));
    const { Failed } = await this.#sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.#url, Entries }));
    const [failed] = Failed ?? [];
    if (failed) throw new Error(`SQS keeps a message no longer for this receiver: ${failed.Code}.`);
  }

  async finish({ handle }: Delivery): Promise<void> {
    await this.#sqs.send(new DeleteMessageCommand({ QueueUrl: this.#url, ReceiptHandle: handle }));
  }

  async release({ handle }: Delivery): Promise<void> {
    const now = { QueueUrl: this.#url, ReceiptHandle: handle, VisibilityTimeout: 0 };
    await this.#sqs.send(new ChangeMessageVisibilityCommand(now));
  }

  async reject(delivery: Delivery): Promise<boolean> {
    await this.release(delivery);
    return delivery.deliveries >= this.#maxDeliveries;
  }

  async backlog(): Promise<Backlog> {
    const { ApproximateNumberOfMessages: waiting, ApproximateNumberOfMessagesNotVisible: pending } =
      await this.#attributes("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible");
    return { waiting: Number(waiting), pending: Number(pending) };
  }

  close(): void {
    this.#sqs.destroy();
  }

  async #attributes(...AttributeNames: QueueAttributeName[]): Promise<Record<string, string>> {
    const { Attributes } = await this.#sqs.send(new GetQueueAttributesCommand({ QueueUrl: this.#url, AttributeNames }));
    return Attributes ?? {};
  }
}

function toDelivery({ MessageId, ReceiptHandle, Body, Attributes, MessageAttributes = {} }: Message): Delivery {
  const attributes = Object.entries(MessageAttributes).map(([name, { StringValue = "" }]) => [name, StringValue]);
  return {
    entry: MessageId ?? "",
    handle: ReceiptHandle ?? "",
    fields: { ...(Object.fromEntries(attributes) as Record<string, string>), payload: Body ?? "" },
    deliveries: Number(Attributes?.ApproximateReceiveCount ?? 1),
    exhausted: false,
  };
}
