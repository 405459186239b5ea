import assert from "node:assert/strict";
import { ResourceDraft } from "../frame/draft.ts";
import { UNKNOWN, urnOf, type TestResource } from "../testing/analyzer.ts";
import { deployment, ecsContainer, taskDefinition, workload } from "../testing/fixtures.ts";
import { stackVerdict, verdict } from "../testing/pack.ts";
import { firstReport } from "../testing/report.ts";
import { queueDlq } from "./queue-dlq.ts";

const POLICY = "queue-dlq";
const ARN = "arn:aws:sqs:eu-central-1:111122223333:";

const queue = (properties: Record<string, unknown>, name = "orders"): TestResource => ({
  type: "aws:sqs/queue:Queue",
  name,
  properties: { name, kmsMasterKeyId: "key", ...properties },
});
const redrive = (target = "dead", maxReceiveCount: unknown = 5) =>
  JSON.stringify({ deadLetterTargetArn: `${ARN}${target}`, maxReceiveCount });
const orders = queue({ redrivePolicy: redrive() });
const dead = queue({ messageRetentionSeconds: 1_209_600 }, "dead");
const alarmOf = (changes: Record<string, unknown>): TestResource => ({
  type: "aws:cloudwatch/metricAlarm:MetricAlarm",
  properties: { metricName: "ApproximateNumberOfMessagesVisible", dimensions: { QueueName: "dead" }, ...changes },
});
const alarm = alarmOf({});
const worker = (...env: Record<string, unknown>[]) => verdict(POLICY, deployment({ env }));
const variable = (name: string, value: unknown) => ({ name, value });
const DAYS = "QUEUE_DEAD_LETTER_DAYS";
const TRIES = "QUEUE_MAX_DELIVERIES";
const ENV = "spec.template.spec.containers[0].env";

