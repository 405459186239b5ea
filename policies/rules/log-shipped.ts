import type { Check } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import type { BySystem } from "../workloads/by-system.ts";
import { taskOf } from "../workloads/ecs.ts";
import { podOf } from "../workloads/kubernetes.ts";
import { COLLECTOR_IMAGE, imageName, SHIPPING_DRIVERS } from "../workloads/logs.ts";
import { bySystemIn, lastingWorkloads } from "../workloads/stack-systems.ts";

interface Parameters {
  drivers: string[];
  collector: BySystem<boolean>;
}

const LOG_FOLDER = /^\/(?:var(?:\/log(?:\/(?:pods|containers))?)?\/?)?$/;

/** Lines that stay on the machine of a container are gone with it. */
export const logShipped = definePolicy<Parameters>({
  id: "POL-LOG-SHIPPED",
  title: "Workload logs are shipped",
  severity: "high",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: { fsbp: ["ECS.9"], pci: ["10.3.3"] },
  requirements: ["WS-SEC-31", "EB-SEC-40", "AR-SEC-39", "CC-SEC-19", "CC-SEC-26", "RB-SEC-05"],
  remediation: "Send what every container writes to the place where the logs of the system are kept.",
  parameters: {
    drivers: {
      type: "array",
      items: { type: "string" },
      description: "Log drivers of ECS that bring lines away from the machine.",
      default: SHIPPING_DRIVERS,
    },
    collector: {
      type: "object",
      description:
        "Whether the stack itself brings the log collector of its cluster, by system; else the cluster is expected to have one.",
      default: {
        "ecommerce-bot": true,
        archesai: true,
        ccl: true,
        "retail-brain": true,
        default: false,
      },
    },
  },
  check(check, resource, { drivers }) {
    const task = taskOf(resource);
    const containers = task?.containers(check) ?? [];
    const router = containers.some((container) => !container.get("firelensConfiguration").absent);
    containers.forEach((container) => checkContainer(check, container.get("logConfiguration"), drivers, router));
  },
  checkStack(stack, { collector }) {
    const pods = lastingWorkloads(stack).filter((resource) => podOf(resource));
    const collectors = pods.filter((resource) => collectsLogs(resource));
    collectors.forEach((resource) => checkCollector(stack, resource));
    for (const [system, [first]] of bySystemIn(stack, pods)) {
      const wanted = (Object.hasOwn(collector, system) ? collector[system] : collector["default"]) === true;
      if (wanted && collectors.length === 0 && first !== undefined && !undecided(stack, pods)) {
        stack.check(first).object(first.properties, {
          found: `no log collector in the stack of ${system}`,
          expected: "a DaemonSet that reads /var/log of every node",
          fix: "Add one, such as Fluent Bit, Vector or Alloy.",
        });
      }
    }
  },
});

function checkContainer(check: Check, logs: Field, drivers: readonly string[], router: boolean): void {
  const [driver, options] = [logs.get("logDriver"), logs.get("options")];
  check.expect(driver, (value) => drivers.includes(textOf(value)), { expected: `one of ${drivers.join(", ")}` });
  if (driver.value === "awsfirelens" && !router) {
    check.object(driver, {
      found: `"awsfirelens" in a task without a router`,
      expected: "a container of the task with a firelensConfiguration",
    });
  }
  if (driver.value === "awslogs") {
    check.expect(options.get("awslogs-group"), (value) => textOf(value) !== "", {
      expected: "the name of a log group",
    });
  }
}

/** The images of a pod's containers; what is not known yet may be a collector. */
function images(resource: StackResource): Field[] {
  const containers = podOf(resource)?.spec.get("containers");
  return containers === undefined ? [] : [containers, ...containers.items().map((container) => container.get("image"))];
}

function collectsLogs(resource: StackResource): boolean {
  return images(resource).some((image) => COLLECTOR_IMAGE.test(imageName(image)));
}

function undecided(stack: Stack, pods: readonly StackResource[]): boolean {
  const sets = pods.filter((resource) => podOf(resource)?.kind === "DaemonSet");
  const open = sets.flatMap((resource) => images(resource).filter((image) => !stack.check(resource).known(image)));
  return open.length > 0;
}

/** Only a collector that runs on every node and sees its folder of logs misses none. */
function checkCollector(stack: Stack, resource: StackResource): void {
  const pod = podOf(resource);
  const check = stack.check(resource);
  const volumes = pod?.spec.get("volumes");
  if (pod?.kind !== "DaemonSet" || volumes === undefined || !check.known(volumes)) {
    return;
  }
  const paths = volumes.items().map((volume) => volume.get("hostPath", "path"));
  if (paths.every((path) => check.known(path)) && !paths.some(({ value }) => LOG_FOLDER.test(textOf(value)))) {
    check.object(volumes, {
      found: "no volume with the logs of the node",
      expected: "a volume with the hostPath /var/log",
    });
  }
}
