import { textOf, type Field } from "../frame/field.ts";
import type { Check } from "../frame/check.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { routesOf } from "../workloads/ingresses.ts";
import { balancersOf, facesInternet, LISTENER_RULE } from "../workloads/load-balancers.ts";
import { ofType } from "../workloads/references.ts";
import { hasPorts, isWorld, portsOf, securityRulesOf } from "../workloads/security-groups.ts";
import { isExposed, namedServices, namespaceOf, workloadsBehind } from "../workloads/services.ts";
import { podOf } from "../workloads/kubernetes.ts";

interface Parameters {
  ports: number[];
  paths: string[];
  openPaths: string[];
  services: string[];
}

const SERVICE = /^kubernetes:core\/v1:Service$/;

/** What is for operators is not for the internet. */
export const adminPorts = definePolicy<Parameters>({
  id: "POL-ADMIN-PORTS",
  title: "Metrics, profiling, database and dashboard ports never public",
  severity: "high",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: { fsbp: ["EC2.19"], pci: ["1.4.1", "2.2.4"], soc2: ["CC6.6"] },
  requirements: ["EB-SEC-30", "EB-SEC-36", "AR-SEC-41", "CC-SEC-29"],
  remediation: "Reach it through kubectl port-forward, a bastion or a VPN instead of a public entry.",
  parameters: {
    ports: {
      type: "array",
      items: { type: "integer" },
      description: "Ports that no public entry leads to.",
      default: [6060, 9090, 5432, 6432, 6379, 6380, 26379, 27017, 14268, 11434],
    },
    paths: {
      type: "array",
      items: { type: "string" },
      description: "Paths that no public entry serves.",
      default: ["/debug/pprof", "/api/monitoring"],
    },
    openPaths: {
      type: "array",
      items: { type: "string" },
      description: "Paths below them that may be served.",
      default: ["/api/monitoring/health"],
    },
    services: {
      type: "array",
      items: { type: "string" },
      description: "Services that are for operators alone.",
      default: ["grafana", "prometheus", "jaeger", "ollama-service"],
    },
  },
  check(check, resource, { ports }) {
    for (const rule of securityRulesOf(check, resource).filter(({ direction }) => direction === "ingress")) {
      const opened = portsOf(check, rule);
      const hit = opened && ports.filter((port) => opened.from <= port && port <= opened.to);
      for (const range of hit && hit.length > 0 && (hasPorts(rule) || opened.to === 65535) ? rule.ranges : []) {
        check.expect(range, (value) => !isWorld(value), {
          found: `the internet on ${hit?.join(", ") ?? ""}`,
          expected: "the groups or networks that may connect",
        });
      }
    }
  },
  checkStack(stack, parameters) {
    for (const { resource: listener } of balancersOf(stack)
      .filter(({ resource }) => facesInternet(resource))
      .flatMap(({ listeners }) => listeners)) {
      stack
        .check(listener)
        .expect(listener.properties.get("port"), (value) => !parameters.ports.includes(Number(value)), {
          expected: "a port of the web",
        });
    }
    ofType(stack, LISTENER_RULE).forEach((rule) => checkConditions(stack.check(rule), rule, parameters));
    ofType(stack, SERVICE).forEach((service) => checkService(stack, service, parameters));
    stack.resources.forEach((route) => checkRoutes(stack, route, parameters));
  },
});

function checkConditions(check: Check, rule: StackResource, parameters: Parameters): void {
  for (const condition of check.items(rule.properties.get("conditions"))) {
    check.items(condition.get("pathPattern", "values")).forEach((path) => expectPublicPath(check, path, parameters));
  }
}

function expectPublicPath(check: Check, path: Field, { paths, openPaths }: Parameters): void {
  check.expect(path, (value) => !isWithin(textOf(value), paths) || isWithin(textOf(value), openPaths), {
    expected: `none of ${paths.join(", ")}`,
  });
}

function isWithin(path: string, roots: readonly string[]): boolean {
  const plain = path.replace(/[*/]+$/, "");
  return roots.some((root) => plain === root || plain.startsWith(`${root}/`));
}

/** A Service of type NodePort or LoadBalancer is reached without an Ingress. */
function checkService(stack: Stack, service: StackResource, parameters: Parameters): void {
  const check = stack.check(service);
  const type = service.properties.get("spec", "type");
  if (!check.known(type) || !isExposed(service)) {
    return;
  }
  const name = textOf(service.properties.get("metadata", "name").value);
  if (parameters.services.includes(name)) {
    check.object(type, { expected: `ClusterIP for ${name}` });
  }
  for (const port of check.items(service.properties.get("spec", "ports"))) {
    const fields = [port.get("port"), port.get("targetPort")].filter(({ absent }) => !absent);
    for (const field of fields) {
      check.expect(field, () => !parameters.ports.includes(numberOf(stack, service, field)), {
        expected: "no port of operators or databases",
      });
    }
  }
}

/** The number of a port that a Service or a route names; NaN if nothing says. */
function numberOf(stack: Stack, service: StackResource, port: Field): number {
  const number = Number(textOf(port.value) || NaN);
  if (!Number.isNaN(number)) {
    return number;
  }
  const ports = workloadsBehind(stack, service).flatMap((workload) =>
    (podOf(workload)?.spec.get("containers").items() ?? []).flatMap((container) => container.get("ports").items()),
  );
  const named = ports.find((one) => textOf(one.get("name").value) === textOf(port.value));
  return Number(named?.get("containerPort").value ?? NaN);
}

function checkRoutes(stack: Stack, route: StackResource, parameters: Parameters): void {
  const check = stack.check(route);
  for (const { path, service, port } of routesOf(check, route)) {
    expectPublicPath(check, path, parameters);
    check.expect(service, (value) => !parameters.services.includes(textOf(value)), {
      expected: "no service of operators",
    });
    const [target] = namedServices(stack, namespaceOf(route), service);
    const ports = target?.properties.get("spec", "ports").items() ?? [];
    const entry = ports.find((one) =>
      [one.get("port"), one.get("name")].some(
        ({ value }) => value !== undefined && textOf(value) === textOf(port.value),
      ),
    );
    const numbers = [Number(textOf(port.value) || NaN), Number(entry?.get("port").value ?? NaN)];
    if (target !== undefined && entry !== undefined && !entry.get("targetPort").absent) {
      numbers.push(numberOf(stack, target, entry.get("targetPort")));
    }
    check.expect(port, () => !numbers.some((number) => parameters.ports.includes(number)), {
      expected: "no port of operators or databases",
    });
  }
}
