import assert from "node:assert/strict";

import { find, record, type RecordedResource } from "../testing/record.ts";
import type { QueueStore } from "../spec/store.ts";
import { Queue, queueArn, queueName, queueUrl } from "./queue.ts";
import { account, shopTarget } from "./testing/shop.ts";
import { surroundings } from "./testing/surroundings.ts";

const target = shopTarget();
const specification = target.system.stores["orders"] as QueueStore;

describe("A queue", () => {
  let resources: RecordedResource[];
  before(async () => {
    const args = { target, store: "orders", specification, ...surroundings };
    resources = await record(() => new Queue("shop-orders", args, {}));
  });

  it("is known by name, ARN and address before it exists", () => {
    assert.equal(queueName(target, "orders"), "shop-test-orders-messages");
    assert.equal(queueArn(target, "orders"), `arn:aws:sqs:eu-central-1:${account}:shop-test-orders-messages`);
    assert.equal(
      queueUrl(target, "orders", "deadletters"),
      `https://sqs.eu-central-1.amazonaws.com/${account}/shop-test-orders-deadletters`,
    );
  });

  it("hands on what was delivered too often, encrypted, for as long as specified", () => {
    const messages = find(resources, "aws:sqs/queue:Queue", "shop-orders-messages");
    const { policy, ...inputs } = messages.inputs;
    assert.deepEqual(inputs, {
      name: "shop-test-orders-messages",
      kmsMasterKeyId: "key-data",
      messageRetentionSeconds: 345_600,
      visibilityTimeoutSeconds: 60,
      receiveWaitTimeSeconds: 20,
      redrivePolicy: JSON.stringify({
        deadLetterTargetArn: queueArn(target, "orders", "deadletters"),
        maxReceiveCount: 5,
      }),
      tags: { component: "orders" },
    });
    assert.equal(messages.protect, true);
    assert.deepEqual(messages.dependencies, ["shop-orders-dead-letters"]);
    const { Statement } = JSON.parse(policy as string) as { Statement: { Sid: string; Effect: string }[] };
    assert.deepEqual(
      Statement.map(({ Sid, Effect }) => [Sid, Effect]),
      [
        ["OtherAccounts", "Deny"],
        ["WithoutTls", "Deny"],
      ],
    );
  });

  it("has a dead-letter queue for itself alone", () => {
    const { inputs, protect } = find(resources, "aws:sqs/queue:Queue", "shop-orders-dead-letters");
    assert.equal(inputs["messageRetentionSeconds"], 1_209_600);
    assert.equal(inputs["kmsMasterKeyId"], "key-data");
    assert.deepEqual(JSON.parse(inputs["redriveAllowPolicy"] as string), {
      redrivePermission: "byQueue",
      sourceQueueArns: [queueArn(target, "orders")],
    });
    assert.equal(protect, true);
  });

  it("can be replaced only if the stack says so", async () => {
    const free = shopTarget();
    free.settings.unprotected = ["orders"];
    const args = { target: free, store: "orders", specification, ...surroundings };
    for (const { protect, type } of await record(() => new Queue("q", args, {}))) {
      if (type.startsWith("aws:")) assert.equal(protect, false);
    }
  });
});
