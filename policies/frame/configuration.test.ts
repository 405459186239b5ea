import assert from "node:assert/strict";
import { catalogue } from "../catalogue.ts";
import {
  configurationSchema,
  packConfigFile,
  presetNames,
  readConfiguration,
  servicesOf,
  type Configuration,
} from "./configuration.ts";
import { definePolicy, type PolicyDefinition } from "./policy.ts";

const common = { controls: {}, requirements: [], remediation: "Do." } satisfies Partial<PolicyDefinition<object>>;

const policies = [
  definePolicy({
    ...common,
    id: "POL-COST",
    title: "Cost",
    severity: "low",
    level: "advisory",
    targets: ["kubernetes", "aws"],
  }),
  definePolicy<{ tags: string[]; count: number }>({
    ...common,
    id: "POL-IMAGE",
    title: "Images",
    severity: "high",
    level: "mandatory",
    targets: ["kubernetes"],
    controls: { cis: ["5.1.1"] },
    parameters: {
      tags: { type: "array", items: { type: "string" }, description: "Tags.", default: ["latest"] },
      count: { type: "integer", minimum: 1, description: "Number.", default: 2 },
    },
    remediate: () => undefined,
  }),
  definePolicy({
    ...common,
    id: "POL-SECRET",
    title: "Secrets",
    severity: "medium",
    level: "mandatory",
    targets: ["aws"],
    controls: { fsbp: ["RDS.1", "S3.5"] },
    exemptable: false,
  }),
  definePolicy({
    ...common,
    id: "POL-STORES",
    title: "Stores",
    severity: "medium",
    level: "mandatory",
    targets: ["aws"],
    controls: { fsbp: [], pci: ["1.1"] },
  }),
];
const clock = () => new Date("2026-06-01T00:00:00Z");

function problems(value: unknown): string[] {
  const read = readConfiguration(value, policies, clock);
  return "problems" in read ? read.problems : [];
}

function levels(configuration: Configuration): string[] {
  const file = packConfigFile(configuration, policies);
  return policies.map(({ name }) => String(file[name]?.["enforcementLevel"]));
}

