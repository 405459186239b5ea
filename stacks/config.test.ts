import assert from "node:assert/strict";

import fc from "fast-check";

import { UserError } from "../infra/errors.ts";
import { parseConfig } from "./config.ts";

const good: Record<string, string> = {
  "agent-commerce:system": "worldstore",
  "agent-commerce:target": "kubernetes",
  "agent-commerce:profile": "dev",
  "agent-commerce:images": '{"agent":"images.local/agent:0123456789ab"}',
};

function problemsOf(changes: Record<string, string | undefined>): Map<string, string> {
  const texts = Object.fromEntries(
    Object.entries({ ...good, ...changes }).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  try {
    parseConfig(texts);
  } catch (error) {
    assert(error instanceof UserError, String(error));
    return new Map(error.problems.map(({ where, message }) => [where, message]));
  }
  return new Map();
}

describe("the stack configuration", () => {
  it("is accepted when every required setting has an allowed value, and fills in defaults", () => {
    const config = parseConfig(good);
    assert.equal(config.system, "worldstore");
    assert.equal(config.datastoreMode, "managed");
    assert.equal(config.agentMode, "single");
    assert.deepEqual(config.omissions, []);
  });

  it("ignores keys of other namespaces", () => {
    assert.equal(parseConfig({ ...good, "aws:region": "eu-central-1" }).target, "kubernetes");
  });

  const wrong: [string, Record<string, string | undefined>, string, RegExp][] = [
    ["no system", { "agent-commerce:system": undefined }, "agent-commerce:system", /required; allowed are worldstore/],
    [
      "an unknown system",
      { "agent-commerce:system": "shop" },
      "agent-commerce:system",
      /"shop" is not allowed; allowed are worldstore/,
    ],
    [
      "no target",
      { "agent-commerce:target": undefined },
      "agent-commerce:target",
      /required; allowed are kubernetes, ecs/,
    ],
    [
      "an unknown target",
      { "agent-commerce:target": "nomad" },
      "agent-commerce:target",
      /"nomad" is not allowed; allowed are kubernetes, ecs/,
    ],
    [
      "no profile",
      { "agent-commerce:profile": undefined },
      "agent-commerce:profile",
      /required; allowed are dev, staging, production/,
    ],
    [
      "an unknown profile",
      { "agent-commerce:profile": "test" },
      "agent-commerce:profile",
      /allowed are dev, staging, production/,
    ],
    ["a misspelt key", { "agent-commerce:sytem": "x" }, "agent-commerce:sytem", /no such setting; remove it.*system/],
    [
      "an image that is not a reference",
      { "agent-commerce:images": '{"agent":"a b"}' },
      "agent-commerce:images.agent",
      /"a b" is not allowed; write it like/,
    ],
    [
      "an image that is a number",
      { "agent-commerce:images": '{"agent":3}' },
      "agent-commerce:images.agent",
      /must be of type string/,
    ],
    [
      "images that are not structured",
      { "agent-commerce:images": "agent:1" },
      "agent-commerce:images",
      /not structured.*--path/,
    ],
    ["no images", { "agent-commerce:images": undefined }, "agent-commerce:images", /required/],
    [
      "a namespace with capitals",
      { "agent-commerce:namespace": "Shop" },
      "agent-commerce:namespace",
      /"Shop" is not allowed; use at most 63/,
    ],
    [
      "a namespace that is too long",
      { "agent-commerce:namespace": "n".repeat(64) },
      "agent-commerce:namespace",
      /at most 63/,
    ],
    ["an empty kubeconfig", { "agent-commerce:kubeconfig": "" }, "agent-commerce:kubeconfig", /path or the content/],
    ["an empty context", { "agent-commerce:context": "" }, "agent-commerce:context", /context of the kubeconfig/],
    [
      "a sealing certificate that is not PEM",
      { "agent-commerce:sealingCertificate": "abc" },
      "agent-commerce:sealingCertificate",
      /kubeseal --fetch-cert/,
    ],
    [
      "an unknown datastore mode",
      { "agent-commerce:datastoreMode": "both" },
      "agent-commerce:datastoreMode",
      /allowed are incluster, managed/,
    ],
    ["an empty storage class", { "agent-commerce:storageClass": "" }, "agent-commerce:storageClass", /storage class/],
    [
      "an unknown agent mode",
      { "agent-commerce:agentMode": "many" },
      "agent-commerce:agentMode",
      /allowed are single, sharded/,
    ],
    [
      "an unknown wallet mode",
      { "agent-commerce:walletMode": "none" },
      "agent-commerce:walletMode",
      /allowed are self-managed, crossmint/,
    ],
    ["an owner with spaces", { "agent-commerce:owner": "a b" }, "agent-commerce:owner", /"a b" is not allowed/],
    [
      "an omission without a reason",
      { "agent-commerce:omissions": '[{"feature":"jobs","expires":"2027-01-01"}]' },
      "agent-commerce:omissions.0.reason",
      /required/,
    ],
    [
      "an omission with a short reason",
      { "agent-commerce:omissions": '[{"feature":"jobs","reason":"no","expires":"2027-01-01"}]' },
      "agent-commerce:omissions.0.reason",
      /at least 10 characters/,
    ],
    [
      "an omission of something else",
      { "agent-commerce:omissions": '[{"feature":"tls","reason":"we do not want it","expires":"2027-01-01"}]' },
      "agent-commerce:omissions.0.feature",
      /allowed are public-endpoints/,
    ],
    [
      "an omission with a wrong day",
      { "agent-commerce:omissions": '[{"feature":"jobs","reason":"not needed here","expires":"soon"}]' },
      "agent-commerce:omissions.0.expires",
      /YYYY-MM-DD/,
    ],
    [
      "an omission with an extra part",
      {
        "agent-commerce:omissions": '[{"feature":"jobs","reason":"not needed here","expires":"2027-01-01","by":"me"}]',
      },
      "agent-commerce:omissions.0",
      /no part "by"/,
    ],
    [
      "an empty external secret",
      { "agent-commerce:externalSecrets": '{"A":""}' },
      "agent-commerce:externalSecrets.A",
      /the value is empty/,
    ],
  ];
  for (const [what, changes, key, message] of wrong) {
    it(`refuses ${what}, naming the key and the remedy`, () => {
      const problems = problemsOf(changes);
      assert.match(problems.get(key) ?? `no problem at ${key}, but at ${[...problems.keys()].join(", ")}`, message);
    });
  }

  it("reports all problems at once", () => {
    const problems = problemsOf({
      "agent-commerce:system": "x",
      "agent-commerce:target": "y",
      "agent-commerce:profile": undefined,
    });
    assert.deepEqual([...problems.keys()].sort(), [
      "agent-commerce:profile",
      "agent-commerce:system",
      "agent-commerce:target",
    ]);
  });

  it("never repeats the value of an external secret", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{12,20}$/), (value) => {
        const texts = [`{"A":["${value}"]}`, `"${value}"`, `{"A":{"B":"${value}"}}`, `{${value}`];
        for (const text of texts) {
          const problems = problemsOf({ "agent-commerce:externalSecrets": text });
          assert(problems.size > 0);
          assert(![...problems].flat().some((part) => part.includes(value)));
        }
      }),
    );
  });
});
