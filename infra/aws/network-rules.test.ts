import assert from "node:assert/strict";

import fc from "fast-check";

import { workloadRules } from "../kubernetes/network-rules.ts";
import type { Flow } from "../spec/flow.ts";
import type { System } from "../spec/system.ts";
import { shopSettings } from "../testing/shop.ts";
import { endName, groupEnds, groupRules, ruleName, type GroupRule } from "./network-rules.ts";
import { shopTarget } from "./testing/shop.ts";
import type { Target } from "./target.ts";

const short = ({ direction, peer, port }: GroupRule) =>
  `${direction === "ingress" ? "from" : "to"} ${endName(peer)}:${port}`;

/** What a group lets in and out, in short. */
function allowed(target: Target, group: string): string[] {
  return groupRules(target)
    .filter((rule) => endName(rule.group) === group)
    .map(short);
}

/** The shop with other parts. */
function changed(change: (target: Target) => void): Target {
  const target = structuredClone(shopTarget());
  change(target);
  return target;
}

const aws = ["to network:443", "to s3:443"];

describe("The rules of security groups", () => {
  const cases: [string, string[]][] = [
    ["service.api", ["from edge:8080", "from service.writer:8080", "to store.cache:6380", "to store.db:5432", ...aws]],
    ["service.worker", aws],
    ["service.writer", ["to internet:443", "to service.api:8080", "to volume.writer:2049", ...aws]],
    ["job.migrate", ["to store.db:5432", ...aws]],
    ["job.report", aws],
    ["store.db", ["from functions:5432", "from job.migrate:5432", "from service.api:5432"]],
    ["store.cache", ["from service.api:6380"]],
    ["volume.writer", ["from service.writer:2049"]],
    ["edge", ["from internet:80", "from internet:443", "from network:8443", "to service.api:8080"]],
    ["functions", ["to internet:443", "to store.db:5432"]],
    [
      "endpoints",
      ["functions", "job.migrate", "job.report", "service.api", "service.worker", "service.writer"].map(
        (end) => `from ${end}:443`,
      ),
    ],
  ];
  for (const [group, expected] of cases) {
    it(`of ${group} are ${expected.join(", ")}`, () => {
      assert.deepEqual(allowed(shopTarget(), group).sort(), [...expected].sort());
    });
  }

  it("belong to exactly the groups that there are", () => {
    assert.deepEqual(groupEnds(shopTarget()).map(endName), cases.map(([group]) => group).sort());
  });

  it("name the requirements that ask for them, once each", () => {
    const described = (name: string) => groupRules(shopTarget()).find((rule) => ruleName(rule) === name)?.description;
    assert.equal(described("store.db.service.api.5432-ingress"), "T-14: api to db");
    assert.equal(described("service.api.store.db.5432-egress"), "T-14: api to db");
    assert.equal(described("service.writer.internet.443-egress"), "T-13: bank");
    assert.equal(described("service.worker.network.443-egress"), "AWS services; T-22: orders");
    assert.equal(described("job.report.s3.443-egress"), "T-24: files; image layers");
    assert.equal(described("service.writer.volume.writer.2049-egress"), "T-3: volumes");
    assert.equal(described("edge.internet.443-ingress"), "T-26");
  });

  it("open no test listener without a blue-green release, and no edge without a public endpoint", () => {
    const rolling = changed(({ system }) => {
      Object.assign(system.services["api"] ?? {}, { release: { strategy: "rolling", maxSurge: 1, maxUnavailable: 0 } });
    });
    assert.deepEqual(allowed(rolling, "edge"), ["from internet:443", "from internet:80", "to service.api:8080"]);
    const hidden = changed(({ system }) => (system.publicEndpoints = {}));
    assert.deepEqual(allowed(hidden, "edge"), []);
    assert.ok(!groupEnds(hidden).some(({ kind }) => kind === "edge"));
    assert.ok(!allowed(hidden, "service.api").includes("from edge:8080"));
  });

  it("reach AWS like the internet in an existing network, whose endpoints are its owner's", () => {
    const target = changed(({ aws }) => {
      aws.network = {
        vpcId: "vpc-1",
        cidr: "10.9.0.0/16",
        publicSubnetIds: [],
        privateSubnetIds: [],
        dataSubnetIds: [],
      };
    });
    assert.deepEqual(allowed(target, "job.report"), ["to internet:443"]);
    assert.ok(!groupEnds(target).some(({ kind }) => kind === "endpoints"));
    assert.ok(!groupRules(target).some(({ peer }) => peer.kind === "s3"));
  });

  it("let out what takes its image from a registry outside of AWS", () => {
    const target = changed(({ settings }) => (settings.images["writer"] = "registry.example/writer:1.0"));
    assert.deepEqual(
      groupRules(target).find((rule) => ruleName(rule) === "service.writer.internet.443-egress")?.description,
      "T-13: bank; images of registry.example",
    );
    assert.deepEqual(allowed(target, "service.worker"), allowed(shopTarget(), "service.worker"));
  });

  it("admit a Kubernetes cluster's nodes to stores, and nothing else of it", () => {
    const target = changed(({ aws }) => (aws.clusterSecurityGroupIds = ["sg-1", "sg-2"]));
    assert.deepEqual(groupEnds(target).map(endName), ["endpoints", "functions", "store.cache", "store.db"]);
    assert.deepEqual(allowed(target, "store.db"), [
      "from cluster.sg-1:5432",
      "from cluster.sg-2:5432",
      "from functions:5432",
    ]);
    assert.deepEqual(allowed(target, "store.cache"), ["from cluster.sg-1:6380", "from cluster.sg-2:6380"]);
    assert.deepEqual(allowed(target, "endpoints"), ["from functions:443"]);
  });
});