describe("the configuration", () => {
  it("has presets, each stricter than the one before", () => {
    assert.deepEqual(presetNames, ["dev", "baseline", "restricted", "production"]);
    assert.deepEqual(levels({ preset: "dev" }), ["advisory", "advisory", "mandatory", "advisory"]);
    assert.deepEqual(levels({ preset: "baseline" }), ["advisory", "mandatory", "advisory", "advisory"]);
    assert.deepEqual(levels({ preset: "restricted" }), ["advisory", "mandatory", "mandatory", "mandatory"]);
    assert.deepEqual(levels({ preset: "production" }), ["mandatory", "mandatory", "mandatory", "mandatory"]);
    assert.deepEqual(levels({}), levels({ preset: "restricted" }));
    const critical = definePolicy({
      ...common,
      id: "POL-ONE",
      title: "One",
      severity: "critical",
      level: "mandatory",
      targets: ["aws"],
    });
    for (const preset of presetNames) {
      assert.equal(packConfigFile({ preset }, [critical])["one"]?.["enforcementLevel"], "mandatory", preset);
    }
  });

  it("selects policies that fit every criterion", () => {
    const enabled = (select: Configuration["select"]) =>
      policies
        .filter((_, index) => levels({ ...(select && { select }) })[index] !== "disabled")
        .map(({ name }) => name);
    assert.deepEqual(enabled({}), ["cost", "image", "secret", "stores"]);
    assert.deepEqual(enabled({ frameworks: ["fsbp"] }), ["secret"]);
    assert.deepEqual(enabled({ frameworks: ["cis", "pci"] }), ["image", "stores"]);
    assert.deepEqual(enabled({ services: ["aws"] }), ["cost", "secret", "stores"]);
    assert.deepEqual(enabled({ services: ["rds"] }), ["secret"]);
    assert.deepEqual(enabled({ severities: ["high", "low"] }), ["cost", "image"]);
    assert.deepEqual(enabled({ services: ["aws"], severities: ["medium"], frameworks: ["pci"] }), ["stores"]);
    assert.deepEqual(enabled({ severities: [] }), []);
  });

  it("sets levels and parameters of single policies in the place of preset and selection", () => {
    const file = packConfigFile(
      {
        preset: "dev",
        select: { services: ["aws"] },
        policies: { cost: "disabled", image: { level: "remediate", parameters: { tags: ["edge"] } }, stores: {} },
      },
      policies,
    );
    assert.deepEqual(file["cost"], { enforcementLevel: "disabled" });
    assert.deepEqual(file["image"], { enforcementLevel: "remediate", tags: ["edge"] });
    assert.deepEqual(file["stores"], { enforcementLevel: "advisory" });
  });

  it("hands on system, stage and exemptions", () => {
    assert.deepEqual(packConfigFile({}, []), { exemptions: { maxDays: 90, exemptions: [] } });
    const exemption = { policy: "POL-COST", urn: "*::a", reason: "r", owner: "o", expires: "2026-06-20" };
    assert.deepEqual(packConfigFile({ preset: "production", system: "shop", exemptions: [exemption] }, []), {
      exemptions: { maxDays: 30, exemptions: [exemption] },
      settings: { system: "shop", environment: "prod" },
    });
    assert.deepEqual(packConfigFile({ preset: "dev", environment: "test", exemptionMaxDays: 7 }, []), {
      exemptions: { maxDays: 7, exemptions: [] },
      settings: { environment: "test" },
    });
  });

  it("is refused with everything that is wrong, each as a sentence", () => {
    const value = {
      presets: "dev",
      preset: "strict",
      system: 3,
      exemptionMaxDays: 0,
      select: { frameworks: ["nist"], severities: "high" },
      policies: {
        imag: "advisory",
        quota: "advisory",
        cost: "remediate",
        image: { level: "off", parameters: { tags: ["a", 3], count: 1.5, tag: [] } },
        secret: { parameters: { a: 1 }, levels: "advisory" },
        stores: 3,
      },
    };
    assert.deepEqual(problems(value).sort(), [
      "exemptionMaxDays: it is 0; too small: expected number to be >=1.",
      'policies.cost: it is "remediate"; allowed are advisory, mandatory, disabled.',
      "policies.imag: there is no such policy; did you mean image?",
      'policies.image.level: it is "off"; allowed are advisory, mandatory, disabled, remediate.',
      "policies.image.parameters.count: it is 1.5; give a whole number.",
      "policies.image.parameters.tag: POL-IMAGE has no such parameter; allowed are tags, count.",
      "policies.image.parameters.tags[1]: it is 3; give a string.",
      "policies.quota: there is no such policy.",
      "policies.secret.levels: it is not known; remove it.",
      "policies.secret.parameters.a: POL-SECRET has no such parameter; it has none.",
      "policies.stores: it is 3; give an object.",
      'preset: it is "strict"; allowed are dev, baseline, restricted, production.',
      "presets: it is not known; remove it.",
      'select.frameworks[0]: it is "nist"; allowed are pss, nsa, cis, fsbp, pci, soc2.',
      'select.severities: it is "high"; give a list.',
      "system: it is 3; give a string.",
    ]);
    assert.deepEqual(problems([]), ["the configuration: it is []; give an object."]);
  });

  it("is refused with exemptions that could never hold, but not with one that has expired", () => {
    const exemption = { policy: "cost", urn: "*::a", reason: "r", owner: "o", expires: "2026-06-20" };
    assert.deepEqual(problems({ exemptions: [exemption, { ...exemption, expires: "2026-05-01" }] }), []);
    assert.deepEqual(problems({ exemptions: [{ ...exemption, owner: undefined, until: 1 }] }), [
      "exemptions[0].owner: it is missing; give a string.",
      "exemptions[0].until: it is not known; remove it.",
    ]);
    assert.deepEqual(
      problems({
        exemptions: [
          { ...exemption, policy: "secret" },
          { ...exemption, policy: "x" },
        ],
      }),
      [
        "exemptions[0] exempts nothing: POL-SECRET accepts no exemption.",
        'exemptions[1] exempts nothing: there is no policy "x".',
      ],
    );
  });

  it("knows services by the targets of a policy and the names of its controls", () => {
    assert.deepEqual(policies.map(servicesOf), [["aws", "kubernetes"], ["kubernetes"], ["aws", "rds", "s3"], ["aws"]]);
  });

  it("has a schema for every policy of the catalogue, with which its defaults are right", () => {
    const defaults = Object.fromEntries(
      catalogue.map(({ name, parameters }) => {
        const values = Object.entries(parameters).map(([key, schema]) => [key, schema.default]);
        return [name, { parameters: Object.fromEntries(values) as Record<string, unknown> }];
      }),
    );
    assert.deepEqual(readConfiguration({ policies: defaults }, catalogue, clock), {
      configuration: { policies: defaults },
    });
    assert.equal(JSON.stringify(configurationSchema(catalogue)).includes("undefined"), false);
  });
});
