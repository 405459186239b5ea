import assert from "node:assert/strict";

import { profiles } from "../profile.ts";
import type { Settings } from "../settings.ts";
import type { System } from "../spec/system.ts";
import { shop, shopSettings } from "../testing/shop.ts";
import { omittedStores, unsupported } from "./unsupported.ts";

type Change = (system: System, settings: Settings) => void;

function problemsAfter(change: Change): string[] {
  const system = shop();
  const settings = shopSettings();
  change(system, settings);
  return unsupported(system, settings).map(({ where, message }) => `${where}: ${message}`);
}

const job = { role: "", requirement: "T-1", image: "api", variables: {}, timeout: "5 min" } as const;
const service = (system: System, name: string) => system.services[name] as NonNullable<System["services"][string]>;
const leaveOut =
  (feature: Settings["omissions"][number]["feature"]): Change =>
  (_, settings) => {
    settings.omissions = [...settings.omissions, { feature, reason: "a test", expires: "2030-01-01" }];
  };

describe("What Kubernetes does not support", () => {
  it("is nothing of a system that only has what it can do", () =>
    assert.deepEqual(unsupported(shop(), shopSettings()), []));

  const omittable: [string, Settings["omissions"][number]["feature"], Change, string][] = [
    [
      "a public endpoint",
      "public-endpoints",
      (system) =>
        (system.publicEndpoints["shop"] = {
          service: "api",
          port: "http",
          paths: ["/"],
          healthPath: "/health",
          requirement: "T-1",
        }),
      'publicEndpoints.shop: a public endpoint is not supported on kubernetes: name "public-endpoints" in the omissions setting with a reason and an end, or deploy to ecs.',
    ],
    [
      "a job",
      "jobs",
      (system) =>
        (system.jobs["migrate"] = { ...job, when: "before-release", resources: service(system, "api").resources }),
      'jobs.migrate: a job is not supported on kubernetes: name "jobs" in the omissions setting with a reason and an end, or deploy to ecs.',
    ],
    [
      "a blue-green release",
      "blue-green",
      (system) => (service(system, "api").release = { strategy: "blue-green" }),
      'services.api.release: a blue-green release is not supported on kubernetes: name "blue-green" in the omissions setting with a reason and an end, or deploy to ecs.',
    ],
    [
      "autoscaling",
      "autoscaling",
      (system) => (service(system, "api").scaling = { minimum: 2, maximum: 4 }),
      'services.api.scaling: autoscaling is not supported on kubernetes: name "autoscaling" in the omissions setting with a reason and an end, or deploy to ecs.',
    ],
    [
      "an object store",
      "object-stores",
      (system) =>
        (system.stores["files"] = { engine: "objects", requirement: "T-1", use: "Files.", retention: "30 d" }),
      'stores.files: an object store is not supported on kubernetes: name "object-stores" in the omissions setting with a reason and an end, or deploy to ecs.',
    ],
  ];
  for (const [name, feature, change, sentence] of omittable) {
    it(`is ${name}, unless the stack leaves it out`, () => {
      assert.deepEqual(problemsAfter(change), [sentence]);
      const both: Change = (system, settings) => {
        change(system, settings);
        leaveOut(feature)(system, settings);
      };
      assert.deepEqual(problemsAfter(both), []);
    });
  }

  const always: [string, Change, RegExp][] = [
    [
      "a managed store",
      (_, settings) => (settings.datastoreMode = "managed"),
      /^stores\.db: a managed postgres store is not supported on kubernetes: set datastoreMode to incluster/,
    ],
    [
      "a highly available store in the cluster",
      (_, settings) => (settings.profile = profiles.production),
      /^stores\.db: a highly available postgres store in the cluster is not supported on kubernetes: set profile to dev/,
    ],
    [
      "a read replica",
      (system) => Object.assign(system.stores["db"] ?? {}, { replicas: 1 }),
      /^stores\.db\.replicas: a read replica of postgres is not supported on kubernetes: set it to 0/,
    ],
    [
      "a MongoDB store",
      (system) =>
        (system.stores["documents"] = {
          engine: "mongodb",
          requirement: "T-1",
          use: "Documents.",
          version: "7",
          database: "shop",
          members: 3,
          storage: "1 GiB",
          port: 27017,
        }),
      /^stores\.documents: a MongoDB store is not supported on kubernetes/,
    ],
    [
      "an alert about a service without metrics",
      (system) => delete service(system, "writer").metrics,
      /^alerts\.Down: watching "writer", which has no metrics, is not supported on kubernetes: give the service metrics/,
    ],
    [
      "a name that monitoring needs",
      (system) => (system.services["prometheus"] = service(system, "api")),
      /^services\.prometheus: the name belongs to monitoring; choose another one/,
    ],
    [
      "a sealing certificate that is none",
      (_, settings) => (settings.sealingCertificate = "none"),
      /^sealingCertificate: it is not a certificate/,
    ],
  ];
  for (const [name, change, sentence] of always) {
    it(`is ${name}`, () => assert.match(problemsAfter(change)[0] ?? "", sentence));
  }

  it("is told all at once", () => {
    const problems = problemsAfter((system, settings) => {
      for (const [, , change] of omittable) change(system, settings);
      settings.datastoreMode = "managed";
    });
    assert.equal(problems.length, omittable.length + 3);
  });
});

describe("The stores that a stack leaves out", () => {
  it("are the object stores, if the stack says so", () => {
    const system = shop();
    const settings = shopSettings();
    system.stores["files"] = { engine: "objects", requirement: "T-1", use: "Files.", retention: "30 d" };
    assert.deepEqual([...omittedStores({ system, settings })], []);
    leaveOut("object-stores")(system, settings);
    assert.deepEqual([...omittedStores({ system, settings })], ["files"]);
  });
});
