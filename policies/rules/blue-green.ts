import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { namesOf } from "../workloads/components.ts";
import { isDevelopment } from "../workloads/environment.ts";
import { kubernetesKind, podOf } from "../workloads/kubernetes.ts";
import { namespaceOf, servicesOf, workloadsBehind } from "../workloads/services.ts";
import { systemOf } from "../workloads/system.ts";

interface Parameters {
  components: Readonly<Record<string, readonly string[]>>;
  states: string[];
}

const ECS_SERVICE = "aws:ecs/service:Service";
const LISTENER_RULE = /^aws:(?:lb|alb)\/listenerRule:/;

/** A release is tried beside what serves, and the way back is open: two sets of copies, of which one has the traffic. */
export const blueGreen = definePolicy<Parameters>({
  id: "POL-BLUE-GREEN",
  title: "Blue and green sets, exactly one live",
  severity: "medium",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: { soc2: ["CC8.1"] },
  requirements: ["WS-SEC-43"],
  remediation: "Run the service in two colours and let its address or listener lead to one of them.",
  parameters: {
    components: {
      type: "object",
      additionalProperties: { type: "array", items: { type: "string" } },
      description: "Services that are released by colour, by system.",
      default: { worldstore: ["payment-server", "worldstore-server"] },
    },
    states: {
      type: "array",
      items: { type: "string" },
      description: "The colours, with which the names of the two sets end.",
      default: ["blue", "green"],
    },
  },
  checkStack(stack, { components, states }) {
    for (const resource of stack.resources) {
      const names = components[systemOf(resource) ?? ""] ?? [];
      if (!isDevelopment(resource) && namesOf(resource).some((name) => names.includes(name))) {
        checkSet(stack, resource, states);
        checkAddress(stack, resource, states);
        checkEcsService(stack, resource);
        checkListenerRule(stack, resource);
      }
    }
  },
});

/** The colour of a set of copies: what the name of its pods' instance ends with. */
function colourOf(workload: StackResource, states: readonly string[]): string | undefined {
  const labels = podOf(workload)?.metadata.get("labels");
  const names = [labels?.get("app.kubernetes.io/instance"), labels?.get("colour"), labels?.get("color")];
  return states.find((state) => names.some((name) => new RegExp(`(?:^|-)${state}$`).test(textOf(name?.value))));
}

/** A set on Kubernetes has one of the colours, and the others are there too. */
function checkSet(stack: Stack, workload: StackResource, states: readonly string[]): void {
  const pod = podOf(workload);
  if (pod === undefined || pod.kind !== "Deployment") {
    return;
  }
  const labels = pod.metadata.get("labels");
  if (!stack.check(workload).known(labels)) {
    return;
  }
  const sets = stack.resources.filter((one) => {
    return podOf(one)?.kind === "Deployment" && namespaceOf(one) === namespaceOf(workload) && sharesName(one, workload);
  });
  const colours = sets.map((set) => colourOf(set, states));
  const missing = states.filter((state) => !colours.includes(state));
  if (missing.length > 0) {
    stack.check(workload).object(labels, {
      found: `no set that is ${missing.join(" or ")}`,
      expected: `a Deployment for each of ${states.join(", ")}`,
    });
  }
}

function sharesName(one: StackResource, other: StackResource): boolean {
  const [a, b] = [one, other].map((workload) => {
    return textOf(podOf(workload)?.metadata.get("labels", "app.kubernetes.io/name").value);
  });
  return one === other || (a !== "" && a === b);
}

/** An address leads to one colour, and some address leads to copies that run. */
function checkAddress(stack: Stack, service: StackResource, states: readonly string[]): void {
  if (kubernetesKind(service, "core") !== "Service") {
    return;
  }
  const selector = service.properties.get("spec", "selector");
  const check = stack.check(service);
  if (!check.known(selector)) {
    return;
  }
  const colours = [...new Set(workloadsBehind(stack, service).map((workload) => colourOf(workload, states)))];
  if (colours.length > 1) {
    check.object(selector, {
      found: `an address of ${colours.map((colour) => colour ?? "copies without a colour").join(" and ")}`,
      expected: "an address of one colour",
      fix: "Select the instance of the colour that has the traffic.",
    });
  }
  const addresses = servicesOf(stack).filter(
    (one) => namespaceOf(one) === namespaceOf(service) && isNamesake(one, service),
  );
  const live = addresses.flatMap((one) => workloadsBehind(stack, one)).some((workload) => runs(workload));
  if (!live) {
    check.object(selector, {
      found: "an address without copies that run",
      expected: "one colour that is live",
      fix: "Let the address lead to the colour that runs.",
    });
  }
}

/** Addresses of the same service: those of the live colour, of the other one and of single pods. */
function isNamesake(one: StackResource, other: StackResource): boolean {
  const [a, b] = [one, other].map((service) =>
    textOf(service.properties.get("spec", "selector", "app.kubernetes.io/name").value),
  );
  return one === other || (a !== "" && a === b);
}

function runs(workload: StackResource): boolean {
  return workload.properties.get("spec", "replicas").value !== 0;
}

/** ECS itself runs the second colour during a release, if it is told where to lead the traffic. */
function checkEcsService(stack: Stack, service: StackResource): void {
  const { type, properties } = service;
  if (type !== ECS_SERVICE) {
    return;
  }
  const check = stack.check(service);
  const controller = properties.get("deploymentController", "type");
  if (!check.known(controller) || controller.value === "CODE_DEPLOY") {
    return;
  }
  check.expect(properties.get("deploymentConfiguration", "strategy"), (value) => value === "BLUE_GREEN", {
    expected: "BLUE_GREEN",
    fix: "Set deploymentConfiguration.strategy to BLUE_GREEN.",
  });
  const balancers = properties.get("loadBalancers");
  for (const balancer of check.items(balancers)) {
    const other = balancer.get("advancedConfiguration", "alternateTargetGroupArn");
    // Which target group it is, is known later; that there is one is what counts.
    if (other.absent) {
      check.object(other, { expected: "the target group of the other colour", fix: "Set advancedConfiguration." });
    }
  }
  if (balancers.absent) {
    check.object(balancers, { expected: "a load balancer with two target groups" });
  }
}

/** A rule leads to one of its target groups. */
function checkListenerRule(stack: Stack, rule: StackResource): void {
  if (!LISTENER_RULE.test(rule.type)) {
    return;
  }
  const check = stack.check(rule);
  for (const action of check.items(rule.properties.get("actions"))) {
    const groups = action.get("forward", "targetGroups");
    const weights = check.items(groups).map((group) => group.get("weight"));
    if (action.get("type").value === "forward" && weights.every((weight) => check.known(weight))) {
      checkWeights(stack, rule, groups, weights);
    }
  }
}

function checkWeights(stack: Stack, rule: StackResource, groups: Field, weights: readonly Field[]): void {
  // Without a weight a target group takes its share.
  const live = weights.filter(({ value }) => value === undefined || Number(value) > 0).length;
  if (!groups.unknown && (weights.length < 2 || live !== 1)) {
    stack.check(rule).object(groups, {
      found: weights.length < 2 ? "no second target group" : `${live} live target groups`,
      expected: "two target groups, of which one has the traffic",
      fix: "Give one target group the weight 100 and the other 0.",
    });
  }
}
