import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import type { BySystem } from "../workloads/by-system.ts";
import { componentValue, type ByComponent } from "../workloads/component-values.ts";
import { isAutoscaler, replicatedOf, scaledBy, SCALING_TARGET, scalersOf } from "../workloads/copies.ts";
import { isDevelopment } from "../workloads/environment.ts";
import { podOf } from "../workloads/kubernetes.ts";
import { referrers } from "../workloads/references.ts";

type Rule = "required" | "never";

interface Parameters {
  components: BySystem<ByComponent<string>>;
  targets: BySystem<ByComponent<Record<string, number>>>;
  minimum: number;
}

/** A service grows with its load, and what must not be doubled never does. */
export const autoscale = definePolicy<Parameters>({
  id: "POL-AUTOSCALE",
  title: "Autoscaling attached where required",
  severity: "medium",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: { soc2: ["A1.1"] },
  requirements: ["WS-CST-08", "EB-SEC-06", "RB-SEC-48"],
  remediation: "Give the service a range of copies and a metric to follow in its specification.",
  parameters: {
    components: {
      type: "object",
      additionalProperties: { type: "object", additionalProperties: { type: "string", enum: ["required", "never"] } },
      description: "Whether a component of a system must be scaled, or never may be.",
      default: {
        worldstore: { agent: "never" },
        "ecommerce-bot": { webhook: "required" },
        "retail-brain": { "api-gateway": "required" },
      },
    },
    targets: {
      type: "object",
      additionalProperties: {
        type: "object",
        additionalProperties: { type: "object", additionalProperties: { type: "number" } },
      },
      description: "Use in percent, by metric, at which a component of a system grows.",
      default: {
        "ecommerce-bot": { webhook: { cpu: 70, memory: 80 } },
        "retail-brain": { "api-gateway": { cpu: 70 } },
      },
    },
    minimum: { type: "integer", minimum: 0, description: "Copies below which no service shrinks.", default: 2 },
  },
  checkStack(stack, parameters) {
    for (const scaler of stack.resources) {
      if (isAutoscaler(scaler)) {
        checkAutoscaler(stack, scaler, parameters);
      } else if (scaler.type === SCALING_TARGET && isForEcs(scaler)) {
        checkTarget(stack, scaler, parameters);
      }
    }
    for (const workload of replicatedOf(stack)) {
      checkRule(stack, workload, componentValue(parameters.components, workload) as Rule | undefined);
    }
  },
});

function checkRule(stack: Stack, workload: StackResource, rule: Rule | undefined): void {
  const scalers = scalersOf(stack, workload);
  if (rule === "never") {
    for (const scaler of scalers) {
      stack.check(scaler).object(scaler.properties, {
        found: `an autoscaler of ${workload.name}`,
        expected: "none: this component must not run in several copies",
        fix: "Remove the autoscaler.",
      });
    }
  }
  if (rule === "required" && scalers.length === 0 && !isDevelopment(workload)) {
    stack.check(workload).object(workload.properties, {
      found: "a service that nothing scales",
      expected: "a HorizontalPodAutoscaler or a scaling target that names it",
    });
  }
}

function checkAutoscaler(stack: Stack, scaler: StackResource, parameters: Parameters): void {
  const check = stack.check(scaler);
  const spec = scaler.properties.get("spec");
  checkRange(stack, scaler, spec.get("minReplicas"), spec.get("maxReplicas"), parameters.minimum);
  const workload = scaledBy(stack.index, scaler);
  if (workload === undefined) {
    check.expect(spec.get("scaleTargetRef", "name"), () => false, { expected: "the name of a workload of the stack" });
  } else if (!workload.properties.get("spec", "replicas").absent) {
    stack.check(workload).object(workload.properties.get("spec", "replicas"), {
      expected: "nothing: the autoscaler sets the number, and each deployment would set it back",
      fix: "Leave replicas away.",
    });
  }
  const metrics = new Map<string, Field>();
  for (const metric of check.items(spec.get("metrics"))) {
    const name = textOf(metric.get("resource", "name").value);
    metrics.set(name, metric.get("resource", "target", "averageUtilization"));
    if (workload !== undefined && name !== "") {
      checkRequests(stack, workload, name);
    }
  }
  const old = spec.get("targetCPUUtilizationPercentage");
  if (!old.absent) {
    metrics.set("cpu", old);
  }
  if (metrics.size === 0 && check.known(spec.get("metrics"))) {
    check.object(spec.get("metrics"), { expected: "a metric to follow" });
  }
  for (const [name, wanted] of Object.entries(componentValue(parameters.targets, workload ?? scaler) ?? {})) {
    check.expect(metrics.get(name) ?? spec.get("metrics"), (value) => value === wanted, {
      expected: `growth at ${wanted} % of ${name}`,
    });
  }
}

