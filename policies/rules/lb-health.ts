import type { Check, Resource } from "../frame/check.ts";
import { textOf } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { valueFor, type BySystem } from "../workloads/by-system.ts";
import { isDevelopment } from "../workloads/environment.ts";
import { annotation, isIngress, routesOf } from "../workloads/ingresses.ts";
import { containersOf, podOf } from "../workloads/kubernetes.ts";
import { CLASSIC_LOAD_BALANCER, LOAD_BALANCER, TARGET_GROUP } from "../workloads/load-balancers.ts";
import { namedServices, namespaceOf, workloadsBehind } from "../workloads/services.ts";
import { isOn } from "../workloads/values.ts";

interface Parameters {
  paths: BySystem<string>;
  algorithms: BySystem<string>;
  maxFailures: number;
  maxSeconds: number;
}

/** A balancer notices within half a minute that a copy does not answer, and keeps a record of what it did. */
export const lbHealth = definePolicy<Parameters>({
  id: "POL-LB-HEALTH",
  title: "Load balancer health checks and balancing algorithm",
  severity: "medium",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: { fsbp: ["ELB.5", "ELB.6"], pci: ["10.2.1"], soc2: ["A1.1", "CC7.2"] },
  requirements: ["WS-SEC-28", "EB-SEC-15", "EB-SEC-42", "AR-SEC-05", "CC-SEC-37", "RB-SEC-20", "RB-SEC-24"],
  remediation:
    "Check a path every 10 s and take a copy out after 3 failures; keep access logs and deletion protection.",
  parameters: {
    paths: {
      type: "object",
      description: "The path that is checked, by system; the empty text stands for any but /.",
      default: { worldstore: "/health", ccl: "/health", default: "" },
    },
    algorithms: {
      type: "object",
      description: "How requests are shared out, by system; the empty text stands for any way.",
      default: { archesai: "least_outstanding_requests", "ecommerce-bot": "round_robin", default: "" },
    },
    maxFailures: { type: "integer", minimum: 2, description: "Failures that take a copy out, at most.", default: 3 },
    maxSeconds: { type: "integer", description: "Seconds until a failing copy is out, at most.", default: 30 },
  },
  check(check, resource, parameters) {
    if (TARGET_GROUP.test(resource.type) && textOf(resource.properties.get("targetType").value) !== "lambda") {
      checkTargetGroup(check, resource, parameters);
    }
    checkBalancer(check, resource);
    const path = annotation(resource, "alb.ingress.kubernetes.io/healthcheck-path");
    if (isIngress(resource) && !path.absent) {
      check.expect(path, (value) => isFine(textOf(value), valueFor(parameters.paths, resource)), {
        expected: valueFor(parameters.paths, resource) ?? "",
      });
    }
  },
  checkStack(stack) {
    for (const route of stack.resources) {
      const services = routesOf(stack.check(route), route).flatMap(({ service }) =>
        namedServices(stack, namespaceOf(route), service),
      );
      for (const workload of services.flatMap((service) => workloadsBehind(stack, service))) {
        checkReadiness(stack, workload, route);
      }
    }
  },
  remediate(draft) {
    if (LOAD_BALANCER.test(draft.type) && draft.get("tags", "environment").value !== "dev") {
      const protection = draft.get("enableDeletionProtection");
      if (protection.absent || textOf(protection.value) === "false") {
        protection.set(true);
      }
    }
    if (TARGET_GROUP.test(draft.type) && textOf(draft.get("healthCheck", "enabled").value) === "false") {
      draft.get("healthCheck", "enabled").set(true);
    }
  },
});

function checkTargetGroup(check: Check, resource: Resource, parameters: Parameters): void {
  const { properties } = resource;
  const health = properties.get("healthCheck");
  if (!check.known(health)) {
    return;
  }
  check.expect(health.get("enabled"), (value) => textOf(value) !== "false", { expected: "true" });
  const tcp = textOf(health.get("protocol").value).toUpperCase() === "TCP";
  if (!tcp && check.known(health.get("protocol"))) {
    const wanted = valueFor(parameters.paths, resource) ?? "";
    check.expect(health.get("path"), (value) => isFine(textOf(value), wanted), {
      expected: wanted === "" ? "a path of the application's own check" : wanted,
    });
  }
  const { maxFailures, maxSeconds } = parameters;
  const [failures, interval] = [health.get("unhealthyThreshold"), health.get("interval")];
  if (check.known(failures) && check.known(interval)) {
    const count = Number(failures.value ?? 3);
    const seconds = Number(interval.value ?? 30);
    if (!(count <= maxFailures && count * seconds <= maxSeconds)) {
      check.object(interval.absent ? health : interval, {
        found: `${String(count)} failures, one every ${String(seconds)} seconds`,
        expected: `at most ${String(maxFailures)} failures within ${String(maxSeconds)} seconds`,
      });
    }
  }
  const algorithm = valueFor(parameters.algorithms, resource) ?? "";
  check.expect(
    properties.get("loadBalancingAlgorithmType"),
    (value) => algorithm === "" || textOf(value ?? "round_robin") === algorithm,
    { expected: algorithm },
  );
}

/** The root answers whatever happens to the parts of an application. */
function isFine(path: string, wanted: string | undefined): boolean {
  return wanted === undefined || wanted === "" ? !["", "/"].includes(path) : path === wanted;
}

function checkBalancer(check: Check, resource: Resource): void {
  const { type, properties } = resource;
  const classic = CLASSIC_LOAD_BALANCER.test(type);
  if (!classic && !LOAD_BALANCER.test(type)) {
    return;
  }
  // Network load balancers log only TLS listeners, gateway load balancers nothing.
  if (classic || ["", "application"].includes(textOf(properties.get("loadBalancerType").value))) {
    const enabled = properties.get("accessLogs", "enabled");
    const bucket = properties.get("accessLogs", "bucket");
    check.expect(enabled, (value) => isOn(value) || (classic && value === undefined && !bucket.absent), {
      expected: "true, with a bucket",
    });
  }
  if (!classic && !isDevelopment(resource)) {
    check.expect(properties.get("enableDeletionProtection"), isOn, { expected: "true" });
  }
}

/** A pod gets requests as soon as it runs unless a probe says when it is ready. */
function checkReadiness(stack: Stack, workload: StackResource, route: StackResource): void {
  const check = stack.check(workload);
  const pod = podOf(workload);
  const serving = pod ? containersOf(check, pod, ["containers"]).filter(({ field }) => !field.get("ports").absent) : [];
  for (const { field } of serving) {
    const probe = field.get("readinessProbe");
    check.expect(probe, (value) => value !== undefined, {
      expected: `a readiness probe, since ${route.name} leads here`,
      fix: "Add a readinessProbe to the container.",
    });
  }
}
