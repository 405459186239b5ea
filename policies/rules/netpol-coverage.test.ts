import assert from "node:assert/strict";
import { UNKNOWN, type TestResource } from "../testing/analyzer.ts";
import { container } from "../testing/fixtures.ts";
import { app, ingress, networkPolicy, service } from "../testing/network-fixtures.ts";
import { stackVerdict } from "../testing/pack.ts";

const POLICY = "netpol-coverage";
const payment = { matchLabels: { app: "payment-server" } };
const agent = { podSelector: { matchLabels: { app: "agent" } } };
const dns = (ports: unknown = [{ port: 53 }], podSelector: unknown = {}) =>
  networkPolicy(
    {
      podSelector,
      policyTypes: ["Egress"],
      egress: [{ to: [{ namespaceSelector: { matchLabels: { a: "b" } } }], ports }],
    },
    "dns",
  );
const allow = (rule: unknown, podSelector: unknown = payment) =>
  networkPolicy({ podSelector, policyTypes: ["Ingress"], ingress: [rule] });
const found = (...resources: TestResource[]) => stackVerdict(POLICY, resources);
const named = (resource: TestResource, name: string): TestResource => ({
  ...resource,
  name,
  properties: { ...resource.properties, metadata: { name, namespace: "worldstore" } },
});

