import type { TestResource } from "../testing/analyzer.ts";
import type { Examples } from "../testing/examples.ts";
import { deployment } from "../testing/fixtures.ts";

const queue = (properties: Record<string, unknown>, name = "orders"): TestResource => ({
  type: "aws:sqs/queue:Queue",
  name,
  properties: { name, kmsMasterKeyId: "alias/worldstore-prod-data", ...properties },
});

const redrivePolicy = JSON.stringify({
  deadLetterTargetArn: "arn:aws:sqs:eu-central-1:111122223333:orders-dead",
  maxReceiveCount: 5,
});

const dead = (messageRetentionSeconds: number) => queue({ messageRetentionSeconds }, "orders-dead");

const alarm: TestResource = {
  type: "aws:cloudwatch/metricAlarm:MetricAlarm",
  name: "orders-dead",
  properties: {
    namespace: "AWS/SQS",
    metricName: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: "orders-dead" },
  },
};

const worker = (days: string) =>
  deployment({
    env: [
      { name: "QUEUE_MAX_DELIVERIES", value: "5" },
      { name: "QUEUE_DEAD_LETTER_DAYS", value: days },
    ],
  });

export const examples: Examples = {
  good: [
    {
      title: "A queue whose dead letters are kept for 14 days, with an alarm",
      resources: [queue({ redrivePolicy }), dead(1_209_600), alarm],
    },
    { title: "A worker that keeps dead letters for 14 days", resources: [worker("14")] },
  ],
  bad: [
    {
      title: "A queue that nothing says is encrypted",
      resources: [
        {
          type: "aws:sqs/queue:Queue",
          name: "orders",
          properties: { name: "orders", redrivePolicy },
          protect: true,
        },
        dead(1_209_600),
        alarm,
      ],
      property: "kmsMasterKeyId",
    },
    { title: "A queue without dead letters", resources: [queue({})], property: "redrivePolicy" },
    {
      title: "Dead letters that vanish after four days",
      resources: [queue({ redrivePolicy }), dead(345_600), alarm],
      property: "messageRetentionSeconds",
    },
    {
      title: "Dead letters that nobody hears of",
      resources: [queue({ redrivePolicy }), dead(1_209_600)],
      property: "the resource itself",
    },
    {
      title: "A worker that keeps dead letters for a day",
      resources: [worker("1")],
      property: "spec.template.spec.containers[0].env[1].value",
    },
  ],
};