const services = ["agent", "shop-api", "shop"];
const ports: Record<string, number> = { agent: 3000, "shop-api": 8080, shop: 9000 };
const anyFlow: fc.Arbitrary<Flow> = fc.record({
  requirement: fc.constantFrom("T-1", "T-2"),
  from: fc.constantFrom(...services.map((service) => ({ service })), { monitoring: true } as const),
  to: fc.constantFrom(
    ...services.map((service) => ({ service, port: "http" })),
    { store: "db" },
    { store: "cache" },
    { outside: "bank" },
  ),
});

function generated(flows: readonly Flow[]): Target {
  const shop = shopTarget();
  const { api } = shop.system.services;
  const { db, cache } = shop.system.stores;
  const system = {
    ...shop.system,
    services: Object.fromEntries(services.map((name) => [name, { ...api, ports: { http: { port: ports[name] } } }])),
    stores: { db, cache },
    jobs: {},
    publicEndpoints: {},
    flows: flows.filter(({ from, to }) => "monitoring" in from === false || "service" in to),
  } as unknown as System;
  return { ...shop, system };
}

interface Peer {
  podSelector?: { matchLabels: Record<string, string> };
}

interface Policy {
  podSelector: { matchLabels: Record<string, string> };
  ingress: { from: Peer[]; ports: { port: number }[] }[];
  egress: { to: Peer[]; ports: { port: number }[] }[];
}

/** Allowed connections on Kubernetes, as "ingress shop agent:3000"; metrics are read by a pod of their own there. */
function onKubernetes({ system }: Target): string[] {
  const named = ({ podSelector }: Peer) => podSelector?.matchLabels["app.kubernetes.io/name"] ?? "internet";
  return workloadRules({ system, settings: shopSettings() })
    .flatMap(({ workload, spec }) => {
      const { ingress, egress } = spec as unknown as Policy;
      return [
        ...ingress.flatMap(({ from, ports: [port] }) =>
          from.map((peer) => `ingress ${workload} ${named(peer)}:${port?.port}`),
        ),
        ...egress.flatMap(({ to, ports: [port] }) =>
          to.map((peer) => `egress ${workload} ${named(peer)}:${port?.port}`),
        ),
      ];
    })
    .filter((rule) => !/prometheus|alertmanager/.test(rule))
    .sort();
}

function onAws(target: Target): string[] {
  const flows = groupRules(target).filter(
    ({ group, peer }) =>
      (group.kind === "service" || group.kind === "store") &&
      (peer.kind === "service" || peer.kind === "store" || peer.kind === "internet"),
  );
  const last = (end: GroupRule["peer"]) => ("name" in end ? end.name : end.kind);
  return flows.map(({ direction, group, peer, port }) => `${direction} ${last(group)} ${last(peer)}:${port}`).sort();
}

describe("The rules of security groups, whatever the flows,", () => {
  const anyTarget = fc.array(anyFlow, { maxLength: 12 }).map(generated);

  it("allow the same connections as the network policies of Kubernetes", () => {
    fc.assert(fc.property(anyTarget, (target) => assert.deepEqual(onAws(target), onKubernetes(target))));
  });

  it("come in pairs: what one group sends, the other lets in", () => {
    fc.assert(
      fc.property(anyTarget, (target) => {
        const rules = groupRules(target);
        const ends = new Set(groupEnds(target).map(endName));
        const between = rules.filter(({ group, peer }) => group.kind !== "endpoints" && ends.has(endName(peer)));
        const mirrored = (rule: GroupRule) =>
          between.some(
            ({ direction, group, peer, port }) =>
              direction !== rule.direction &&
              endName(group) === endName(rule.peer) &&
              endName(peer) === endName(rule.group) &&
              port === rule.port,
          );
        assert.ok(between.every(mirrored));
        assert.ok(rules.every(({ group }) => ends.has(endName(group))));
      }),
    );
  });

  it("leave a group closed that no flow names, except towards AWS", () => {
    fc.assert(
      fc.property(anyTarget, (target) => {
        const talks = (kind: "service" | "store", name: string) =>
          target.system.flows.some(
            ({ from, to }) =>
              !("monitoring" in from) &&
              ((from as Record<string, unknown>)[kind] === name || (to as Record<string, unknown>)[kind] === name),
          );
        for (const group of groupEnds(target)) {
          if (group.kind === "service" && !talks("service", group.name)) {
            assert.deepEqual(allowed(target, endName(group)), aws);
          }
          if (group.kind === "store" && group.name === "cache" && !talks("store", "cache")) {
            assert.deepEqual(allowed(target, endName(group)), []);
          }
        }
      }),
    );
  });

  it("let the internet in nowhere, and have one port, a name of their own and a text that AWS takes", () => {
    fc.assert(
      fc.property(anyTarget, (target) => {
        const rules = groupRules(target);
        assert.ok(!rules.some(({ direction, peer }) => direction === "ingress" && peer.kind === "internet"));
        assert.equal(new Set(rules.map(ruleName)).size, rules.length);
        for (const { description } of rules) {
          assert.match(description, /^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{1,255}$/);
        }
      }),
    );
  });

  it("do not depend on the order of the specification", () => {
    fc.assert(
      fc.property(anyTarget, (target) => {
        const { system } = target;
        const reversed = {
          ...system,
          services: Object.fromEntries(Object.entries(system.services).reverse()),
          stores: Object.fromEntries(Object.entries(system.stores).reverse()),
          flows: [...system.flows].reverse(),
        };
        assert.deepEqual(groupRules({ ...target, system: reversed }), groupRules(target));
      }),
    );
  });
});
