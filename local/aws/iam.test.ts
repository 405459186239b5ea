import assert from "node:assert/strict";

import { PolicyRules, type PolicyKind } from "./iam.ts";

const type = (name: string) => ({ resource_types: { [name]: {} } });
const rules = new PolicyRules({
  sqs: {
    privileges: { SendMessage: type("queue"), ListQueues: type("") },
    resources: { queue: { arn: "arn:${Partition}:sqs:${Region}:${Account}:${QueueName}" } },
    conditions: {},
  },
  kms: {
    privileges: { Decrypt: type("key") },
    resources: { key: { arn: "arn:${Partition}:kms:${Region}:${Account}:key/${KeyId}" } },
    conditions: { "kms:ViaService": {}, "kms:EncryptionContext:${EncryptionContextKey}": {} },
  },
});

const queue = "arn:aws:sqs:eu-central-1:111122223333:orders";
const allow = { Effect: "Allow", Action: "sqs:SendMessage", Resource: queue };
const policy = (...statements: object[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });

describe("the grammar of policies", () => {
  const cases: [what: string, kind: PolicyKind, document: string, expected: RegExp | undefined][] = [
    ["an action on its resource", "identity", policy(allow), undefined],
    [
      "several, with wildcards",
      "identity",
      policy({ ...allow, Action: ["sqs:*"], Resource: ["arn:aws:sqs:*:*:shop-*"] }),
      undefined,
    ],
    [
      "a wildcard within the name",
      "identity",
      policy({ ...allow, Resource: "arn:aws:sqs:eu-central-1:111122223333:*-dead" }),
      undefined,
    ],
    [
      "an action without resources for all",
      "identity",
      policy({ ...allow, Action: "sqs:ListQueues", Resource: "*" }),
      undefined,
    ],
    [
      "an action without resources for one",
      "identity",
      policy({ ...allow, Action: "sqs:ListQueues" }),
      /only be allowed for all/,
    ],
    [
      "an action on another service's resource",
      "identity",
      policy({ ...allow, Action: "kms:Decrypt" }),
      /is not for .*orders, but for/,
    ],
    ["a misspelt action", "identity", policy({ ...allow, Action: "sqs:SendMesage" }), /no action of sqs/],
    ["a misspelt service", "identity", policy({ ...allow, Action: "sns2:Publish" }), /no service has the prefix sns2/],
    ["no resource", "identity", policy({ Effect: "Allow", Action: "sqs:SendMessage" }), /needs a Resource/],
    ["a principal of its own", "identity", policy({ ...allow, Principal: "*" }), /must not have a Principal/],
    ["nobody in a resource's policy", "resource", policy(allow), /needs a Principal/],
    ["a role", "resource", policy({ ...allow, Principal: { AWS: "arn:aws:iam::111122223333:role/a" } }), undefined],
    ["a name that is no role", "resource", policy({ ...allow, Principal: { AWS: "a" } }), /no principal of AWS/],
    ["who may use the holder itself", "trust", policy({ Effect: "Allow", Principal: "*", Action: "sqs:*" }), undefined],
    ["a service", "resource", policy({ ...allow, Principal: { Service: ["events.amazonaws.com"] } }), undefined],
    [
      "a name that is no service",
      "resource",
      policy({ ...allow, Principal: { Service: "events" } }),
      /no service of AWS/,
    ],
    [
      "a condition of AWS",
      "identity",
      policy({ ...allow, Condition: { Bool: { "aws:SecureTransport": "true" } } }),
      undefined,
    ],
    [
      "a condition of the service",
      "resource",
      policy({
        Effect: "Deny",
        Principal: "*",
        Action: "kms:Decrypt",
        Resource: "*",
        Condition: { StringEquals: { "kms:EncryptionContext:a": "b" } },
      }),
      undefined,
    ],
    [
      "a condition of another service",
      "identity",
      policy({ ...allow, Condition: { StringEquals: { "kms:ViaService": "x" } } }),
      /kms:ViaService is unknown to sqs/,
    ],
    ["an unknown operator", "identity", policy({ ...allow, Condition: { Is: {} } }), /operator Is is unknown/],
    ["an unknown element", "identity", policy({ ...allow, Actions: [] }), /element Actions is unknown/],
    ["neither allow nor deny", "identity", policy({ ...allow, Effect: "Permit" }), /not Allow or Deny/],
    [
      "two statements of one name",
      "identity",
      policy({ ...allow, Sid: "A" }, { ...allow, Sid: "A" }),
      /two statements of one Sid/,
    ],
    ["an old version", "identity", JSON.stringify({ Version: "2008-10-17", Statement: [allow] }), /write 2012-10-17/],
    ["something else", "identity", "{", /is not JSON/],
    ["too much", "identity", policy(...Array.from({ length: 9 }, () => allow)), /at most 900 are allowed/],
  ];
  for (const [what, kind, document, expected] of cases) {
    it(`${expected === undefined ? "takes" : "refuses"} ${what}`, () => {
      const problems = rules.problems(document, kind, 900);
      if (expected === undefined) assert.deepEqual(problems, []);
      else assert.match(problems.join("\n"), expected);
    });
  }
});
