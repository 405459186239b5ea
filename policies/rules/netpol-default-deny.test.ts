import assert from "node:assert/strict";
import { UNKNOWN, type TestResource } from "../testing/analyzer.ts";
import { kubernetes, workload } from "../testing/fixtures.ts";
import { analyze, analyzeStack, stackVerdict, verdict } from "../testing/pack.ts";

const POLICY = "netpol-default-deny";
const TYPE = "networking.k8s.io/v1:NetworkPolicy";
const BOTH = ["Ingress", "Egress"];
const PRIVATE = ["10.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"];
const WEB = [{ protocol: "TCP", port: 443 }];

const netpol = (spec: unknown) => kubernetes(TYPE, { spec });
const deny = netpol({ podSelector: {}, policyTypes: BOTH });
const place = (resource: TestResource, namespace: unknown): TestResource => ({
  ...resource,
  properties: { ...resource.properties, metadata: { namespace } },
});
const ingress = (rule: unknown, parameters = {}) =>
  verdict(POLICY, netpol({ podSelector: { matchLabels: { app: "a" } }, ingress: [rule] }), {
    [POLICY]: { parameters },
  });
const egress = (rule: unknown) => verdict(POLICY, netpol({ podSelector: {}, policyTypes: BOTH, egress: [rule] }));

