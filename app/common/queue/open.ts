import type { Logger } from "../logger.ts";
import { connectRedis } from "../redis.ts";
import type { QueueReceiver, QueueSender } from "./queue.ts";
import { RedisReceiver } from "./redis-receiver.ts";
import { RedisSender } from "./redis-sender.ts";
import { createSqsClient } from "./sqs-client.ts";
import { SqsReceiver } from "./sqs-receiver.ts";
import { SqsSender } from "./sqs-sender.ts";
import { sqsRegion } from "./sqs-url.ts";

export interface QueuePlace {
  /** An address of Redis, or of a queue in SQS. */
  url: string;
  /** The stream in Redis; in SQS the address says it. */
  name: string;
  logger: Logger;
}

export interface ReceiverPlace extends QueuePlace {
  /** The name of this receiver. */
  consumer: string;
  /** Milliseconds after which a message that was not finished is delivered again. */
  redelivery: number;
  /** Deliveries after which a message is set aside. In SQS the queue's redrive policy says it. */
  maxDeliveries: number;
  /** Milliseconds for which dead letters are kept. In SQS the dead-letter queue says it. */
  keepDead: number;
}

/** Opens a queue for sending. */
export function openSender({ url, name, logger }: QueuePlace): QueueSender {
  const region = sqsRegion(url);
  if (region !== undefined) return new SqsSender(createSqsClient(region), url);
  return new RedisSender(connectRedis({ url, name: "order-queue", logger }), name);
}

/** Opens a queue for receiving. */
export function openReceiver({ url, name, logger, ...options }: ReceiverPlace): QueueReceiver {
  const region = sqsRegion(url);
  if (region !== undefined) return new SqsReceiver(createSqsClient(region), url, options.redelivery);
  const redis = connectRedis({ url, name: "order-queue", logger });
  const reader = connectRedis({ url, name: "order-queue-reader", logger });
  return new RedisReceiver(redis, reader, { stream: name, ...options });
}
