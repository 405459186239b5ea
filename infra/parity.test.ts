import assert from "node:assert/strict";

import fc from "fast-check";

import { AwsSystem } from "./aws/index.ts";
import { awsSettings, shop, shopTarget as awsTarget } from "./aws/testing/shop.ts";
import { unsupported as unsupportedOnEcs } from "./aws/unsupported.ts";
import { UserError } from "./errors.ts";
import { KubernetesSystem } from "./kubernetes/index.ts";
import { unsupported as unsupportedOnKubernetes } from "./kubernetes/unsupported.ts";
import type { Settings } from "./settings.ts";
import type { System } from "./spec/system.ts";
import { validateSystem } from "./spec/validate.ts";
import { anySystem } from "./testing/any-system.ts";
import { alarms, observeAws } from "./testing/observe-aws.ts";
import { observeKubernetes } from "./testing/observe-kubernetes.ts";
import type { Observed, ObservedWorkload } from "./testing/observed.ts";
import { record } from "./testing/record.ts";

/** Variables that only one target adds, and why. */
const added: Record<string, string> = {
  SECRETS_DIR: "a pod finds its secrets as files; ECS puts them into variables",
};

/** Variables that one target shows and the other hides, and why. */
const shownByOne: Record<string, string> = {
  QUEUE_URL: "the queue in the cluster has users with passwords; SQS decides by role, so its address is no secret",
  DATABASE_USER: "on ECS passwords are exchanged by themselves, and the name of the login with them",
};

/** Variables whose value is the target's own matter, and why. */
const ownValue: Record<string, string> = {
  API_URL: "a service's name in the cluster's DNS, or in Service Connect; the port is the same",
  CA: "the file is where the target puts it",
  QUEUE_NAME: "a stream's name in a Redis of the system's own, or a queue's name in an account",
};

/** Flows that only one target shows as such, and why. */
const shownFlows: [RegExp, string][] = [
  [/ > orders:\d+$/, "SQS is reached by HTTPS like every service of AWS, not by a connection of its own"],
];

const stackSettings: Settings = {
  ...awsTarget().settings,
  images: Object.fromEntries(
    ["api", "writer", "operations", "log-router", "collector", "redis", "prometheus", "alertmanager"].map((name) => [
      name,
      `shop/${name}:1.0`,
    ]),
  ),
  ingress: { className: "traefik", namespace: "traefik", certificateIssuer: "letsencrypt" },
  aws: { ...awsSettings, clusterSecurityGroupIds: ["sg-0123456789abcdef0"] },
};

async function onKubernetes(system: System): Promise<Observed> {
  const resources = await record(() => new KubernetesSystem("shop", { system, settings: stackSettings }, {}));
  const observed = observeKubernetes(resources, new Set(Object.keys({ ...system.services, ...system.jobs })));
  // What is about a store on AWS is watched there.
  return { ...observed, alerts: [...observed.alerts, ...alarms(resources)].sort() };
}

async function onEcs(system: System): Promise<Observed> {
  return observeAws(await record(() => new AwsSystem("shop", { ...awsTarget(), system }, {})));
}

/** What is observed without the declared differences. */
function common(observed: Observed): Observed {
  return {
    ...observed,
    workloads: Object.fromEntries(
      Object.entries(observed.workloads)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, workload]) => [name, commonPart(workload)]),
    ),
    flows: observed.flows.filter((flow) => !shownFlows.some(([pattern]) => pattern.test(flow))),
  };
}

function commonPart({ plain, secret, ...rest }: ObservedWorkload): ObservedWorkload {
  const shown = Object.entries(plain).flatMap(([name, value]) => {
    if (name in added || name in shownByOne) return [];
    return [[name, name in ownValue ? (/:\d+$/.exec(value)?.[0] ?? "its own") : value] as const];
  });
  const hidden = [...secret, ...Object.keys(plain).filter((name) => name in shownByOne)];
  return { ...rest, plain: Object.fromEntries(shown.sort()), secret: hidden.sort() };
}

