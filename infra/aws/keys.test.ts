import assert from "node:assert/strict";

import { find, record } from "../testing/record.ts";
import { keyPolicy, type KeyPurpose, keyPurposes } from "./key-policies.ts";
import { Keys } from "./keys.ts";
import { account, shopTarget } from "./testing/shop.ts";

interface PolicyStatement {
  Sid: string;
  Effect: string;
  Principal: { AWS?: string[]; Service?: string[] };
  Action: string[];
  Resource: string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

function statements(purpose: KeyPurpose, ...rest: [] | [("task" | "execution")[]]): PolicyStatement[] {
  return (JSON.parse(keyPolicy(shopTarget(), purpose, ...rest)) as { Statement: PolicyStatement[] }).Statement;
}

const role = (name: string) => `arn:aws:iam::${account}:role/shop-test-${name}`;
const root = `arn:aws:iam::${account}:root`;
const via = (...services: string[]) => ({
  "kms:ViaService": services.map((service) => `${service}.eu-central-1.amazonaws.com`),
});

describe("The policy of a key", () => {
  const grants: [KeyPurpose, string, string[], string[], PolicyStatement["Condition"]][] = [
    ["data", "Objects", [role("report-task")], ["kms:Decrypt", "kms:GenerateDataKey"], { StringEquals: via("s3") }],
    [
      "data",
      "Queues",
      [role("worker-task"), role("writer-task")],
      ["kms:Decrypt", "kms:GenerateDataKey"],
      { StringEquals: via("sqs") },
    ],
    [
      "data",
      "BackupGrants",
      [role("backup-service")],
      ["kms:CreateGrant"],
      {
        StringEquals: via("backup", "elasticfilesystem", "rds", "s3"),
        Bool: { "kms:GrantIsForAWSResource": "true" },
      },
    ],
    [
      "secrets",
      "Tasks",
      [role("api-execution"), role("migrate-execution"), role("writer-execution")],
      ["kms:Decrypt"],
      {
        StringEquals: via("secretsmanager"),
        StringLike: {
          "kms:EncryptionContext:SecretARN": [`arn:aws:secretsmanager:eu-central-1:${account}:secret:shop/test/*`],
        },
      },
    ],
    [
      "secrets",
      "DatabaseRotation",
      [role("db-rotationfunction")],
      ["kms:Decrypt", "kms:GenerateDataKey"],
      {
        StringEquals: via("secretsmanager"),
        StringLike: {
          "kms:EncryptionContext:SecretARN": [
            `arn:aws:secretsmanager:eu-central-1:${account}:secret:shop/test/*`,
            `arn:aws:secretsmanager:eu-central-1:${account}:secret:rds!db-*`,
          ],
        },
      },
    ],
    [
      "operations",
      "DbDatabaseSetupVariables",
      [role("db-setupfunction")],
      ["kms:Decrypt"],
      {
        StringEquals: {
          "kms:EncryptionContext:aws:lambda:FunctionArn": `arn:aws:lambda:eu-central-1:${account}:function:shop-test-db-setup`,
        },
      },
    ],
    [
      "operations",
      "RunTaskFailures",
      [role("operations-taskfunction")],
      ["kms:Decrypt", "kms:GenerateDataKey"],
      { StringEquals: via("sns") },
    ],
  ];
  for (const [purpose, sid, arns, actions, conditions] of grants) {
    it(`for ${purpose} lets ${sid} do ${actions.join(", ")}`, () => {
      const found = statements(purpose).find(({ Sid }) => Sid === sid);
      assert.deepEqual(found, {
        Sid: sid,
        Effect: "Allow",
        Principal: { AWS: arns },
        Action: actions,
        Resource: ["*"],
        Condition: conditions,
      });
    });
  }

  const services: [string, string, PolicyStatement["Condition"] | undefined][] = [
    [
      "Logs",
      "logs.eu-central-1.amazonaws.com",
      {
        ArnLike: {
          "kms:EncryptionContext:aws:logs:arn": ["/shop/test/*", "/aws/*", "aws-waf-logs-shop/test/*"].map(
            (group) => `arn:aws:logs:eu-central-1:${account}:log-group:${group}`,
          ),
        },
      },
    ],
    [
      "Alarms",
      "cloudwatch.amazonaws.com",
      {
        StringEquals: { "aws:SourceAccount": account },
        ArnLike: { "aws:SourceArn": `arn:aws:cloudwatch:eu-central-1:${account}:alarm:*` },
      },
    ],
    ["Events", "events.amazonaws.com", undefined],
    [
      "Trail",
      "cloudtrail.amazonaws.com",
      {
        StringEquals: { "aws:SourceAccount": account },
        ArnLike: { "aws:SourceArn": `arn:aws:cloudtrail:eu-central-1:${account}:trail/*` },
      },
    ],
  ];
  for (const [sid, service, conditions] of services) {
    it(`lets ${service} use the key for operations`, () => {
      const found = statements("operations").find(({ Sid }) => Sid === sid);
      assert.deepEqual(found?.Principal, { Service: [service] });
      assert.deepEqual(found.Condition, conditions);
    });
  }

  for (const purpose of keyPurposes) {
    it(`for ${purpose} lets the account administer, and decrypt only through a service or for a named purpose`, () => {
      const [administration, ...rest] = statements(purpose);
      assert.deepEqual(administration?.Principal, { AWS: [root] });
      assert.ok(administration.Action.includes("kms:PutKeyPolicy"));
      assert.ok(!administration.Action.some((action) => /\*|crypt|DataKey|CreateGrant/i.test(action)));
      for (const { Sid, Principal, Condition } of rest) {
        if (Principal.AWS?.includes(root)) {
          const keys = Object.values(Condition ?? {}).flatMap((condition) => Object.keys(condition));
          assert.ok(
            keys.some((key) => key === "kms:ViaService" || key.startsWith("kms:EncryptionContext:")),
            Sid,
          );
        }
      }
    });

    it(`for ${purpose} has sids of letters and digits, each once, and no wildcard for an action`, () => {
      const all = statements(purpose);
      assert.equal(new Set(all.map(({ Sid }) => Sid)).size, all.length);
      for (const { Sid, Action } of all) {
        assert.match(Sid, /^[A-Za-z0-9]+$/);
        assert.ok(!Action.includes("kms:*"));
      }
    });
  }

  it("names the role that deploys, if the stack assumes one", () => {
    const target = shopTarget();
    target.aws = { ...target.aws, roleArn: `arn:aws:iam::${account}:role/deployer` };
    const { Statement } = JSON.parse(keyPolicy(target, "secrets")) as { Statement: PolicyStatement[] };
    assert.deepEqual(Statement.find(({ Sid }) => Sid === "Deployment")?.Principal, {
      AWS: [`arn:aws:iam::${account}:role/deployer`],
    });
  });

  it("names no role of services and jobs where there is none", () => {
    for (const purpose of keyPurposes) {
      const text = JSON.stringify(statements(purpose, []));
      assert.doesNotMatch(text, /role\/[^"]+-(task|execution)"/);
    }
  });
});

describe("Keys", () => {
  it("are three that change every year, can be brought back for the recovery window, and are protected", async () => {
    const resources = await record(() => new Keys("shop-keys", { target: shopTarget() }, {}));
    for (const purpose of keyPurposes) {
      const key = find(resources, "aws:kms/key:Key", `shop-keys-${purpose}`);
      assert.deepEqual(key.inputs, {
        description: key.inputs["description"],
        enableKeyRotation: true,
        rotationPeriodInDays: 365,
        deletionWindowInDays: 30,
        policy: keyPolicy(shopTarget(), purpose),
        tags: { component: "keys", purpose },
      });
      assert.equal(key.protect, true);
      assert.equal(key.parent, "shop-keys");
      assert.deepEqual(find(resources, "aws:kms/alias:Alias", `shop-keys-${purpose}-alias`).inputs, {
        name: `alias/shop-test-${purpose}`,
        targetKeyId: `shop-keys-${purpose}-keyId`,
      });
    }
  });
});
