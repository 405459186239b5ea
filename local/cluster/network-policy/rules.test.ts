import assert from "node:assert/strict";

import type { V1NetworkPolicy, V1NetworkPolicySpec } from "@kubernetes/client-node";

import { parseResult } from "./addresses.ts";
import { policyRules, type PolicyPod } from "./rules.ts";
import { selects } from "./selector.ts";

const pod = (namespace: string, app: string, address: string): PolicyPod => ({
  namespace,
  labels: { app },
  address,
  namedPorts: [{ name: "http", port: 8080, protocol: "TCP" }],
});
const api = pod("shop", "api", "10.217.0.10");
const store = pod("shop", "store", "10.217.0.11");
const dns = pod("kube-system", "dns", "10.217.0.2");
const node = { podRange: "10.217.0.0/24", nodeAddress: "10.217.0.1" };
const namespaces = { shop: { name: "shop" }, "kube-system": { name: "kube-system" } };
const policy = (spec: V1NetworkPolicySpec): V1NetworkPolicy => ({ metadata: { name: "p", namespace: "shop" }, spec });

/** The lines of one chain. */
const chain = (policies: V1NetworkPolicy[], name: string, pods = [api, store, dns]) => {
  const text = policyRules({ ...node, pods, namespaces, policies });
  const body = new RegExp(`chain ${name} \\{\\n([^}]*?)\\n  \\}`).exec(
    text.replaceAll(/\{ ([^{}\n]*) \}/g, "<$1>"),
  )?.[1];
  return body?.split("\n").map((line) => line.trim());
};

describe("the packet filter made from network policies", () => {
  it("replaces the one before as a whole and lets answers pass", () => {
    const text = policyRules({ ...node, pods: [api], namespaces, policies: [] });
    assert.match(text, /^table ip agent-commerce-policy\ndelete table ip agent-commerce-policy\ntable ip /);
    assert.equal(chain([], "forward")?.[1], "ct state established,related accept");
  });

  it("leaves a pod alone that no policy chooses, and holds back addresses that are neither a known pod nor the node", () => {
    assert.deepEqual(chain([], "egress"), [
      "ip saddr 10.217.0.0/24 ip saddr != <10.217.0.1, 10.217.0.10, 10.217.0.11, 10.217.0.2> drop",
    ]);
    assert.equal(chain([policy({ podSelector: { matchLabels: { app: "api" } } })], "ingress-10-217-0-11"), undefined);
  });

  it("drops everything for a pod under a policy without rules, in its directions only", () => {
    const deny = policy({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    assert.deepEqual(chain([deny], "ingress-10-217-0-10"), ["drop"]);
    assert.deepEqual(chain([deny], "egress-10-217-0-10"), ["drop"]);
    assert.equal(chain([deny], "egress-10-217-0-2"), undefined);
    assert.equal(chain([policy({ podSelector: {} })], "egress-10-217-0-10"), undefined);
    assert.deepEqual(chain([policy({ podSelector: {}, egress: [] })], "egress-10-217-0-10"), ["drop"]);
  });

  it("allows pods of the same namespace by label", () => {
    const allow = policy({
      podSelector: { matchLabels: { app: "store" } },
      ingress: [{ _from: [{ podSelector: { matchLabels: { app: "api" } } }], ports: [{ port: 5432 }] }],
    });
    assert.deepEqual(chain([allow], "ingress-10-217-0-11"), ["ip saddr <10.217.0.10> tcp dport 5432 return", "drop"]);
  });

  it("does not take a pod of another namespace for one of the same labels here", () => {
    const allow = policy({ podSelector: {}, egress: [{ to: [{ podSelector: { matchLabels: { app: "dns" } } }] }] });
    assert.deepEqual(chain([allow], "egress-10-217-0-10"), ["drop"]);
  });

  it("allows pods by namespace and label together, at ports of each protocol", () => {
    const allow = policy({
      podSelector: {},
      egress: [
        {
          to: [
            {
              namespaceSelector: { matchLabels: { name: "kube-system" } },
              podSelector: { matchLabels: { app: "dns" } },
            },
          ],
          ports: [
            { port: 53, protocol: "UDP" },
            { port: 53, protocol: "TCP" },
          ],
        },
      ],
    });
    assert.deepEqual(chain([allow], "egress-10-217-0-10"), [
      "ip daddr <10.217.0.2> udp dport 53 return",
      "ip daddr <10.217.0.2> tcp dport 53 return",
      "drop",
    ]);
  });

  it("allows a block of addresses without its exceptions, ports in a range, and a protocol as a whole", () => {
    const allow = policy({
      podSelector: { matchLabels: { app: "api" } },
      egress: [
        {
          to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["10.0.0.0/8", "fd00::/8"] } }, { ipBlock: { cidr: "::/0" } }],
          ports: [{ port: 8000, endPort: 8100 }, { protocol: "SCTP" }],
        },
      ],
    });
    assert.deepEqual(chain([allow], "egress-10-217-0-10"), [
      "ip daddr 0.0.0.0/0 ip daddr != <10.0.0.0/8> tcp dport 8000-8100 return",
      "ip daddr 0.0.0.0/0 ip daddr != <10.0.0.0/8> meta l4proto sctp return",
      "drop",
    ]);
  });

  it("resolves a port's name by the pod that is connected to", () => {
    const grpc = { ...store, namedPorts: [{ name: "http", port: 9090, protocol: "TCP" }] };
    const byName = { ports: [{ port: "http" }] };
    const rules = policy({
      podSelector: { matchLabels: { app: "api" } },
      ingress: [byName],
      egress: [{ ...byName, to: [{ podSelector: {} }] }],
    });
    const pods = [api, grpc];
    assert.deepEqual(chain([rules], "ingress-10-217-0-10", pods), ["tcp dport 8080 return", "drop"]);
    assert.deepEqual(chain([rules], "egress-10-217-0-10", pods), [
      "ip daddr 10.217.0.10 tcp dport 8080 return",
      "ip daddr 10.217.0.11 tcp dport 9090 return",
      "drop",
    ]);
  });

  it("adds up what several policies allow, and a rule that names nobody allows everybody", () => {
    const everybody = policy({ podSelector: {}, ingress: [{}] });
    const deny = policy({ podSelector: {} });
    assert.deepEqual(chain([deny, everybody], "ingress-10-217-0-10"), ["return", "drop"]);
  });
});

