import assert from "node:assert/strict";

import { profiles } from "../profile.ts";
import type { Settings } from "../settings.ts";
import type { System } from "../spec/system.ts";
import { awsSettings } from "../aws/testing/shop.ts";
import { shop, shopSettings } from "../testing/shop.ts";
import { unsupported } from "./unsupported.ts";

type Change = (system: System, settings: Settings) => void;

function problemsAfter(...changes: Change[]): string[] {
  const system = shop();
  const settings = shopSettings();
  for (const change of changes) change(system, settings);
  return unsupported(system, settings).map(({ where, message }) => `${where}: ${message}`);
}

const service = (system: System, name: string) => system.services[name] as NonNullable<System["services"][string]>;
const files: Change = (system) =>
  (system.stores["files"] = { engine: "objects", requirement: "T-1", use: "Files.", retention: "30 d" });
const managed: Change = (_, settings) => {
  settings.datastoreMode = "managed";
  settings.aws = awsSettings;
};
const leaveOut =
  (feature: Settings["omissions"][number]["feature"]): Change =>
  (_, settings) => {
    settings.omissions = [...settings.omissions, { feature, reason: "a test", expires: "2030-01-01" }];
  };

describe("What Kubernetes does not support", () => {
  it("is nothing of a system that only has what it can do", () =>
    assert.deepEqual(unsupported(shop(), shopSettings()), []));

  it("is an object store in the cluster, unless the stack leaves it out", () => {
    assert.deepEqual(problemsAfter(files), [
      'stores.files: an object store in the cluster is not supported on kubernetes: set datastoreMode to managed, name "object-stores" in the omissions setting with a reason and an end, or deploy to ecs.',
    ]);
    assert.deepEqual(problemsAfter(files, leaveOut("object-stores")), []);
    assert.deepEqual(problemsAfter(files, managed), []);
  });

  const always: [string, Change, RegExp][] = [
    [
      "a use of an object store",
      (system, settings) => {
        files(system, settings);
        managed(system, settings);
        system.flows = [...system.flows, { requirement: "T-1", from: { service: "api" }, to: { store: "files" } }];
      },
      /^stores\.files: the use of an object store by "api", whose pods have no identity in AWS, is not supported/,
    ],
    [
      "a version that AWS does not offer",
      (system, settings) => {
        managed(system, settings);
        Object.assign(system.stores["db"] ?? {}, { version: "9" });
      },
      /^stores\.db\.version: version 9 of postgres is not supported on AWS: choose one of 14, 15/,
    ],
    [
      "a managed database whose certificates nobody can prove",
      (system, settings) => {
        managed(system, settings);
        settings.aws = { ...awsSettings, region: "xx-nowhere-1" };
      },
      /^aws\.region: a managed database in xx-nowhere-1, .* is not supported on kubernetes: choose another region/,
    ],
    [
      "a highly available store in the cluster",
      (_, settings) => (settings.profile = profiles.production),
      /^stores\.db: a highly available postgres store in the cluster is not supported on kubernetes: set datastoreMode to managed/,
    ],
    [
      "a read replica",
      (system) => Object.assign(system.stores["db"] ?? {}, { replicas: 1 }),
      /^stores\.db\.replicas: a read replica of postgres in the cluster is not supported on kubernetes: set it to 0/,
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
      "a name that a colour needs",
      (system) => {
        service(system, "api").release = { strategy: "blue-green" };
        system.services["api-blue"] = service(system, "writer");
      },
      /^services\.api-blue: the name belongs to the blue-green release of api; choose another one/,
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
    const problems = problemsAfter(files, (system, settings) => {
      settings.profile = profiles.production;
      settings.sealingCertificate = "none";
      system.services["prometheus"] = service(system, "api");
    });
    assert.deepEqual(
      problems.map((problem) => problem.split(": ")[0]),
      ["stores.db", "stores.cache", "stores.orders", "stores.files", "services.prometheus", "sealingCertificate"],
    );
  });

  it("is nothing of a system with stores on AWS, whatever the profile", () => {
    assert.deepEqual(
      problemsAfter(managed, (_, settings) => (settings.profile = profiles.production)),
      [],
    );
  });
});
