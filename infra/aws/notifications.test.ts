import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";

import { find, record, type RecordedResource } from "../testing/record.ts";
import { topicArn, topicPolicy, Topics } from "./notifications.ts";
import { shopTarget } from "./testing/shop.ts";

const target = shopTarget();
target.aws = {
  ...target.aws,
  alertRecipients: { critical: ["pager@shop.example", "https://shop.example/hook"], warning: [] },
};
const keys = { arn: (purpose: string) => pulumi.output(`key-${purpose}`) };

describe("Topics", () => {
  let resources: RecordedResource[];
  before(async () => {
    resources = await record(() => new Topics("topics", { target, keys }, {}));
  });

  it("are one for each severity, encrypted with the operations key", () => {
    for (const severity of ["critical", "warning"]) {
      assert.deepEqual(find(resources, "aws:sns/topic:Topic", `topics-${severity}`).inputs, {
        name: `shop-test-${severity}`,
        displayName: `shop test: ${severity}`,
        kmsMasterKeyId: "key-operations",
        signatureVersion: 2,
        tags: { component: "alerts" },
      });
    }
  });

  it("tell the recipients of their severity, by mail or request", () => {
    const subscriptions = resources.filter(({ type }) => type === "aws:sns/topicSubscription:TopicSubscription");
    assert.deepEqual(
      subscriptions.map(({ inputs }) => inputs),
      [
        ["https", "https://shop.example/hook"],
        ["email", "pager@shop.example"],
      ].map(([protocol, endpoint]) => ({
        topic: "arn:aws:sns:eu-central-1:111122223333:shop-test-critical",
        protocol,
        endpoint,
      })),
    );
    assert(subscriptions.every(({ dependencies }) => dependencies.includes("topics-critical")));
  });

  it("take what services of AWS say for this account, over TLS alone", () => {
    const { inputs } = find(resources, "aws:sns/topicPolicy:TopicPolicy", "topics-critical-policy");
    assert.deepEqual(inputs, { arn: topicArn(target, "critical"), policy: topicPolicy(target, "critical") });
    assert.deepEqual(JSON.parse(topicPolicy(target, "warning")), {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "Publish",
          Effect: "Allow",
          Principal: { Service: ["cloudwatch.amazonaws.com", "events.amazonaws.com"] },
          Action: ["sns:Publish"],
          Resource: [topicArn(target, "warning")],
          Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } },
        },
        {
          Sid: "EncryptedOnly",
          Effect: "Deny",
          Principal: "*",
          Action: ["sns:Publish"],
          Resource: [topicArn(target, "warning")],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
  });
});
