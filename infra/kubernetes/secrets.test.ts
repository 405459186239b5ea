import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { SystemSecrets } from "./secrets.ts";
import type { Target } from "./target.ts";
import { record, type RecordedResource } from "../testing/record.ts";
import { shopSettings, shopTarget } from "../testing/shop.ts";

/** The values of secrets by variable and instance, whether they are secret, and what was made for them. */
async function provide(target: Target, asked: [string, number][]) {
  const values: string[] = [];
  const marked: boolean[] = [];
  const resources: RecordedResource[] = await record(async () => {
    const secrets = new SystemSecrets("shop-secrets", { target }, {});
    for (const [variable, instance] of asked) {
      const value = secrets.value(variable, instance);
      marked.push(await pulumi.isSecret(value));
      await new Promise<void>((resolve) =>
        value.apply((text) => {
          values.push(text);
          resolve();
        }),
      );
    }
  });
  const made = resources.filter(({ type }) => type.startsWith("random:")).map(({ name }) => name);
  return { values, marked, made };
}

describe("The secrets of a system", () => {
  it("have the format of the specification, stand-ins included", async () => {
    const { values, made } = await provide(shopTarget(), [
      ["TOKEN", 0],
      ["WALLET", 0],
      ["KEY", 0],
    ]);
    assert.match(values[0] ?? "", /^tok-[A-Za-z0-9_-]{43}$/);
    assert.match(values[1] ?? "", /^0x[0-9a-f]{64}$/);
    assert.match(values[2] ?? "", /^[0-9a-f]{64}$/);
    assert.deepEqual(made, [
      "shop-secrets-key",
      "shop-secrets-sealing-seed",
      "shop-secrets-standin-token",
      "shop-secrets-standin-wallet-0",
    ]);
  });

  it("are the stack's where it gives them, and then nothing is made", async () => {
    const target = shopTarget();
    target.settings.externalSecrets = { TOKEN: "tok-given", WALLET_0: pulumi.secret("0xgiven") };
    const { values, made } = await provide(target, [
      ["TOKEN", 0],
      ["WALLET", 0],
    ]);
    assert.deepEqual(values, ["tok-given", "0xgiven"]);
    assert.deepEqual(made, ["shop-secrets-key", "shop-secrets-sealing-seed"]);
  });

  it("are always marked as secret", async () => {
    const target = shopTarget();
    target.settings.externalSecrets = { TOKEN: "tok-given" };
    const { marked } = await provide(target, [
      ["TOKEN", 0],
      ["WALLET", 0],
      ["KEY", 0],
    ]);
    assert.deepEqual(marked, [true, true, true]);
  });

  it("have no stand-in in a profile that forbids it", async () => {
    const target = { ...shopTarget(), settings: shopSettings("staging") };
    await record(() => assert.throws(() => new SystemSecrets("shop-secrets", { target }, {}), /"TOKEN" is not given/));
  });
});
