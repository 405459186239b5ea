import { arnAt, step, text, without, type Creations, type Inputs } from "./creation.ts";

/** Inputs whose attribute has another name. */
const attributeNames: Record<string, string> = {
  maxMessageSize: "MaximumMessageSize",
  messageRetentionSeconds: "MessageRetentionPeriod",
  receiveWaitTimeSeconds: "ReceiveMessageWaitTimeSeconds",
  visibilityTimeoutSeconds: "VisibilityTimeout",
};

/** Attributes as SQS and SNS take them: texts by names that start with a capital. */
function attributes(inputs: Inputs, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    Object.keys(inputs)
      .filter((name) => !names.includes(name))
      .map((name) => [name, `Attributes.${attributeNames[name] ?? name.charAt(0).toUpperCase() + name.slice(1)}`]),
  );
}

/** Queues, topics, events and schedules. */
export const messages: Creations = {
  "aws:sqs/queue:Queue": {
    create: (inputs) =>
      step("sqs", "CreateQueue", inputs, { renames: { ...attributes(inputs, ["tags"]), name: "QueueName" } }),
    outputs: ({ name }, answer, place) => {
      const url = text(
        answer,
        ["QueueUrl"],
        `https://sqs.${place.region}.amazonaws.com/${place.accountId}/${String(name)}`,
      );
      return { id: url, url, arn: arnAt(place, "sqs", String(name)) };
    },
    read: (_inputs, answer) =>
      step("sqs", "GetQueueAttributes", { queueUrl: answer["QueueUrl"], attributeNames: ["All"] }),
  },
  "aws:sns/topic:Topic": {
    create: (inputs) => step("sns", "CreateTopic", inputs, { renames: attributes(inputs, ["name", "tags"]) }),
    outputs: ({ name }, _answer, place) => {
      const arn = arnAt(place, "sns", String(name));
      return { id: arn, arn };
    },
  },
  "aws:sns/topicPolicy:TopicPolicy": {
    create: ({ arn, policy }) =>
      step("sns", "SetTopicAttributes", { topicArn: arn, attributeName: "Policy", attributeValue: policy }),
  },
  "aws:sns/topicSubscription:TopicSubscription": {
    create: (inputs) =>
      step(
        "sns",
        "Subscribe",
        { ...inputs, returnSubscriptionArn: true },
        {
          renames: {
            ...attributes(inputs, ["protocol", "endpoint"]),
            topic: "TopicArn",
            endpointAutoConfirms: undefined,
            confirmationTimeoutInMinutes: undefined,
          },
        },
      ),
    outputs: ({ topic }, answer) => {
      const arn = text(answer, ["SubscriptionArn"], `${String(topic)}:12345678-1234-1234-1234-123456789012`);
      return { id: arn, arn };
    },
  },
  "aws:cloudwatch/eventRule:EventRule": {
    create: (inputs) => step("events", "PutRule", without(inputs, "forceDestroy")),
    outputs: ({ name }, _answer, place) => ({ id: name, arn: arnAt(place, "events", `rule/${String(name)}`) }),
  },
  "aws:cloudwatch/eventTarget:EventTarget": {
    create: ({ rule, eventBusName, targetId, forceDestroy: _, ...target }) =>
      step(
        "events",
        "PutTargets",
        { rule, eventBusName, targets: [{ id: targetId, ...target }] },
        {
          renames: {
            "targets.ecsTarget": "EcsParameters",
            "targets.ecsTarget.networkConfiguration.subnets": "awsvpcConfiguration.Subnets",
            "targets.ecsTarget.networkConfiguration.securityGroups": "awsvpcConfiguration.SecurityGroups",
            "targets.ecsTarget.networkConfiguration.assignPublicIp": "awsvpcConfiguration.AssignPublicIp",
            "targets.inputTransformer.inputPaths": "InputPathsMap",
          },
        },
      ),
    outputs: ({ rule, targetId }) => ({ id: `${String(rule)}-${String(targetId)}` }),
  },
  "aws:scheduler/schedule:Schedule": {
    create: (inputs) =>
      step("scheduler", "CreateSchedule", inputs, {
        renames: {
          "target.ecsParameters.networkConfiguration.subnets": "awsvpcConfiguration.Subnets",
          "target.ecsParameters.networkConfiguration.securityGroups": "awsvpcConfiguration.SecurityGroups",
          "target.ecsParameters.networkConfiguration.assignPublicIp": "awsvpcConfiguration.AssignPublicIp",
        },
      }),
    outputs: ({ name, groupName }, _answer, place) => {
      const path = `${String(groupName ?? "default")}/${String(name)}`;
      return { id: path, arn: arnAt(place, "scheduler", `schedule/${path}`) };
    },
    read: ({ name, groupName }) => step("scheduler", "GetSchedule", { name, groupName }),
  },
};
