import type { Check, Resource } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack } from "../frame/stack.ts";
import { kubernetesKind, podOf } from "../workloads/kubernetes.ts";

interface Parameters {
  anyPeerPorts: number[];
}

const GROUP = "networking.k8s.io";
const DIRECTIONS = [
  { type: "Ingress", rules: "ingress", peers: "from", whom: "every source" },
  { type: "Egress", rules: "egress", peers: "to", whom: "every destination" },
] as const;

/** Every namespace denies what is not allowed, and no policy allows everything again. */
export const netpolDefaultDeny = definePolicy<Parameters>({
  id: "POL-NETPOL-DEFAULT-DENY",
  title: "Default-deny ingress and egress in every namespace",
  severity: "high",
  level: "mandatory",
  targets: ["kubernetes"],
  controls: { nsa: ["C-0030", "C-0054"], cis: ["5.3.2"] },
  requirements: ["WS-SEC-47", "EB-SEC-23", "AR-SEC-10", "RB-SEC-12"],
  remediation: "Declare who talks to whom as flows of the specification: they become one narrow rule each.",
  parameters: {
    anyPeerPorts: {
      type: "array",
      items: { type: "integer" },
      description: "Ports that a rule may open to any peer.",
      default: [53],
    },
  },
  check(check, resource, { anyPeerPorts }) {
    if (kubernetesKind(resource, GROUP) === "NetworkPolicy") {
      for (const { rules, peers, whom } of DIRECTIONS) {
        for (const rule of check.items(resource.properties.get("spec", rules))) {
          checkRule(check, rule, rule.get(peers), whom, anyPeerPorts);
        }
      }
    }
  },
  checkStack(stack) {
    const policies = stack.resources.filter((resource) => kubernetesKind(resource, GROUP) === "NetworkPolicy");
    const placed = new Set<string>();
    for (const workload of stack.resources.filter((resource) => podOf(resource))) {
      const namespace = namespaceOf(stack, workload);
      if (namespace !== undefined && !placed.has(namespace)) {
        placed.add(namespace);
        checkNamespace(stack, namespace, workload, policies);
      }
    }
  },
});

function checkRule(check: Check, rule: Field, peers: Field, whom: string, anyPeerPorts: readonly number[]): void {
  const ports = rule.get("ports");
  if (!check.known(rule) || !check.known(peers) || !check.known(ports)) {
    return;
  }
  const list = peers.items();
  if (list.length === 0) {
    objectUnless(opensOnly(ports, anyPeerPorts), peers.absent ? rule : peers, `${whom}${onPorts(ports)}`);
  }
  for (const peer of list) {
    const range = peer.get("ipBlock", "cidr");
    const everywhere = check.known(range) && /^(?:0\.0\.0\.0|::)\/0$/.test(String(range.value));
    const narrowed = check.items(peer.get("ipBlock", "except")).length > 0 || peer.get("ipBlock", "except").unknown;
    const open = (everywhere && !(narrowed && !allPorts(ports))) || namesEveryPod(check, peer);
    objectUnless(!open || opensOnly(ports, anyPeerPorts), everywhere ? range : peer, `${whom}${onPorts(ports)}`);
  }

  function objectUnless(fine: boolean, field: Field, found: string): void {
    if (!fine) {
      check.object(field, { found, expected: "named peers and ports; the internet only with exceptions and ports" });
    }
  }
}

/** All pods of all namespaces. */
function namesEveryPod(check: Check, peer: Field): boolean {
  const namespaces = peer.get("namespaceSelector");
  return !namespaces.absent && selectsAll(check, namespaces) && selectsAll(check, peer.get("podSelector"));
}

/** An absent or empty selector selects everything. */
function selectsAll(check: Check, selector: Field): boolean {
  const parts = [selector.get("matchLabels"), selector.get("matchExpressions")];
  return parts.every((part) => check.known(part) && part.items().length === 0 && part.entries().length === 0);
}

function allPorts(ports: Field): boolean {
  const list = ports.items();
  return list.length === 0 || list.some((entry) => entry.get("port").absent || spansAll(entry));
}

function spansAll(entry: Field): boolean {
  return Number(entry.get("port").value) <= 1 && Number(entry.get("endPort").value) >= 65535;
}

function opensOnly(ports: Field, allowed: readonly number[]): boolean {
  const list = ports.items();
  const single = list.every(
    (entry) => allowed.includes(Number(entry.get("port").value)) && entry.get("endPort").absent,
  );
  return list.length > 0 && single;
}

function onPorts(ports: Field): string {
  return allPorts(ports)
    ? " on every port"
    : ` on ${ports
        .items()
        .map((entry) => String(entry.get("port").value))
        .join(", ")}`;
}

function namespaceOf(stack: Stack, resource: Resource): string | undefined {
  const namespace = resource.properties.get("metadata", "namespace");
  return stack.check(resource).known(namespace) ? textOf(namespace.value) || "default" : undefined;
}

function checkNamespace(stack: Stack, namespace: string, workload: Resource, policies: readonly Resource[]): void {
  const own = policies.filter((policy) => namespaceOf(stack, policy) === namespace);
  const denied = new Set(own.flatMap((policy) => deniedDirections(stack.check(policy), policy)));
  const missing = DIRECTIONS.filter(({ type }) => !denied.has(type)).map(({ type }) => type);
  // A policy of which something is not known yet may be the one that is missing.
  const candidates = [...own, ...policies.filter((policy) => namespaceOf(stack, policy) === undefined)];
  const undecided = candidates.some((policy) => stack.check(policy).notEvaluated.length > 0);
  if (missing.length > 0 && !undecided) {
    stack.check(workload).object(workload.properties.get("metadata", "namespace"), {
      found: `the namespace ${namespace} with no default denial of ${missing.join(" and ")}`,
      expected: "a NetworkPolicy with an empty podSelector, both policyTypes and no rule",
      fix: `Add such a NetworkPolicy to ${namespace}.`,
    });
  }
}

/** The directions in which a policy denies everything to every pod of its namespace. */
function deniedDirections(check: Check, policy: Resource): string[] {
  const spec = policy.properties.get("spec");
  const types = spec.get("policyTypes");
  if (!check.known(spec) || !check.known(types) || !selectsAll(check, spec.get("podSelector"))) {
    return [];
  }
  // Without policyTypes a policy concerns ingress, and egress only if it has egress rules.
  const named = types.absent ? ["Ingress"] : types.items().map(({ value }) => String(value));
  return DIRECTIONS.filter(({ type, rules }) => {
    return named.includes(type) && check.known(spec.get(rules)) && spec.get(rules).items().length === 0;
  }).map(({ type }) => type);
}
