import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  type QueueAttributeName,
} from "@aws-sdk/client-sqs";

const host = "https://sqs.eu-central-1.amazonaws.com/123456789012";

/** A queue and its dead letters in the emulator, with the redrive policy of a deployment. */
export class TestQueue {
  readonly sqs: SQSClient;
  readonly name: string;
  readonly maxDeliveries = 3;

  constructor(endpoint: string, name: string) {
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    this.sqs = new SQSClient({ endpoint, region: "eu-central-1", credentials, useQueueUrlAsEndpoint: false });
    this.name = name;
  }

  /** As AWS writes it. */
  get url(): string {
    return `${host}/${this.name}`;
  }

  /** @param attributes of the queue @default the redrive policy */
  async create(attributes?: Record<string, string>): Promise<void> {
    const deadLetterTargetArn = `arn:aws:sqs:eu-central-1:123456789012:${this.name}-dead`;
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: this.maxDeliveries });
    await this.sqs.send(new CreateQueueCommand({ QueueName: `${this.name}-dead` }));
    await this.sqs.send(new CreateQueueCommand({ QueueName: this.name, Attributes: attributes ?? { RedrivePolicy } }));
  }

  async remove(): Promise<void> {
    await this.sqs.send(new DeleteQueueCommand({ QueueUrl: this.url }));
  }

  /** Sends what is no message. */
  async sendBody(body: string): Promise<void> {
    await this.sqs.send(new SendMessageCommand({ QueueUrl: this.url, MessageBody: body }));
  }

  /** Takes a message and does not finish it, as a worker that dies. @param visibility seconds */
  async take(visibility: number): Promise<number> {
    const command = new ReceiveMessageCommand({ QueueUrl: this.url, VisibilityTimeout: visibility });
    return (await this.sqs.send(command)).Messages?.length ?? 0;
  }

  /** Messages that a receiver has taken and not finished. */
  async inHand(): Promise<number> {
    return await this.#count(this.url, "ApproximateNumberOfMessagesNotVisible");
  }

  /** Messages that wait or are in hand. */
  async size(): Promise<number> {
    return (await this.#count(this.url, "ApproximateNumberOfMessages")) + (await this.inHand());
  }

  /** Messages that the redrive policy has set aside. */
  async dead(): Promise<number> {
    return await this.#count(`${this.url}-dead`, "ApproximateNumberOfMessages");
  }

  async #count(QueueUrl: string, name: QueueAttributeName): Promise<number> {
    const { Attributes } = await this.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [name] }));
    return Number(Attributes?.[name]);
  }
}
