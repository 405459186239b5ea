import { Topic } from "@pulumi/aws/sns/topic.js";
import { TopicPolicy } from "@pulumi/aws/sns/topicPolicy.js";
import { TopicSubscription } from "@pulumi/aws/sns/topicSubscription.js";
import * as pulumi from "@pulumi/pulumi";

import type { Alert } from "../spec/alert.ts";
import { arn } from "./arns.ts";
import type { Keys } from "./keys.ts";
import { physicalName } from "./names.ts";
import { policyDocument } from "./policy-document.ts";
import { componentTags } from "./tags.ts";
import type { Target } from "./target.ts";

/** How urgent it is; each has a topic of its own. */
export type Severity = Alert["severity"];
export const severities = ["critical", "warning"] as const satisfies readonly Severity[];

/** Services of AWS that tell what has happened. */
const publishers = ["cloudwatch.amazonaws.com", "events.amazonaws.com"];

/** The ARN of the topic of a severity. */
export function topicArn(target: Target, severity: Severity): string {
  return arn(target.aws, "sns", physicalName(target, "topic", severity));
}

/** Who may publish: services of AWS for this account, and nobody without TLS. Roles of the account have policies of their own. */
export function topicPolicy(target: Target, severity: Severity): string {
  const resources = [topicArn(target, severity)];
  return policyDocument(
    {
      sid: "Publish",
      principal: { services: publishers },
      actions: ["sns:Publish"],
      resources,
      conditions: { StringEquals: { "aws:SourceAccount": target.aws.accountId } },
    },
    {
      sid: "EncryptedOnly",
      effect: "Deny",
      principal: "everyone",
      actions: ["sns:Publish"],
      resources,
      conditions: { Bool: { "aws:SecureTransport": "false" } },
    },
  );
}

/** Where alerts go, by severity (WS-SEC-32). Recipients of e-mail confirm the address once. */
export class Topics extends pulumi.ComponentResource {
  constructor(name: string, args: { target: Target; keys: Pick<Keys, "arn"> }, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:Topics", name, {}, opts);
    const { target, keys } = args;
    for (const severity of severities) {
      const topic = new Topic(
        `${name}-${severity}`,
        {
          name: physicalName(target, "topic", severity),
          displayName: `${target.system.name} ${target.settings.environment}: ${severity}`,
          kmsMasterKeyId: keys.arn("operations"),
          signatureVersion: 2,
          tags: componentTags("alerts"),
        },
        { parent: this },
      );
      const child = { parent: this, dependsOn: [topic] };
      new TopicPolicy(
        `${name}-${severity}-policy`,
        { arn: topicArn(target, severity), policy: topicPolicy(target, severity) },
        child,
      );
      for (const endpoint of target.aws.alertRecipients[severity]) {
        new TopicSubscription(
          `${name}-${severity}-${endpoint}`,
          {
            topic: topicArn(target, severity),
            protocol: endpoint.startsWith("https://") ? "https" : "email",
            endpoint,
          },
          child,
        );
      }
    }
    this.registerOutputs({});
  }
}