describe("POL-NETPOL-DEFAULT-DENY (WS-SEC-47, EB-SEC-23, AR-SEC-10, RB-SEC-12)", () => {
  describe("for each NetworkPolicy", () => {
    it("accepts named peers, and the internet with exceptions and ports", async () => {
      assert.deepEqual(await ingress({ from: [{ podSelector: { matchLabels: { app: "agent" } } }], ports: WEB }), []);
      assert.deepEqual(await egress({ to: [{ ipBlock: { cidr: "0.0.0.0/0", except: PRIVATE } }], ports: WEB }), []);
      const namespaceSelector = { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } };
      assert.deepEqual(await egress({ to: [{ namespaceSelector }] }), []);
    });

    it("says what is wrong and what to do", async () => {
      const reports = await analyze(netpol({ podSelector: {}, ingress: [{}] }));
      const report = reports.find(({ policy }) => policy === POLICY);
      assert.equal(report?.level, "mandatory");
      assert.equal(
        report.message,
        [
          "POL-NETPOL-DEFAULT-DENY: Default-deny ingress and egress in every namespace",
          "  resource: subject (kubernetes:networking.k8s.io/v1:NetworkPolicy)",
          "  property: spec.ingress[0]",
          "  found:    every source on every port",
          "  expected: named peers and ports; the internet only with exceptions and ports",
          "  fix:      Declare who talks to whom as flows of the specification: they become one narrow rule each.",
          "  required: WS-SEC-47, EB-SEC-23, AR-SEC-10, RB-SEC-12; NSA C-0030, C-0054; CIS Kubernetes 5.3.2",
          "  more:     docs/policies/netpol-default-deny.md",
        ].join("\n"),
      );
    });

    it("reads absent and empty peers as everyone", async () => {
      assert.deepEqual(await ingress({ ports: WEB }), ["mandatory spec.ingress[0]: every source on 443"]);
      assert.deepEqual(await ingress({ from: [], ports: WEB }), [
        "mandatory spec.ingress[0].from: every source on 443",
      ]);
      assert.deepEqual(await egress({ to: [] }), ["mandatory spec.egress[0].to: every destination on every port"]);
    });

    it("rejects the whole internet without exceptions or without ports, in both address families", async () => {
      for (const cidr of ["0.0.0.0/0", "::/0"]) {
        assert.deepEqual(await egress({ to: [{ ipBlock: { cidr } }], ports: WEB }), [
          "mandatory spec.egress[0].to[0].ipBlock.cidr: every destination on 443",
        ]);
        assert.deepEqual(await egress({ to: [{ ipBlock: { cidr, except: PRIVATE } }] }), [
          "mandatory spec.egress[0].to[0].ipBlock.cidr: every destination on every port",
        ]);
      }
      assert.deepEqual(await egress({ to: [{ ipBlock: { cidr: "0.0.0.0/1" } }], ports: WEB }), []);
    });

    it("reads a port range over everything, or an entry without a port, as every port", async () => {
      const to = [{ ipBlock: { cidr: "0.0.0.0/0", except: PRIVATE } }];
      const whole = ["mandatory spec.egress[0].to[0].ipBlock.cidr: every destination on every port"];
      assert.deepEqual(await egress({ to, ports: [{ port: 1, endPort: 65535 }] }), whole);
      assert.deepEqual(await egress({ to, ports: [{ protocol: "TCP" }] }), whole);
      assert.deepEqual(await egress({ to, ports: [{ port: 2, endPort: 65535 }] }), []);
    });

    it("rejects all pods of all namespaces, however empty the selectors are written", async () => {
      for (const namespaceSelector of [{}, { matchLabels: {} }, { matchExpressions: [] }]) {
        assert.deepEqual(await ingress({ from: [{ namespaceSelector, podSelector: {} }], ports: WEB }), [
          "mandatory spec.ingress[0].from[0]: every source on 443",
        ]);
      }
      const podSelector = { matchLabels: { app: "prometheus" } };
      assert.deepEqual(await ingress({ from: [{ namespaceSelector: {}, podSelector }], ports: WEB }), []);
    });

    it("lets rules open only the configured ports to everyone", async () => {
      const dns = { ports: [{ protocol: "UDP", port: 53 }] };
      assert.deepEqual(await egress(dns), []);
      assert.deepEqual(await ingress(dns, { anyPeerPorts: [] }), ["mandatory spec.ingress[0]: every source on 53"]);
      assert.deepEqual(await egress({ ports: [{ port: 53, endPort: 54 }] }), [
        "mandatory spec.egress[0]: every destination on 53",
      ]);
    });

    it("goes on past rules that are not known yet", async () => {
      const resource = netpol({ podSelector: {}, ingress: [{ from: UNKNOWN }, UNKNOWN, {}], egress: UNKNOWN });
      assert.deepEqual(await verdict(POLICY, resource), [
        "mandatory spec.ingress[2]: every source on every port",
        "advisory not evaluated: spec.ingress[0].from",
        "advisory not evaluated: spec.ingress[1]",
        "advisory not evaluated: spec.egress",
      ]);
    });
  });

  describe("for the stack", () => {
    const missing = (types: string, namespace = "worldstore") =>
      `mandatory metadata.namespace: the namespace ${namespace} with no default denial of ${types}`;

    it("accepts a namespace with a policy that denies both directions, or two that deny one each", async () => {
      assert.deepEqual(await stackVerdict(POLICY, [workload(), deny]), []);
      const halves = BOTH.map((type) => netpol({ podSelector: { matchLabels: {} }, policyTypes: [type] }));
      assert.deepEqual(await stackVerdict(POLICY, [workload(), ...halves]), []);
    });

    it("says which namespace lacks what", async () => {
      const reports = await analyzeStack([workload()]);
      const report = reports.find(({ policy }) => policy === POLICY);
      assert.equal(report?.level, "mandatory");
      assert.equal(report.urn, "urn:pulumi:test::project::kubernetes:apps/v1:Deployment::payment-server");
      assert.match(
        report.message,
        / {2}found: {4}the namespace worldstore with no default denial of Ingress and Egress\n/,
      );
      assert.match(report.message, / {2}fix: {6}Add such a NetworkPolicy to worldstore\.\n/);
    });

    it("accepts no policy that selects some pods only, or allows something, or names one direction", async () => {
      const selective = netpol({ podSelector: { matchLabels: { app: "a" } }, policyTypes: BOTH });
      const ingressOnly = netpol({ podSelector: {} });
      const allows = netpol({ podSelector: {}, policyTypes: BOTH, egress: [{ ports: [{ port: 53 }] }] });
      assert.deepEqual(await stackVerdict(POLICY, [workload(), selective]), [missing("Ingress and Egress")]);
      assert.deepEqual(await stackVerdict(POLICY, [workload(), ingressOnly]), [missing("Egress")]);
      assert.deepEqual(await stackVerdict(POLICY, [workload(), allows]), [missing("Egress")]);
    });

    it("judges each namespace by its own policies; no namespace is default", async () => {
      assert.deepEqual(await stackVerdict(POLICY, [workload(), place(deny, "other")]), [missing("Ingress and Egress")]);
      assert.deepEqual(await stackVerdict(POLICY, [place(workload(), undefined), deny]), [
        missing("Ingress and Egress", "default"),
      ]);
      assert.deepEqual(await stackVerdict(POLICY, [deny]), []);
    });

    it("reports namespaces that are not known yet and waits for the update", async () => {
      assert.deepEqual(await stackVerdict(POLICY, [place(workload(), UNKNOWN), deny]), [
        "advisory not evaluated: metadata.namespace",
      ]);
      assert.deepEqual(await stackVerdict(POLICY, [workload(), place(deny, UNKNOWN)]), [
        "advisory not evaluated: metadata.namespace",
      ]);
      const unknownTypes = netpol({ podSelector: {}, policyTypes: UNKNOWN });
      assert.deepEqual(await stackVerdict(POLICY, [workload(), unknownTypes]), [
        "advisory not evaluated: spec.policyTypes",
      ]);
    });
  });
});
