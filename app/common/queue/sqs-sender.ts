import { GetQueueAttributesCommand, SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";

import type { QueueMessage, QueueSender } from "./queue.ts";

/** Sends to a queue in SQS: the payload is the body, id and correlation id are attributes. */
export class SqsSender implements QueueSender {
  readonly #sqs: SQSClient;
  readonly #url: string;

  constructor(sqs: SQSClient, url: string) {
    this.#sqs = sqs;
    this.#url = url;
  }

  async send({ id, correlationId, payload }: QueueMessage): Promise<void> {
    const MessageAttributes = {
      id: { DataType: "String", StringValue: id },
      correlationId: { DataType: "String", StringValue: correlationId },
    };
    await this.#sqs.send(new SendMessageCommand({ QueueUrl: this.#url, MessageBody: payload, MessageAttributes }));
  }

  async check(): Promise<void> {
    await this.#sqs.send(new GetQueueAttributesCommand({ QueueUrl: this.#url, AttributeNames: ["QueueArn"] }));
  }

  close(): void {
    this.#sqs.destroy();
  }
}