describe("POL-QUEUE-DLQ (EB-SEC-08)", () => {
  it("accepts a queue with dead letters that are kept and told of", async () => {
    assert.deepEqual(await stackVerdict(POLICY, [orders, dead, alarm]), []);
    const managed = queue({ kmsMasterKeyId: undefined, sqsManagedSseEnabled: true, redrivePolicy: redrive() });
    assert.deepEqual(await stackVerdict(POLICY, [managed, dead, alarm]), []);
    const standing = queue({ redriveAllowPolicy: JSON.stringify({ redrivePermission: "byQueue" }) });
    assert.deepEqual(await stackVerdict(POLICY, [standing]), []);
  });

  it("says what is wrong and what to do", async () => {
    assert.deepEqual(await firstReport(POLICY, queue({})), [
      "mandatory",
      "POL-QUEUE-DLQ: Queues encrypted with dead-letter redrive",
      "  resource: orders (aws:sqs/queue:Queue)",
      "  property: redrivePolicy",
      "  found:    nothing",
      "  expected: a deadLetterTargetArn and a maxReceiveCount",
      "  fix:      Give the queue a key, a redrive policy to a queue that keeps messages for 14 days, and an alarm on that one.",
      "  required: EB-SEC-08; AWS FSBP SQS.1; SOC 2 A1.1, CC7.2",
    ]);
  });

  it("rejects queues that nothing says are encrypted", async () => {
    const plain = (properties: Record<string, unknown>) =>
      verdict(POLICY, queue({ kmsMasterKeyId: undefined, ...properties }));
    assert.deepEqual(await plain({}), ["mandatory kmsMasterKeyId: nothing"]);
    assert.deepEqual(await plain({ sqsManagedSseEnabled: false }), ["mandatory kmsMasterKeyId: nothing"]);
    assert.deepEqual(await plain({ kmsMasterKeyId: "" }), ['mandatory kmsMasterKeyId: ""']);
    assert.deepEqual(await plain({ kmsMasterKeyId: UNKNOWN }), ["advisory not evaluated: kmsMasterKeyId"]);
  });

  it("rejects redrive policies that lead nowhere or never", async () => {
    for (const redrivePolicy of [
      "{",
      "{}",
      redrive("dead", 0),
      JSON.stringify({ maxReceiveCount: 5 }),
      redrive("dead", "x"),
    ]) {
      const [line, ...others] = await stackVerdict(POLICY, [queue({ redrivePolicy })]);
      assert.match(line ?? "", /^mandatory redrivePolicy: /);
      assert.deepEqual(others, []);
    }
    const denied = queue({ redriveAllowPolicy: JSON.stringify({ redrivePermission: "denyAll" }) });
    assert.deepEqual(await stackVerdict(POLICY, [denied]), ["mandatory redrivePolicy: nothing"]);
    assert.deepEqual(await stackVerdict(POLICY, [queue({ redrivePolicy: UNKNOWN })]), [
      "advisory not evaluated: redrivePolicy",
    ]);
  });

  it("reads policies that are resources of their own", async () => {
    const own: TestResource = {
      type: "aws:sqs/redrivePolicy:RedrivePolicy",
      properties: { queueUrl: UNKNOWN, redrivePolicy: UNKNOWN },
      propertyDependencies: { queueUrl: [urnOf(orders)], redrivePolicy: [urnOf(dead)] },
    };
    assert.deepEqual(await stackVerdict(POLICY, [queue({}), own, dead, alarm]), [
      "advisory not evaluated: redrivePolicy",
    ]);
    const short = queue({}, "dead");
    assert.deepEqual(await stackVerdict(POLICY, [queue({ redrivePolicy: redrive("x") }), own, short, alarm]), [
      "advisory not evaluated: redrivePolicy",
      "mandatory messageRetentionSeconds: nothing",
    ]);
  });

  it("rejects dead letters that are lost too soon; nothing said is four days", async () => {
    const kept = (messageRetentionSeconds: unknown, retentionDays = 14) =>
      stackVerdict(POLICY, [orders, queue({ messageRetentionSeconds }, "dead"), alarm], {
        [POLICY]: { parameters: { retentionDays } },
      });
    assert.deepEqual(await kept(1_209_599), ["mandatory messageRetentionSeconds: 1209599"]);
    assert.deepEqual(await kept(undefined), ["mandatory messageRetentionSeconds: nothing"]);
    assert.deepEqual(await kept(undefined, 4), []);
    assert.deepEqual(await kept(UNKNOWN), ["advisory not evaluated: messageRetentionSeconds"]);
  });

  it("rejects dead letters without an alarm on their number", async () => {
    const missing = ["mandatory the resource itself: no alarm on the number of dead letters"];
    assert.deepEqual(await stackVerdict(POLICY, [orders, dead]), missing);
    const others = [alarmOf({ metricName: "NumberOfMessagesSent" }), alarmOf({ dimensions: { QueueName: "orders" } })];
    assert.deepEqual(await stackVerdict(POLICY, [orders, dead, ...others]), missing);
  });

  it("reads the worker of a queue in Redis on both targets", async () => {
    assert.deepEqual(await worker(variable(DAYS, "14"), variable(TRIES, "1")), []);
    assert.deepEqual(await worker(variable("QUEUE_NAME", "orders")), []);
    assert.deepEqual(await worker(variable(DAYS, "13"), variable(TRIES, "0")), [
      `mandatory ${ENV}[0].value: 13`,
      `mandatory ${ENV}[1].value: 0`,
    ]);
    assert.deepEqual(await worker(variable(TRIES, "5")), [`mandatory ${ENV}: no ${DAYS}`]);
    assert.deepEqual(await worker(variable(DAYS, "14")), [`mandatory ${ENV}: no ${TRIES}`]);
    assert.deepEqual(await worker(variable(DAYS, UNKNOWN), variable(TRIES, "5")), [
      `advisory not evaluated: ${ENV}[0].value`,
    ]);
    const task = taskDefinition([ecsContainer({ environment: [variable(DAYS, "3"), variable(TRIES, "5")] })]);
    assert.deepEqual(await verdict(POLICY, task), ["mandatory containerDefinitions[0].environment[0].value: 3"]);
  });

  it("asks for a queue in systems that need one", async () => {
    const of = (system: string, env: unknown[] = []) => {
      const resource = env.length > 0 ? deployment({ env }) : workload();
      const metadata = { labels: { "app.kubernetes.io/part-of": system } };
      return { ...resource, properties: { ...resource.properties, metadata } };
    };
    assert.deepEqual(await stackVerdict(POLICY, [of("ecommerce-bot")]), [
      "mandatory the resource itself: the system ecommerce-bot without a queue of dead letters",
    ]);
    assert.deepEqual(await stackVerdict(POLICY, [of("retail-brain")]), []);
    assert.deepEqual(await stackVerdict(POLICY, [of("ecommerce-bot"), orders, dead, alarm]), []);
    const env = [variable(DAYS, "14"), variable(TRIES, "5")];
    assert.deepEqual(await stackVerdict(POLICY, [of("ecommerce-bot"), of("ecommerce-bot", env)]), []);
    const parameters = { requiredIn: ["retail-brain"] };
    assert.deepEqual(await stackVerdict(POLICY, [of("retail-brain")], { [POLICY]: { parameters } }), [
      "mandatory the resource itself: the system retail-brain without a queue of dead letters",
    ]);
  });

  it("remediates a queue without a key", () => {
    const remediated = (type: string, properties: Record<string, unknown>) => {
      const draft = new ResourceDraft({ type, name: "n" }, properties);
      queueDlq.remediate?.(draft, {});
      return draft.properties;
    };
    assert.deepEqual(remediated("aws:sqs/queue:Queue", {}), { sqsManagedSseEnabled: true });
    assert.deepEqual(remediated("aws:sqs/queue:Queue", { kmsMasterKeyId: "k" }), { kmsMasterKeyId: "k" });
    assert.deepEqual(remediated("aws:sns/topic:Topic", {}), {});
  });
});
