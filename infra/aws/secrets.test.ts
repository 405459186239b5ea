import assert from "node:assert/strict";

import fc from "fast-check";

import { find, record } from "../testing/record.ts";
import {
  secretArnPattern,
  secretPath,
  secretPolicy,
  secretReference,
  storeSecretPath,
  SystemSecrets,
} from "./secrets.ts";
import { account, shopTarget } from "./testing/shop.ts";
import { surroundings } from "./testing/surroundings.ts";

const target = shopTarget();
const secretArn = `arn:aws:secretsmanager:eu-central-1:${account}:secret`;

describe("The address of a secret", () => {
  it("is its ARN without what AWS adds, for ECS with the key of one value", () => {
    assert.equal(secretReference(target, secretPath(target, "TOKEN")), `${secretArn}:shop/test/TOKEN`);
    assert.equal(
      secretReference(target, storeSecretPath(target, "db", "order-worker"), "url"),
      `${secretArn}:shop/test/db/order_worker:url::`,
    );
  });

  it("is for IAM a pattern that fits what AWS makes of it, and no other secret", () => {
    const suffix = fc.stringMatching(/^[A-Za-z0-9]{6}$/);
    const key = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,20}$/);
    fc.assert(
      fc.property(key, key, suffix, (one, other, characters) => {
        const pattern = new RegExp(`^${secretArnPattern(target, secretPath(target, one)).replaceAll("?", ".")}$`);
        assert.match(`${secretReference(target, secretPath(target, one))}-${characters}`, pattern);
        if (one !== other)
          assert.doesNotMatch(`${secretReference(target, secretPath(target, other))}-${characters}`, pattern);
      }),
    );
  });
});

describe("The secrets of a system", () => {
  it("are encrypted with the customer key, protected, and can be brought back", async () => {
    const resources = await record(() => new SystemSecrets("shop-secrets", { target, ...surroundings }, {}));
    const { inputs, protect } = find(resources, "aws:secretsmanager/secret:Secret", "shop-secrets-token");
    assert.deepEqual(inputs, {
      name: "shop/test/TOKEN",
      description: "TOKEN (T-7)",
      kmsKeyId: "key-secrets",
      recoveryWindowInDays: 30,
      policy: secretPolicy(target),
      tags: { component: "secrets", rotation: "90 d" },
    });
    assert.equal(protect, true);
    const version = find(resources, "aws:secretsmanager/secretVersion:SecretVersion", "shop-secrets-token-version");
    assert.deepEqual(version.inputs, { secretId: "shop-secrets-token-arn", secretString: "[secret]" });
    assert.equal(version.protect, true);
  });

  it("say why an identity or encryption key is never exchanged by itself (X-05)", async () => {
    const resources = await record(() => new SystemSecrets("shop-secrets", { target, ...surroundings }, {}));
    for (const name of ["key", "wallet-0"]) {
      const { inputs } = find(resources, "aws:secretsmanager/secret:Secret", `shop-secrets-${name}`);
      const tags = inputs["tags"] as Record<string, string>;
      assert.equal(tags["rotation"], "never");
      // AWS allows these characters in the value of a tag.
      assert.match(tags["rotation-reason"] ?? "", /^[\w .:/=+@-]{1,256}$/);
    }
  });

  it("are one for each instance of a single writer that has its own", async () => {
    const sharded = shopTarget();
    sharded.settings.externalSecrets["WALLET_1"] = `0x${"cd".repeat(32)}`;
    Object.assign(sharded.system.services["writer"] ?? {}, { singleWriter: { instances: 2, ownSecrets: ["WALLET"] } });
    const resources = await record(() => new SystemSecrets("s", { target: sharded, ...surroundings }, {}));
    const names = resources
      .filter(({ type }) => type === "aws:secretsmanager/secret:Secret")
      .map(({ inputs }) => inputs["name"]);
    assert.deepEqual(names, ["shop/test/KEY", "shop/test/TOKEN", "shop/test/WALLET_0", "shop/test/WALLET_1"]);
  });

  it("keep out other accounts and connections without TLS", () => {
    const { Statement } = JSON.parse(secretPolicy(target)) as { Statement: object[] };
    const all = { Effect: "Deny", Principal: "*", Action: ["secretsmanager:*"], Resource: ["*"] };
    assert.deepEqual(Statement, [
      {
        ...all,
        Sid: "OtherAccounts",
        Condition: {
          StringNotEquals: { "aws:PrincipalAccount": account },
          BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
        },
      },
      { ...all, Sid: "WithoutTls", Condition: { Bool: { "aws:SecureTransport": "false" } } },
    ]);
  });
});
