import type { Check } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { componentOf } from "../workloads/components.ts";
import { routesOf } from "../workloads/ingresses.ts";
import { kubernetesKind, podOf, type Pod } from "../workloads/kubernetes.ts";
import { selectorMatches } from "../workloads/selectors.ts";
import { namedServices, namespaceOf, workloadsBehind } from "../workloads/services.ts";
import { clusterStoreOf } from "../workloads/databases.ts";

interface Parameters {
  dnsPorts: number[];
  egressPorts: number[];
}

interface Placed {
  resource: StackResource;
  pod: Pod;
  namespace: string | undefined;
}

/** The rules that open ways again open those that are used, and no others. */
export const netpolCoverage = definePolicy<Parameters>({
  id: "POL-NETPOL-COVERAGE",
  title: "Allow policies match real ports and flows",
  severity: "high",
  level: "mandatory",
  targets: ["kubernetes"],
  controls: { nsa: ["C-0030"], cis: ["5.3.2"], pci: ["1.3.1", "1.3.2"], soc2: ["CC6.6"] },
  requirements: ["EB-SEC-23", "EB-SEC-31", "AR-SEC-10", "AR-SEC-30", "RB-SEC-09"],
  remediation: "Let each policy name the pods it is for, the ports they listen on, and who may connect.",
  parameters: {
    dnsPorts: { type: "array", items: { type: "integer" }, description: "Ports of the cluster's DNS.", default: [53] },
    egressPorts: {
      type: "array",
      items: { type: "integer" },
      description: "Ports on which pods may reach the internet.",
      default: [443],
    },
  },
  checkStack(stack, parameters) {
    const policies = stack.resources.filter((one) => kubernetesKind(one, "networking.k8s.io") === "NetworkPolicy");
    const placed = stack.resources.flatMap((resource): Placed[] => {
      const pod = podOf(resource);
      return pod ? [{ resource, pod, namespace: namespaceOf(resource) }] : [];
    });
    for (const policy of policies) {
      checkPolicy(stack, policy, placed, parameters);
    }
    for (const workload of policies.length === 0 ? [] : placed) {
      checkWorkload(stack, workload, policies, parameters);
    }
    checkEdge(stack, policies, placed);
  },
});

/** Whether a policy is for the pods of a workload; undefined while that is not known. */
function selectedBy(policy: StackResource, { pod, namespace }: Placed): boolean | undefined {
  const own = namespaceOf(policy);
  if (own === undefined || namespace === undefined) {
    return undefined;
  }
  return namespace === own
    ? selectorMatches(policy.properties.get("spec", "podSelector"), pod.metadata.get("labels"))
    : false;
}

function isForAll(policy: StackResource): boolean {
  const selector = policy.properties.get("spec", "podSelector");
  return selector.get("matchLabels").entries().length + selector.get("matchExpressions").items().length === 0;
}

/** A policy for nobody, ports that nobody listens on, databases that anyone of a namespace reaches, ways to the internet. */
function checkPolicy(stack: Stack, policy: StackResource, placed: readonly Placed[], parameters: Parameters): void {
  const check = stack.check(policy);
  const spec = policy.properties.get("spec");
  const places = [policy.properties.get("metadata", "namespace"), spec, spec.get("podSelector")];
  if (!places.every((field) => check.known(field))) {
    return;
  }
  const verdicts = placed.map((one) => selectedBy(policy, one));
  const selected = placed.filter((_, index) => verdicts[index] === true);
  if (selected.length === 0 && !verdicts.includes(undefined) && placed.length > 0 && !isForAll(policy)) {
    check.object(spec.get("podSelector"), {
      found: "labels that no pod bears",
      expected: "labels of the pods it is for",
    });
  }
  for (const rule of check.items(spec.get("ingress"))) {
    const ports = check.items(rule.get("ports"));
    for (const entry of isForAll(policy) || verdicts.includes(undefined) || selected.length === 0 ? [] : ports) {
      checkPort(check, entry, selected);
    }
    if (selected.some(({ resource }) => clusterStoreOf(resource) !== undefined)) {
      check.items(rule.get("from")).forEach((peer) => checkClient(check, peer));
    }
  }
  for (const rule of check.items(spec.get("egress"))) {
    checkEgress(check, rule, parameters);
  }
}

function checkPort(check: Check, entry: Field, selected: readonly Placed[]): void {
  const listened = selected.flatMap(({ pod }) => portsOf(pod));
  const unknown = selected.some(({ pod }) => pod.spec.unknown || pod.spec.get("containers").unknown);
  const port = entry.get("port");
  const end = Number(entry.get("endPort").value ?? port.value);
  if (check.known(port) && !port.absent && !unknown && listened.length > 0) {
    const found = listened.some(
      ({ number, name }) => name === textOf(port.value) || (number >= Number(port.value) && number <= end),
    );
    if (!found) {
      check.object(port, {
        expected: `a port that the pods listen on: ${[...new Set(listened.map(({ number }) => number))].join(", ")}`,
      });
    }
  }
}

