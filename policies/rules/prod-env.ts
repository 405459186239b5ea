import type { Check, Resource } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { BySystem } from "../workloads/by-system.ts";
import { isComponent, type ByComponent } from "../workloads/component-values.ts";
import { namesOf } from "../workloads/components.ts";
import { taskOf } from "../workloads/ecs.ts";
import { isDevelopment } from "../workloads/environment.ts";
import { containersOf, podOf } from "../workloads/kubernetes.ts";
import { systemOf } from "../workloads/system.ts";

type Variables = Readonly<Record<string, string>>;

interface Parameters {
  required: BySystem<ByComponent<Variables>>;
  forbidden: BySystem<Variables>;
}

const NODE = { NODE_ENV: "production", LOG_LEVEL: "info" };

/** What makes a program run in production stands in the plan, where it can be read. */
export const prodEnv = definePolicy<Parameters>({
  id: "POL-PROD-ENV",
  title: "Production environment values",
  severity: "medium",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: { pci: ["6.5.3", "6.5.6"], soc2: ["CC8.1"] },
  requirements: ["WS-SEC-17", "EB-SEC-16", "EB-SEC-36", "AR-SEC-15", "CC-SEC-01", "CC-SEC-07", "RB-SEC-26"],
  remediation: "Set the variable to this value in the specification of the service.",
  parameters: {
    required: {
      type: "object",
      additionalProperties: {
        type: "object",
        additionalProperties: { type: "object", additionalProperties: { type: "string" } },
      },
      description:
        "Variables that a component of a system must have in production; wherever else the system sets them, they have that value too.",
      default: {
        worldstore: {
          agent: { ...NODE, XMTP_ENV: "production", RAILWAY_VOLUME_MOUNT_PATH: "/app/data" },
          server: NODE,
          worker: NODE,
        },
        "ecommerce-bot": {
          webhook: {
            WORKERS: "8",
            MCP_CLIENT_POOL_SIZE: "20",
            REDIS_MAX_CONNECTIONS: "200",
            MONGODB_MAX_POOL_SIZE: "100",
          },
        },
        archesai: { api: { ...NODE, LOG_FORMAT: "json", METRICS_ENABLED: "true", TRACING_ENABLED: "true" } },
        ccl: { app: { NODE_ENV: "production", TRUST_PROXY: "true", LOG_LEVEL: "warn" } },
        "retail-brain": { "api-gateway": { NODE_ENV: "production", LOG_LEVEL: "warn" } },
      },
    },
    forbidden: {
      type: "object",
      additionalProperties: { type: "object", additionalProperties: { type: "string" } },
      description: "Values that no component of a system may have in production.",
      default: { "ecommerce-bot": { ENABLE_PROFILING: "true" } },
    },
  },
  check(check, resource, { required, forbidden }) {
    const system = systemOf(resource) ?? "";
    const containers = isDevelopment(resource) ? [] : environmentsOf(check, resource);
    const components = Object.hasOwn(required, system) ? (required[system] ?? {}) : {};
    const banned = Object.entries(Object.hasOwn(forbidden, system) ? (forbidden[system] ?? {}) : {});
    const wanted = wantedBy(components, resource, containers);
    const everywhere = Object.assign({}, ...Object.values(components)) as Variables;
    for (const { list, variables } of containers) {
      const own = wanted.get(list) ?? {};
      for (const [name, value] of Object.entries({ ...everywhere, ...own })) {
        const field = variables.get(name);
        if (field !== undefined || (Object.hasOwn(own, name) && check.known(list))) {
          check.expect(field ?? list, (found) => field !== undefined && textOf(found) === value, {
            expected: `${name} with the value ${JSON.stringify(value)}`,
            ...(field === undefined && { found: `no ${name}` }),
          });
        }
      }
      for (const [name, value] of banned) {
        const field = variables.get(name);
        if (field !== undefined) {
          check.expect(field, (found) => textOf(found).toLowerCase() !== value, {
            expected: `${name} other than ${value}`,
          });
        }
      }
    }
  },
});

/** A container's list of variables, and their values by name. */
interface Environment {
  name: string;
  list: Field;
  variables: ReadonlyMap<string, Field>;
}

function environmentsOf(check: Check, resource: Resource): Environment[] {
  const pod = podOf(resource);
  const ofPod = pod
    ? containersOf(check, pod, ["containers"]).map(({ field }) => ({ field, list: field.get("env") }))
    : [];
  const ofTask = (taskOf(resource)?.containers(check) ?? []).map((field) => ({
    field,
    list: field.get("environment"),
  }));
  return [...ofPod, ...ofTask].map(({ field, list }) => {
    const entries = check.items(list).map((item) => [textOf(item.get("name").value), item.get("value")] as const);
    return { name: textOf(field.get("name").value), list, variables: new Map(entries) };
  });
}

/** The variables of a component are its own container's: the one with its name, else the first. */
function wantedBy(
  components: ByComponent<Variables>,
  resource: Resource,
  containers: readonly Environment[],
): Map<Field, Variables> {
  const component = Object.keys(components).find((name) => isComponent(namesOf(resource), name));
  const own = containers.find(({ name }) => component !== undefined && isComponent([name], component)) ?? containers[0];
  return component === undefined || own === undefined
    ? new Map<Field, Variables>()
    : new Map([[own.list, components[component] ?? {}]]);
}
