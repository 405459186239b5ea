import type { Check } from "../frame/check.ts";
import { Field, isRecord, textOf } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { taskOf } from "../workloads/ecs.ts";
import { containersOf, podOf } from "../workloads/kubernetes.ts";
import { refersTo } from "../workloads/links.ts";
import { systemOf } from "../workloads/system.ts";

interface Parameters {
  retentionDays: number;
  requiredIn: string[];
}

const QUEUE = "aws:sqs/queue:Queue";
const REDRIVE = "aws:sqs/redrivePolicy:RedrivePolicy";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

/** Seconds for which SQS keeps a message when nothing says so: four days. */
const DEFAULT_RETENTION = 345_600;

/** What the worker of a queue outside SQS is told: how often to try a message, and how long to keep the rest. */
const TRIES = "QUEUE_MAX_DELIVERIES";
const KEPT_DAYS = "QUEUE_DEAD_LETTER_DAYS";

/** A message that nobody can process is set aside, kept and told of, and nobody reads it on the way. */
export const queueDlq = definePolicy<Parameters>({
  id: "POL-QUEUE-DLQ",
  title: "Queues encrypted with dead-letter redrive",
  severity: "medium",
  level: "mandatory",
  targets: ["aws", "kubernetes"],
  controls: { fsbp: ["SQS.1"], soc2: ["A1.1", "CC7.2"] },
  requirements: ["EB-SEC-08"],
  remediation:
    "Give the queue a key, a redrive policy to a queue that keeps messages for 14 days, and an alarm on that one.",
  parameters: {
    retentionDays: {
      type: "integer",
      minimum: 1,
      maximum: 14,
      description: "Fewest days for which dead letters are kept.",
      default: 14,
    },
    requiredIn: {
      type: "array",
      items: { type: "string" },
      description: "Systems that must have a queue with dead letters.",
      default: ["ecommerce-bot"],
    },
  },
  check(check, resource, { retentionDays }) {
    if (resource.type === QUEUE) {
      const key = resource.properties.get("kmsMasterKeyId");
      const managed = resource.properties.get("sqsManagedSseEnabled");
      check.expect(key, (value) => textOf(value) !== "" || managed.value === true, {
        expected: "a KMS key, or sqsManagedSseEnabled: true",
      });
    }
    const pod = podOf(resource);
    const containers = pod
      ? containersOf(check, pod, ["containers"]).map(({ field }) => ({ field, variables: field.get("env") }))
      : (taskOf(resource)?.containers(check) ?? []).map((field) => ({ field, variables: field.get("environment") }));
    containers.forEach(({ field, variables }) => checkWorker(check, field, variables, retentionDays));
  },
  checkStack(stack, { retentionDays, requiredIn }) {
    const queues = stack.index.ofType(QUEUE);
    const redrives = [...queues, ...stack.index.ofType(REDRIVE)];
    for (const queue of queues) {
      if (redrives.some((one) => one !== queue && leadsTo(one, queue))) {
        checkDeadLetters(stack, queue, retentionDays);
      } else {
        checkRedrive(stack, queue);
      }
    }
    if (queues.length === 0) {
      expectQueue(stack, requiredIn);
    }
  },
  remediate(draft) {
    if (draft.type === QUEUE && draft.get("kmsMasterKeyId").absent) {
      draft.get("sqsManagedSseEnabled").set(true);
    }
  },
});

/** Whether a redrive policy puts dead letters into a queue. */
function leadsTo(from: StackResource, queue: StackResource): boolean {
  const policy = from.properties.get("redrivePolicy");
  const target = policy.unknown ? policy : new Field(policy.path, targetOf(policy.value));
  return refersTo(from, target, queue, ["arn", "name"]);
}

function targetOf(policy: unknown): unknown {
  return parse(policy)?.["deadLetterTargetArn"];
}

function checkRedrive(stack: Stack, queue: StackResource): void {
  const check = stack.check(queue);
  const elsewhere = stack.index
    .ofType(REDRIVE)
    .find((one) => refersTo(one, one.properties.get("queueUrl"), queue, ["url", "id"]));
  const policy = (elsewhere ?? queue).properties.get("redrivePolicy");
  const allows = parse(queue.properties.get("redriveAllowPolicy").value)?.["redrivePermission"];
  if (allows === "byQueue" || allows === "allowAll") {
    return;
  }
  check.expect(policy, (value) => Number(parse(value)?.["maxReceiveCount"]) >= 1 && textOf(targetOf(value)) !== "", {
    expected: "a deadLetterTargetArn and a maxReceiveCount",
  });
}

function checkDeadLetters(stack: Stack, queue: StackResource, retentionDays: number): void {
  const check = stack.check(queue);
  const retention = queue.properties.get("messageRetentionSeconds");
  check.expect(retention, (value) => Number(value ?? DEFAULT_RETENTION) >= retentionDays * 86_400, {
    expected: `at least ${retentionDays * 86_400} seconds (${retentionDays} days)`,
  });
  const alarmed = stack.index.ofType(ALARM).some((alarm) => {
    const name = alarm.properties.get("dimensions", "QueueName");
    const visible = alarm.properties.get("metricName").value === "ApproximateNumberOfMessagesVisible";
    return visible && refersTo(alarm, name, queue, ["name"]);
  });
  if (!alarmed) {
    check.object(queue.properties, {
      found: "no alarm on the number of dead letters",
      expected: "an alarm on ApproximateNumberOfMessagesVisible of this queue",
    });
  }
}

/** The worker of a queue in Redis sets messages aside itself. */
function checkWorker(check: Check, container: Field, list: Field, retentionDays: number): void {
  const variables = check.items(list);
  const named = (name: string) => variables.find((variable) => variable.get("name").value === name)?.get("value");
  const [tries, days] = [named(TRIES), named(KEPT_DAYS)];
  if (tries === undefined && days === undefined) {
    return;
  }
  check.expect(days ?? container.get(list.path.split(".").at(-1) ?? ""), () => Number(days?.value) >= retentionDays, {
    found: days === undefined ? `no ${KEPT_DAYS}` : textOf(days.value),
    expected: `${KEPT_DAYS} of at least ${retentionDays}`,
  });
  check.expect(tries ?? container.get(list.path.split(".").at(-1) ?? ""), () => Number(tries?.value) >= 1, {
    found: tries === undefined ? `no ${TRIES}` : textOf(tries.value),
    expected: `${TRIES} of at least 1`,
  });
}

/** A system that must have a queue has it in SQS, or has a worker that sets messages aside. */
function expectQueue(stack: Stack, requiredIn: readonly string[]): void {
  const workloads = stack.resources.filter((resource) => {
    return (podOf(resource) ?? taskOf(resource)) !== undefined && requiredIn.includes(systemOf(resource) ?? "");
  });
  const [first] = workloads;
  const worker = workloads.some(({ properties }) => JSON.stringify(properties.value).includes(KEPT_DAYS));
  if (first !== undefined && !worker) {
    stack.check(first).object(first.properties, {
      found: `the system ${systemOf(first) ?? ""} without a queue of dead letters`,
      expected: "a queue with a redrive policy",
    });
  }
}

function parse(policy: unknown): Record<string, unknown> | undefined {
  try {
    const value: unknown = typeof policy === "string" ? JSON.parse(policy) : policy;
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