function portsOf(pod: Pod): { number: number; name: string }[] {
  const lists = ["containers", "initContainers"].flatMap((list) => pod.spec.get(list).items());
  return lists
    .flatMap((container) => container.get("ports").items())
    .map((port) => ({ number: Number(port.get("containerPort").value), name: textOf(port.get("name").value) }));
}

/** A database accepts pods by their labels, not whole namespaces or networks. */
function checkClient(check: Check, peer: Field): void {
  const pods = peer.get("podSelector");
  const named = pods.get("matchLabels").entries().length + pods.get("matchExpressions").items().length > 0;
  if (check.known(peer) && check.known(pods) && !named) {
    check.object(peer, {
      found: "whoever is in a namespace or network",
      expected: "the labels of the clients of the database",
    });
  }
}

function checkEgress(check: Check, rule: Field, { egressPorts }: Parameters): void {
  const open = check
    .items(rule.get("to"))
    .filter((peer) => /^(?:0\.0\.0\.0|::)\/0$/.test(textOf(peer.get("ipBlock", "cidr").value)));
  for (const port of open.length > 0 ? check.items(rule.get("ports")).map((entry) => entry.get("port")) : []) {
    check.expect(port, (value) => egressPorts.includes(Number(value)), {
      expected: `the internet on ${egressPorts.join(", ")} alone`,
    });
  }
}

/** Every pod is in some policy of its own, and may ask for names. */
function checkWorkload(
  stack: Stack,
  workload: Placed,
  policies: readonly StackResource[],
  { dnsPorts }: Parameters,
): void {
  const check = stack.check(workload.resource);
  if (workload.namespace === undefined) {
    check.known(workload.resource.properties.get("metadata", "namespace"));
    return;
  }
  const labels = workload.pod.metadata.get("labels");
  if (!check.known(labels)) {
    return;
  }
  const verdicts = policies.map((policy) => selectedBy(policy, workload));
  const own = policies.filter((_, index) => verdicts[index] === true);
  const undecided = verdicts.includes(undefined);
  if (own.length === 0 && !undecided) {
    check.object(labels, {
      found: "pods that no NetworkPolicy selects",
      expected: "labels that a NetworkPolicy of the namespace selects",
    });
  }
  const restricted = own.filter((policy) => concernsEgress(policy));
  if (
    restricted.length > 0 &&
    !undecided &&
    !restricted.some((policy) => allowsDns(stack.check(policy), policy, dnsPorts))
  ) {
    check.object(labels, {
      found: "pods that may not ask for names",
      expected: `an egress rule to the cluster's DNS on ${dnsPorts.join(", ")}`,
      fix: "Allow egress to kube-dns on port 53, UDP and TCP.",
    });
  }
}

function concernsEgress({ properties }: StackResource): boolean {
  const types = properties.get("spec", "policyTypes");
  return types.absent
    ? properties.get("spec", "egress").items().length > 0
    : types.items().some(({ value }) => value === "Egress");
}

function allowsDns(check: Check, policy: StackResource, dnsPorts: readonly number[]): boolean {
  const rules = policy.properties.get("spec", "egress");
  return (
    !check.known(rules) ||
    rules.items().some((rule) => {
      const ports = rule.get("ports");
      return (
        !check.known(ports) ||
        ports.items().length === 0 ||
        ports.items().some((entry) => dnsPorts.includes(Number(entry.get("port").value)))
      );
    })
  );
}

/** What an Ingress leads to accepts its controller; pods of other namespaces reach nothing else. */
function checkEdge(stack: Stack, policies: readonly StackResource[], placed: readonly Placed[]): void {
  const routed = new Set(
    stack.resources.flatMap((route) =>
      routesOf(stack.check(route), route)
        .flatMap(({ service }) => namedServices(stack, namespaceOf(route), service))
        .flatMap((service) => workloadsBehind(stack, service)),
    ),
  );
  for (const policy of routed.size === 0 ? [] : policies) {
    const selected = placed.filter((one) => selectedBy(policy, one) === true);
    const behindEdge = selected.some(({ resource }) => routed.has(resource));
    const check = stack.check(policy);
    for (const peer of check
      .items(policy.properties.get("spec", "ingress"))
      .flatMap((rule) => check.items(rule.get("from")))) {
      const outside = !peer.get("namespaceSelector").absent && peer.get("podSelector").absent;
      if (outside && selected.length > 0 && !behindEdge && !isMonitoring(peer, selected)) {
        check.object(peer, {
          found: "a whole namespace, for pods that no Ingress leads to",
          expected: "the labels of the pods that may connect",
        });
      }
    }
  }
}

/** Whoever collects metrics may come from a namespace of its own. */
function isMonitoring(peer: Field, selected: readonly Placed[]): boolean {
  const labels = peer.get("namespaceSelector", "matchLabels").entries();
  return (
    labels.some(([, value]) => /monitor|prometheus/.test(textOf(value.value))) ||
    selected.every(({ resource }) => componentOf(resource) === "monitoring")
  );
}
