import assert from "node:assert/strict";
import { BlockList } from "node:net";

import { denyAll, dnsEgress, workloadRules } from "./network-rules.ts";
import type { Target } from "./target.ts";
import { awsSettings } from "../aws/testing/shop.ts";
import { shopTarget } from "../testing/shop.ts";

/** What a workload's policy says, in short: "from api:5432", "to 0.0.0.0/0:443". */
function allowed(target: Target, workload: string): string[] {
  const spec = workloadRules(target).find((rules) => rules.workload === workload)?.spec as unknown as PolicySpec;
  return [
    ...spec.ingress.flatMap(({ from, ports }) => from.map((peer) => `from ${named(peer)}:${ports[0]?.port}`)),
    ...spec.egress.flatMap(({ to, ports }) => to.map((peer) => `to ${named(peer)}:${ports[0]?.port}`)),
  ];
}

interface Peer {
  namespaceSelector?: { matchLabels: Record<string, string> };
  podSelector?: { matchLabels: Record<string, string> };
  ipBlock?: { cidr: string; except: string[] };
}

interface PolicySpec {
  podSelector: { matchLabels: Record<string, string> };
  ingress: { from: Peer[]; ports: { port: number }[] }[];
  egress: { to: Peer[]; ports: { port: number }[] }[];
}

function named({ namespaceSelector, podSelector, ipBlock }: Peer): string {
  if (namespaceSelector) return `namespace ${namespaceSelector.matchLabels["kubernetes.io/metadata.name"]}`;
  return ipBlock?.cidr ?? podSelector?.matchLabels["app.kubernetes.io/name"] ?? "everything";
}

describe("The network rules", () => {
  const cases: [string, string[]][] = [
    ["api", ["from prometheus:8080", "from writer:8080", "to db:5432", "to cache:6380"]],
    ["writer", ["from prometheus:8080", "to 0.0.0.0/0:443", "to orders:6380", "to api:8080"]],
    ["db", ["from api:5432"]],
    ["cache", ["from api:6380", "from prometheus:9121"]],
    ["orders", ["from writer:6380", "from prometheus:9121"]],
    ["alertmanager", ["from prometheus:9093"]],
    ["prometheus", ["to api:8080", "to writer:8080", "to alertmanager:9093", "to cache:9121", "to orders:9121"]],
  ];
  for (const [workload, expected] of cases) {
    it(`of ${workload} are ${expected.join(", ")}`, () => {
      assert.deepEqual(allowed(shopTarget(), workload).sort(), [...expected].sort());
    });
  }

  it("exist for exactly the workloads that talk", () => {
    const workloads = workloadRules(shopTarget()).map(({ workload }) => workload);
    assert.deepEqual(workloads, cases.map(([workload]) => workload).sort());
  });

  it("name the outside hosts for people, since a policy knows addresses only", () => {
    const rules = workloadRules(shopTarget());
    assert.deepEqual(rules.find(({ workload }) => workload === "writer")?.hosts, [
      "api.bank.example",
      "login.bank.example",
    ]);
    assert.deepEqual(rules.find(({ workload }) => workload === "api")?.hosts, []);
  });

  it("let the outside be reached, but no address of this network or of a cloud's metadata", () => {
    const writer = workloadRules(shopTarget()).find(({ workload }) => workload === "writer");
    const spec = writer?.spec as unknown as PolicySpec;
    const block = spec.egress.flatMap(({ to }) => to).find(({ ipBlock }) => ipBlock)?.ipBlock;
    const except = new BlockList();
    for (const range of block?.except ?? []) {
      const [address = "", bits = ""] = range.split("/");
      except.addSubnet(address, Number(bits));
    }
    for (const inside of ["10.217.0.5", "172.20.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "127.0.0.1"]) {
      assert.ok(except.check(inside), inside);
    }
    for (const outside of ["1.1.1.1", "104.18.0.1", "172.64.0.1", "9.9.9.9"])
      assert.ok(!except.check(outside), outside);
  });

  it("let the ingress controller reach what is published, and a job what it uses", () => {
    const target = shopTarget();
    target.settings.ingress = { className: "traefik", namespace: "ingress", certificateIssuer: "letsencrypt" };
    target.system.flows = [
      ...target.system.flows,
      { requirement: "T-1", from: { edge: true }, to: { service: "api", port: "http" } },
      { requirement: "T-1", from: { job: "migrate" }, to: { store: "db" } },
    ];
    assert.ok(allowed(target, "api").includes("from namespace ingress:8080"));
    assert.deepEqual(allowed(target, "migrate"), ["to db:5432"]);
    assert.deepEqual(allowed(target, "db"), ["from api:5432", "from migrate:5432"]);
  });

  it("lead to managed stores by the addresses of their network, and to the queue in the cluster", () => {
    const target = shopTarget();
    target.settings.datastoreMode = "managed";
    target.settings.aws = awsSettings;
    assert.deepEqual(allowed(target, "api"), [
      "from prometheus:8080",
      "from writer:8080",
      "to 10.20.0.0/16:5432",
      "to 10.20.0.0/16:6380",
    ]);
    assert.ok(allowed(target, "writer").includes("to orders:6380"));
    assert.deepEqual(
      workloadRules(target).map(({ workload }) => workload),
      ["alertmanager", "api", "orders", "prometheus", "writer"],
    );
  });

  it("begin by refusing everything but questions to the cluster's DNS", () => {
    assert.deepEqual(denyAll(), { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    const { egress } = dnsEgress() as unknown as { egress: { to: object[]; ports: { port: number }[] }[] };
    assert.deepEqual(
      egress.flatMap(({ ports }) => ports.map(({ port }) => port)),
      [53, 53],
    );
    assert.equal(egress.flatMap(({ to }) => to).length, 1);
  });
});