describe("a label selector", () => {
  const labels = { app: "api", tier: "front" };
  const expression = (key: string, operator: string, values?: string[]) => ({
    matchExpressions: [{ key, operator, ...(values ? { values } : {}) }],
  });
  const cases: [string, object, boolean][] = [
    ["that is empty", {}, true],
    ["with every label equal", { matchLabels: { app: "api", tier: "front" } }, true],
    ["with one label different", { matchLabels: { app: "api", tier: "back" } }, false],
    ["In with the value", expression("app", "In", ["api", "web"]), true],
    ["In without the label", expression("zone", "In", ["a"]), false],
    ["NotIn with the value", expression("app", "NotIn", ["api"]), false],
    ["NotIn without the label", expression("zone", "NotIn", ["a"]), true],
    ["Exists", expression("tier", "Exists"), true],
    ["DoesNotExist", expression("tier", "DoesNotExist"), false],
  ];
  for (const [what, selector, expected] of cases) {
    it(`${what} ${expected ? "chooses" : "does not choose"} the labels`, () =>
      assert.equal(selects(selector, labels), expected));
  }
});

describe("the address of a pod", () => {
  it("is read from what the network plugin wrote down", () => {
    const text = JSON.stringify({ cniArgs: [["K8S_POD_UID", "u1"]], result: { ips: [{ address: "10.217.0.9/24" }] } });
    assert.deepEqual(parseResult(text), [{ podUid: "u1", address: "10.217.0.9" }]);
  });

  it("is unknown while that is being written or belongs to no pod", () => {
    assert.deepEqual(parseResult('{"cniArgs": ['), []);
    assert.deepEqual(parseResult("{}"), []);
  });
});
