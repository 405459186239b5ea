import type { Check, Resource } from "../frame/check.ts";
import { textOf } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { StackResource } from "../frame/stack.ts";
import { isDevelopment } from "../workloads/environment.ts";
import { podOf } from "../workloads/kubernetes.ts";
import { longestPause } from "../workloads/schedules.ts";
import { systemOf } from "../workloads/system.ts";

/** What a system asks of its schedule. */
interface Plan {
  name: string;
  cron: string;
  ttl: string;
  namespace: string;
  storage: string;
}

interface Parameters {
  schedules: Readonly<Record<string, Plan>>;
}

const SCHEDULE = "kubernetes:velero.io/v1:Schedule";

/** The objects of a namespace and its volumes can be brought back. */
export const velero = definePolicy<Parameters>({
  id: "POL-VELERO",
  title: "Velero schedule for the namespace",
  severity: "high",
  level: "mandatory",
  targets: ["kubernetes"],
  controls: { soc2: ["A1.2"] },
  requirements: ["AR-SEC-33"],
  remediation: "Add a velero.io/v1 Schedule for the namespace, as often and kept as long as the system promises.",
  parameters: {
    schedules: {
      type: "object",
      additionalProperties: { type: "object" },
      description: "The schedule of each system that needs one: name, cron, ttl, namespace and storage location.",
      default: {
        archesai: {
          name: "archesai-backup",
          cron: "0 */1 * * *",
          ttl: "720h",
          namespace: "production",
          storage: "s3-backup",
        },
      },
    },
  },
  check(check, resource, { schedules }) {
    if (resource.type === SCHEDULE) {
      checkSchedule(check, resource, Object.values(schedules));
    }
  },
  checkStack(stack, { schedules }) {
    for (const [system, plan] of Object.entries(schedules)) {
      const workload = stack.resources.find((one) => podOf(one) && systemOf(one) === system && !isDevelopment(one));
      const made = stack.index.ofType(SCHEDULE);
      if (workload !== undefined && !made.some((one) => includes(one, plan.namespace) || unnamed(one))) {
        stack.check(workload).object(workload.properties.get("metadata", "namespace"), {
          found: "a namespace without a schedule of Velero",
          expected: `the schedule ${plan.name} for the namespace ${plan.namespace}`,
        });
      }
    }
  },
});

/** A schedule that names no namespace takes all; what is not known yet may name it. */
function includes({ properties }: Resource, namespace: string): boolean {
  const names = properties.get("spec", "template", "includedNamespaces");
  return (
    names.unknown ||
    names.items().length === 0 ||
    names.items().some(({ value }) => value === "*" || value === namespace)
  );
}

function unnamed(resource: StackResource): boolean {
  const names = resource.properties.get("spec", "template", "includedNamespaces");
  return names.items().some(({ unknown }) => unknown);
}

function checkSchedule(check: Check, resource: Resource, plans: readonly Plan[]): void {
  const { properties } = resource;
  const name = textOf(properties.get("metadata", "name").value);
  const plan = plans.find((one) => one.name === name) ?? plans.find((one) => namesOnly(resource, one.namespace));
  const pause = plan === undefined ? undefined : longestPause(plan.cron);
  const template = properties.get("spec", "template");
  check.expect(properties.get("spec", "schedule"), (value) => fits(textOf(value), pause), {
    expected: plan === undefined ? "a cron line" : `a cron line at least as often as ${plan.cron}`,
  });
  check.expect(properties.get("spec", "paused"), (value) => value !== true, { expected: "false" });
  const kept = plan === undefined ? 0 : (hoursOf(plan.ttl) ?? 0);
  // Velero keeps a backup for 30 days unless it is told otherwise.
  check.expect(template.get("ttl"), (value) => (value === undefined ? 720 : (hoursOf(textOf(value)) ?? -1)) >= kept, {
    expected: plan === undefined ? "a time such as 720h" : `at least ${plan.ttl}`,
  });
  if (plan !== undefined) {
    check.expect(template.get("storageLocation"), (value) => value === plan.storage, { expected: plan.storage });
    check.expect(template.get("includedNamespaces"), () => includes(resource, plan.namespace), {
      expected: plan.namespace,
    });
  }
}

function namesOnly({ properties }: Resource, namespace: string): boolean {
  return properties
    .get("spec", "template", "includedNamespaces")
    .items()
    .some(({ value }) => value === namespace);
}

function fits(schedule: string, most: number | undefined): boolean {
  const pause = longestPause(schedule);
  return pause !== undefined && (most === undefined || pause <= most);
}

/** Hours of a time such as `720h` or `1h30m`; undefined if it is none. */
function hoursOf(text: string): number | undefined {
  const match = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text.trim());
  return match === null || text.trim() === ""
    ? undefined
    : Number(match[1] ?? 0) + Number(match[2] ?? 0) / 60 + Number(match[3] ?? 0) / 3600;
}