describe("The same specification", function () {
  this.timeout(120_000);

  it("is the same on both targets: variables, secrets, ports, commands, limits, probes, flows, alerts, scaling, jobs", async () => {
    await fc.assert(
      fc.asyncProperty(anySystem, async (system) => {
        assert.deepEqual(validateSystem(system), []);
        assert.deepEqual(common(await onKubernetes(system)), common(await onEcs(system)));
      }),
      // Each run plans two systems whole, and so would each step of shrinking.
      { numRuns: 4, endOnFailure: true },
    );
  });
});

type Change = (system: System) => void;
type Part = Record<string, unknown>;

const api = (system: System) => system.services["api"] as unknown as Part;

/** What a target cannot express, and what both say to it; undefined: the target can do it. */
const inexpressible: [string, Change, { kubernetes?: RegExp; ecs?: RegExp }][] = [
  [
    "a MongoDB store",
    ({ stores }) =>
      (stores["documents"] = {
        engine: "mongodb",
        requirement: "T-1",
        use: "Documents.",
        version: "7",
        database: "shop",
        members: 3,
        storage: "1 GiB",
        port: 27017,
      }),
    {
      kubernetes: /^stores\.documents: a MongoDB store is not supported on kubernetes: \S/,
      ecs: /^stores\.documents: a MongoDB store is not supported on ecs: \S/,
    },
  ],
  [
    "a use of an object store",
    (system) =>
      (system.flows = [...system.flows, { requirement: "T-1", from: { service: "api" }, to: { store: "files" } }]),
    { kubernetes: /^stores\.files: the use of an object store by "api", .* is not supported on kubernetes: .*ecs/ },
  ],
  [
    "a termination that takes longer than Fargate waits",
    (system) => (api(system)["terminationGrace"] = "200 s"),
    { ecs: /^services\.api\.terminationGrace: a termination grace of 200 s is not supported on ecs: set it to/ },
  ],
  [
    "a message that is kept longer than SQS keeps it",
    ({ stores }) => ((stores["orders"] as unknown as Part)["retention"] = "20 d"),
    { ecs: /^stores\.orders\.retention: a retention of 20 d is not supported on ecs: set it to at most 14 d/ },
  ],
  [
    "a service that is watched without metrics",
    (system) => {
      delete api(system)["metrics"];
    },
    { kubernetes: /^alerts\.Down: watching "api", which has no metrics, is not supported on kubernetes: give/ },
  ],
];

describe("What a target cannot express", () => {
  /** The shop without what only ECS can do, so that only the change is told. */
  const changed = (change: Change): System => {
    const system = shop();
    system.flows = system.flows.filter(({ to }) => !("store" in to && to.store === "files"));
    delete system.jobs["report"];
    change(system);
    return system;
  };

  for (const [what, change, told] of inexpressible) {
    it(`is refused with its name and a remedy before anything is made: ${what}`, async () => {
      const system = changed(change);
      const targets = [
        [unsupportedOnKubernetes(system, stackSettings), told.kubernetes],
        [unsupportedOnEcs(system), told.ecs],
      ] as const;
      for (const [problems, expected] of targets) {
        const sentences = problems.map(({ where, message }) => `${where}: ${message}`);
        if (expected) assert.match(sentences[0] ?? "nothing is told", expected);
        assert.equal(sentences.length, expected ? 1 : 0, sentences.join("\n"));
      }
      const made = await record(() => {
        const settings = stackSettings;
        if (told.kubernetes) assert.throws(() => new KubernetesSystem("shop", { system, settings }, {}), UserError);
        if (told.ecs) assert.throws(() => new AwsSystem("shop", { ...awsTarget(), system }, {}), UserError);
      });
      assert.deepEqual(
        made.map(({ type }) => type),
        ["pulumi:pulumi:Stack"],
      );
    });
  }

  it("is nothing of the shop", () => {
    const system = changed(() => undefined);
    assert.deepEqual(unsupportedOnKubernetes(system, stackSettings), []);
    assert.deepEqual(unsupportedOnEcs(system), []);
  });
});
