import { textOf } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import type { BySystem } from "../workloads/by-system.ts";
import { documentsWith, undecidedFiles } from "../workloads/documents.ts";
import { podOf } from "../workloads/kubernetes.ts";
import { imageName } from "../workloads/logs.ts";
import { bySystemIn, ECS_SERVICE, lastingWorkloads } from "../workloads/stack-systems.ts";

interface Parameters {
  dashboards: BySystem<readonly string[]>;
  grafana: BySystem<boolean>;
}

const DASHBOARD = "aws:cloudwatch/dashboard:Dashboard";

/** What a person looks at first when an alert comes. */
export const dashboards = definePolicy<Parameters>({
  id: "POL-DASHBOARDS",
  title: "Dashboards provisioned",
  severity: "low",
  level: "advisory",
  targets: ["kubernetes", "aws"],
  controls: {},
  requirements: ["WS-SEC-46", "EB-SEC-44", "AR-SEC-06", "RB-SEC-31"],
  remediation: "Add the dashboard: a CloudWatch dashboard, or a ConfigMap that Grafana reads.",
  parameters: {
    dashboards: {
      type: "object",
      description: "Words that the names of a system's dashboards have, one dashboard for each.",
      default: {
        worldstore: ["business", "technical", "infrastructure"],
        "ecommerce-bot": ["application", "business", "infrastructure"],
        default: [""],
      },
    },
    grafana: {
      type: "object",
      description: "Whether a system's dashboards are asked for in a cluster whose stack runs no Grafana.",
      default: { "ecommerce-bot": true, archesai: true, default: false },
    },
  },
  checkStack(stack, { dashboards: table, grafana }) {
    const workloads = lastingWorkloads(stack);
    const shown = workloads.some(runsGrafana);
    for (const [system, own] of bySystemIn(stack, workloads)) {
      const wanted = valueOf(table, system) ?? [];
      const service = own.find(({ type }) => type === ECS_SERVICE);
      const pod = own.find(({ type }) => type !== ECS_SERVICE);
      demand(stack, service, wanted, cloudWatchNames(stack));
      demand(stack, shown || valueOf(grafana, system) === true ? pod : undefined, wanted, grafanaNames(stack));
    }
  },
});

function valueOf<T>(table: BySystem<T>, system: string): T | undefined {
  return Object.hasOwn(table, system) ? table[system] : table["default"];
}

function runsGrafana(resource: StackResource): boolean {
  const containers = podOf(resource)?.spec.get("containers").items() ?? [];
  return containers.some((container) => /^grafana(?:-oss|-enterprise)?$/.test(imageName(container.get("image"))));
}

/** The names of the dashboards; undefined while one of them is not known. */
function cloudWatchNames(stack: Stack): string[] | undefined {
  const fields = stack.resources
    .filter(({ type }) => type === DASHBOARD)
    .map((resource) => ({ resource, name: resource.properties.get("dashboardName") }));
  const open = fields.filter(({ resource, name }) => !stack.check(resource).known(name));
  return open.length > 0 ? undefined : fields.map(({ resource, name }) => textOf(name.value) || resource.name);
}

/** The files and titles of Grafana's dashboards; undefined while some file is not known. */
function grafanaNames(stack: Stack): string[] | undefined {
  const titles = documentsWith(stack, "panels").map(({ root }) => `${root.path} ${textOf(root.get("title").value)}`);
  return undecidedFiles(stack) ? undefined : titles.map((title) => title.toLowerCase());
}

function demand(
  stack: Stack,
  workload: StackResource | undefined,
  wanted: readonly string[],
  present: readonly string[] | undefined,
): void {
  if (workload === undefined || present === undefined) {
    return;
  }
  for (const word of wanted.filter((name) => !present.some((title) => title.includes(name)))) {
    stack.check(workload).object(workload.properties, {
      found: word === "" ? "no dashboard in the stack" : `no dashboard named ${word}`,
      expected: word === "" ? "a dashboard" : `a dashboard whose name has the word ${word}`,
    });
  }
}