describe("POL-NETPOL-COVERAGE (EB-SEC-23, EB-SEC-31, AR-SEC-10, AR-SEC-30, RB-SEC-09)", () => {
  describe("policies", () => {
    const port = (value: unknown, more = {}) =>
      found(app(), dns(), allow({ from: [agent], ports: [{ port: value, ...more }] }));
    const PORT = "spec.ingress[0].ports[0].port";

    it("open ports on which the pods listen, by number, name or range", async () => {
      assert.deepEqual(await port(3000), []);
      assert.deepEqual(await port("http"), []);
      assert.deepEqual(await port(undefined), []);
      assert.deepEqual(await port(2999, { endPort: 3001 }), []);
      assert.deepEqual(await port(3001), [`mandatory ${PORT}: 3001`]);
      assert.deepEqual(await port("web"), [`mandatory ${PORT}: "web"`]);
      assert.deepEqual(await port(3001, { endPort: 4000 }), [`mandatory ${PORT}: 3001`]);
      assert.deepEqual(await port(2000, { endPort: 2999 }), [`mandatory ${PORT}: 2000`]);
      assert.deepEqual(await port(UNKNOWN), [`advisory not evaluated: ${PORT}`]);
    });

    it("are not judged by pods that name no port or are not known yet", async () => {
      const rule = allow({ from: [agent], ports: [{ port: 1 }] });
      assert.deepEqual(await found(app({}, [container({ ports: undefined })]), dns(), rule), []);
      const later = app({ template: { metadata: { labels: { app: "payment-server" } }, spec: UNKNOWN } });
      assert.deepEqual(await found(later, dns(), rule), []);
      const all = networkPolicy({ podSelector: {}, policyTypes: ["Ingress"], ingress: [{ ports: [{ port: 1 }] }] });
      assert.deepEqual(await found(app(), dns(), all), []);
    });

    it("select some pod", async () => {
      const SELECTOR = "mandatory spec.podSelector: labels that no pod bears";
      assert.deepEqual(await found(app(), dns(), allow({ from: [agent] }, { matchLabels: { app: "typo" } })), [
        SELECTOR,
      ]);
      for (const [operator, values, fits] of [
        ["In", ["payment-server"], true],
        ["In", ["other"], false],
        ["NotIn", ["payment-server"], false],
        ["NotIn", ["other"], true],
        ["Exists", undefined, true],
        ["DoesNotExist", undefined, false],
      ] as const) {
        const selector = { matchExpressions: [{ key: "app", operator, values }] };
        assert.deepEqual(
          await found(app(), dns(), allow({ from: [agent] }, selector)),
          fits ? [] : [SELECTOR],
          operator,
        );
      }
      for (const [operator, fits] of [
        ["In", false],
        ["NotIn", true],
        ["Exists", false],
        ["DoesNotExist", true],
      ] as const) {
        const selector = { matchExpressions: [{ key: "absent", operator, values: ["x"] }] };
        assert.deepEqual(
          await found(app(), dns(), allow({ from: [agent] }, selector)),
          fits ? [] : [SELECTOR],
          operator,
        );
      }
      assert.deepEqual(await found(allow({ from: [agent] })), []);
      assert.deepEqual(await found(app(), dns(), allow({ from: [agent] }, UNKNOWN)), [
        "advisory not evaluated: spec.podSelector",
      ]);
      const later = app({}, undefined, { app: UNKNOWN });
      assert.deepEqual(await found(later, dns(), allow({ from: [agent] }, { matchLabels: { app: "typo" } })), []);
    });

    it("select pods of their own namespace", async () => {
      const other = allow({ from: [agent] });
      other.properties["metadata"] = { name: "policy", namespace: "other" };
      assert.deepEqual(await found(app(), dns(), other), ["mandatory spec.podSelector: labels that no pod bears"]);
    });

    it("let clients of a database in by their labels", async () => {
      const database = named(
        app({}, [container({ image: "postgres:17.5", ports: [{ containerPort: 5432 }] })]),
        "database",
      );
      const from = (peer: unknown, workload = database) => found(workload, dns(), allow({ from: [peer] }));
      const anyone = ["mandatory spec.ingress[0].from[0]: whoever is in a namespace or network"];
      assert.deepEqual(await from(agent), []);
      assert.deepEqual(await from({ podSelector: { matchExpressions: [{ key: "app", operator: "Exists" }] } }), []);
      assert.deepEqual(await from({ podSelector: {} }), anyone);
      assert.deepEqual(await from({ namespaceSelector: { matchLabels: { name: "x" } } }), anyone);
      assert.deepEqual(await from({ ipBlock: { cidr: "10.0.0.0/8" } }), anyone);
      assert.deepEqual(await from({ podSelector: {} }, app()), []);
      assert.deepEqual(await from(UNKNOWN), ["advisory not evaluated: spec.ingress[0].from[0]"]);
    });

    it("let pods reach the internet on the listed ports alone", async () => {
      const out = (value: unknown, cidr = "0.0.0.0/0") =>
        found(
          app(),
          dns(),
          networkPolicy({
            podSelector: payment,
            policyTypes: ["Egress"],
            egress: [{ to: [{ ipBlock: { cidr } }], ports: [{ port: value }] }],
          }),
        );
      assert.deepEqual(await out(443), []);
      assert.deepEqual(await out(25), ["mandatory spec.egress[0].ports[0].port: 25"]);
      assert.deepEqual(await out(25, "::/0"), ["mandatory spec.egress[0].ports[0].port: 25"]);
      assert.deepEqual(await out(25, "10.0.0.0/8"), []);
      assert.deepEqual(await out(UNKNOWN), ["advisory not evaluated: spec.egress[0].ports[0].port"]);
    });
  });

  describe("workloads", () => {
    const LABELS = "mandatory spec.template.metadata.labels";

    it("are each selected by a policy, once the stack has any", async () => {
      const elsewhere = app({}, undefined, { app: "other" });
      assert.deepEqual(await found(elsewhere), []);
      assert.deepEqual(await found(app(), named(elsewhere, "other"), allow({ from: [agent] })), [
        `${LABELS}: pods that no NetworkPolicy selects`,
      ]);
      assert.deepEqual(await found(app(), allow({ from: [agent] })), []);
    });

    it("may ask for names if their egress is restricted", async () => {
      const deny = networkPolicy({ podSelector: {}, policyTypes: ["Ingress", "Egress"] }, "deny");
      const silent = [`${LABELS}: pods that may not ask for names`];
      assert.deepEqual(await found(app(), deny), silent);
      assert.deepEqual(await found(app(), deny, dns()), []);
      assert.deepEqual(await found(app(), deny, dns([{ port: 443 }])), silent);
      assert.deepEqual(await found(app(), deny, dns(undefined, payment)), []);
      assert.deepEqual(await found(app(), deny, dns([])), []);
      assert.deepEqual(await found(app(), deny, dns(UNKNOWN)), ["advisory not evaluated: spec.egress[0].ports"]);
      const implied = networkPolicy({ podSelector: {}, egress: [{ to: [agent], ports: [{ port: 443 }] }] });
      assert.deepEqual(await found(app(), implied), silent);
      const config = { [POLICY]: { parameters: { dnsPorts: [5353] } } };
      assert.deepEqual(await stackVerdict(POLICY, [app(), deny, dns()], config), silent);
    });

    it("wait for namespaces and selectors that are not known yet", async () => {
      const later = allow({ from: [agent] });
      later.properties["metadata"] = { name: "policy", namespace: UNKNOWN };
      assert.deepEqual(await found(app({}, undefined, { app: "x" }), later), [
        "advisory not evaluated: metadata.namespace",
      ]);
      const unlabelled = app({ template: { metadata: { labels: UNKNOWN }, spec: {} } });
      assert.deepEqual(await found(unlabelled, allow({ from: [agent] })), [
        "advisory not evaluated: spec.template.metadata.labels",
      ]);
      const placeless = app();
      placeless.properties["metadata"] = { name: "payment-server", namespace: UNKNOWN };
      const lines = await found(placeless, dns());
      assert.deepEqual(lines, ["advisory not evaluated: metadata.namespace"]);
    });
  });

  describe("the edge", () => {
    const outside = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "traefik" } } };
    const whole = "a whole namespace, for pods that no Ingress leads to";

    it("reaches only what an Ingress leads to", async () => {
      const worker = named(app({}, undefined, { app: "worker" }), "worker");
      const stack = [app(), worker, service(), ingress(), dns()];
      const toWorker = { matchLabels: { app: "worker" } };
      assert.deepEqual(await found(...stack, allow({ from: [outside] })), []);
      assert.deepEqual(await found(...stack, allow({ from: [outside] }, toWorker)), [
        `mandatory spec.ingress[0].from[0]: ${whole}`,
      ]);
      assert.deepEqual(await found(...stack, allow({ from: [{ ...outside, ...agent }] }, toWorker)), []);
      const prometheus = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } } };
      assert.deepEqual(await found(...stack, allow({ from: [prometheus] }, toWorker)), []);
      assert.deepEqual(await found(worker, dns(), allow({ from: [outside] }, toWorker)), []);
    });
  });
});