/** Use is counted in parts of the request: without one there is nothing to count. */
function checkRequests(stack: Stack, workload: StackResource, metric: string): void {
  const check = stack.check(workload);
  for (const container of check.items(podOf(workload)?.spec.get("containers") ?? workload.properties)) {
    const [request, limit] = ["requests", "limits"].map((kind) => container.get("resources", kind, metric));
    if (request?.absent && limit?.absent) {
      check.object(request, { expected: `a request, which the autoscaler measures ${metric} by` });
    }
  }
}

function checkTarget(stack: Stack, target: StackResource, { minimum, targets }: Parameters): void {
  const check = stack.check(target);
  const { properties } = target;
  checkRange(stack, target, properties.get("minCapacity"), properties.get("maxCapacity"), minimum);
  const workload = scaledBy(stack.index, target);
  if (workload === undefined) {
    check.expect(properties.get("resourceId"), () => false, { expected: "the name of an ECS service of the stack" });
  }
  const id = textOf(properties.get("resourceId").value);
  const policies = referrers(stack, target, ["resourceId"], /^aws:appautoscaling\/policy:/);
  const named = stack.resources.filter(
    ({ type, properties: own }) =>
      type === "aws:appautoscaling/policy:Policy" && id !== "" && own.get("resourceId").value === id,
  );
  const all = new Set([...policies, ...named]);
  if (all.size === 0) {
    check.object(properties, { found: "a range that nothing moves in", expected: "a scaling policy for the service" });
  }
  for (const [name, wanted] of Object.entries(componentValue(targets, workload ?? target) ?? {})) {
    checkTracking(stack, target, [...all], name, wanted);
  }
}

function checkTracking(
  stack: Stack,
  target: StackResource,
  policies: StackResource[],
  metric: string,
  wanted: number,
): void {
  const tracking = policies.map((policy) => policy.properties.get("targetTrackingScalingPolicyConfiguration"));
  const wantedType = `ecsserviceaverage${metric}utilization`;
  const own = tracking.find((item) => {
    const type = textOf(item.get("predefinedMetricSpecification", "predefinedMetricType").value);
    return type.toLowerCase() === wantedType;
  });
  const expected = `growth at ${wanted} % of ${metric}`;
  const policy = policies.find(
    ({ properties }) => properties.get("targetTrackingScalingPolicyConfiguration").value === own?.value,
  );
  if (own === undefined || policy === undefined) {
    stack.check(target).object(target.properties, { found: `no policy that follows ${metric}`, expected });
  } else {
    stack.check(policy).expect(own.get("targetValue"), (value) => value === wanted, { expected });
  }
}

function checkRange(stack: Stack, scaler: StackResource, least: Field, most: Field, minimum: number): void {
  const check = stack.check(scaler);
  check.expect(least, (value) => Number(value ?? 1) >= minimum, { expected: `${minimum} or more` });
  if (!least.unknown) {
    check.expect(most, (value) => Number(value) > Number(least.value ?? 1), {
      expected: "more than the least number of copies",
    });
  }
}

function isForEcs({ properties }: StackResource): boolean {
  return properties.get("serviceNamespace").value === "ecs";
}
