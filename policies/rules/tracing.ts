import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import type { BySystem } from "../workloads/by-system.ts";
import { TASK_DEFINITION, taskOf } from "../workloads/ecs.ts";
import { containersOf, podOf } from "../workloads/kubernetes.ts";
import { imageName } from "../workloads/logs.ts";
import { runs } from "../workloads/scrapes.ts";
import { servicesOf } from "../workloads/services.ts";
import { CONFIG_MAP } from "../workloads/settings-files.ts";
import { bySystemIn, ECS_SERVICE, services, systemIn } from "../workloads/stack-systems.ts";

interface Parameters {
  systems: BySystem<string>;
  variables: string[];
}

const COLLECTOR =
  /^(?:jaeger|all-in-one|opentelemetry-collector|otel-collector|otelcol|aws-otel-collector|collector|tempo|zipkin)\b/;
const LOCAL = ["localhost", "127.0.0.1", "[::1]"];

/** A place that says where traces go. */
interface Reference {
  resource: StackResource;
  field: Field;
  /** Containers beside it, which it reaches as localhost. */
  neighbours: Field[];
}

/** A request that crosses services can be followed only when all of them send to one place that is there. */
export const tracing = definePolicy<Parameters>({
  id: "POL-TRACING",
  title: "Trace collector present and referenced",
  severity: "medium",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: {},
  requirements: ["EB-SEC-39", "AR-SEC-42"],
  remediation: "Run a trace collector in the stack and give its address to the services.",
  parameters: {
    systems: {
      type: "object",
      description: "Systems that must be traced, and what the address of their collector ends with.",
      default: { "ecommerce-bot": "", archesai: ":14268/api/traces" },
    },
    variables: {
      type: "array",
      items: { type: "string" },
      description: "Variables that hold the collector's address.",
      default: [
        "TRACING_ENDPOINT",
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
        "OTEL_EXPORTER_JAEGER_ENDPOINT",
        "JAEGER_ENDPOINT",
        "JAEGER_AGENT_HOST",
      ],
    },
  },
  checkStack(stack, { systems, variables }) {
    const references = stack.resources.flatMap((resource) => referencesOf(stack, resource, variables));
    references.forEach((reference) => checkReference(stack, reference, systems));
    for (const [system, [first]] of bySystemIn(stack, services(stack))) {
      const traced = references.some(({ resource }) => (systemOfReference(stack, resource) ?? system) === system);
      if (Object.hasOwn(systems, system) && first !== undefined && !traced && !undecided(stack)) {
        stack.check(first).object(first.properties, {
          found: `no service of ${system} that sends traces`,
          expected: `one of the variables ${variables.join(", ")} with the address of a collector`,
        });
      }
    }
  },
});

function referencesOf(stack: Stack, resource: StackResource, variables: readonly string[]): Reference[] {
  const check = stack.check(resource);
  if (resource.type === CONFIG_MAP) {
    const entries = resource.properties
      .get("data")
      .entries()
      .filter(([name]) => variables.includes(name));
    return entries.map(([, field]) => ({ resource, field, neighbours: [] }));
  }
  const pod = podOf(resource);
  const containers = pod
    ? containersOf(check, pod).map(({ field }) => field)
    : (taskOf(resource)?.containers(check) ?? []);
  return containers
    .flatMap((container) => check.items(container.get(pod ? "env" : "environment")))
    .filter((variable) => variables.includes(textOf(variable.get("name").value)) && !variable.get("value").absent)
    .map((variable) => ({ resource, field: variable.get("value"), neighbours: containers }));
}

function checkReference(
  stack: Stack,
  { resource, field, neighbours }: Reference,
  systems: Parameters["systems"],
): void {
  const check = stack.check(resource);
  if (!check.known(field)) {
    return;
  }
  const address = textOf(field.value);
  const host = hostOf(address);
  const present = LOCAL.includes(host)
    ? neighbours.some((container) => COLLECTOR.test(imageName(container.get("image"))))
    : namesInStack(stack).includes(host.split(".", 1)[0] ?? "");
  check.expect(field, () => present, {
    expected: LOCAL.includes(host) ? "a collector beside the container" : "the name of a collector in the stack",
  });
  const ending = systems[systemOfReference(stack, resource) ?? ""] ?? "";
  check.expect(field, () => address.endsWith(ending), { expected: `an address that ends with ${ending}` });
}

/** A task has the system of the service that runs it. */
function systemOfReference(stack: Stack, resource: StackResource): string | undefined {
  const service = stack.resources.find((candidate) => runs(candidate, resource));
  return systemIn(stack, resource.type === TASK_DEFINITION && service ? service : resource);
}

/** The host of an address with or without protocol, port and path. */
function hostOf(address: string): string {
  return /^(?:[a-z][a-z0-9+.-]*:\/\/)?(\[[^\]]*\]|[^:/]*)/i.exec(address)?.[1] ?? "";
}

/** The names by which workloads of the stack find each other: Services, and those of ECS. */
function namesInStack(stack: Stack): string[] {
  const inCluster = servicesOf(stack).map(({ properties }) => textOf(properties.get("metadata", "name").value));
  const onEcs = stack.resources
    .filter(({ type }) => type === ECS_SERVICE)
    .flatMap(({ properties }) => {
      const connected = properties.get("serviceConnectConfiguration", "services").items();
      const aliases = connected.flatMap((service) => {
        const alias = service.get("clientAlias");
        return [
          ...(Array.isArray(alias.value) ? alias.items() : [alias]).map((item) => item.get("dnsName")),
          service.get("discoveryName"),
        ];
      });
      return [properties.get("name"), ...aliases].map(({ value }) => textOf(value));
    });
  return [...inCluster, ...onEcs].filter((name) => name !== "");
}

/** A task whose containers are not known yet may be the one that sends traces. */
function undecided(stack: Stack): boolean {
  const unknown = stack.resources.filter(
    ({ type, properties }) => type === TASK_DEFINITION && properties.get("containerDefinitions").unknown,
  );
  return unknown.length > 0;
}
