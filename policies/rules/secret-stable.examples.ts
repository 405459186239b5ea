import type { TestResource } from "../testing/analyzer.ts";
import type { Examples } from "../testing/examples.ts";

const key = (
  properties: Record<string, unknown>,
  protect: boolean,
  name = "worldstore-encryption-key",
): TestResource => ({
  type: "random:index/randomBytes:RandomBytes",
  name,
  properties: { length: 32, ...properties },
  protect,
});

const wallet = (protect: boolean): TestResource => ({
  type: "aws:secretsmanager/secret:Secret",
  name: "wallet-key-0",
  properties: { name: "worldstore/prod/WALLET_KEY_0" },
  protect,
});

export const examples: Examples = {
  good: [
    { title: "A protected key without keepers", resources: [key({}, true)] },
    { title: "A protected secret with a key that people made", resources: [wallet(true)] },
  ],
  bad: [
    { title: "A key that any mistake deletes", resources: [key({}, false)], property: "the resource itself" },
    {
      title: "A key that is made anew with every version",
      resources: [key({ keepers: { version: "1.4.2" } }, true)],
      property: "keepers",
    },
    {
      title: "A generated wallet",
      resources: [key({}, true, "worldstore-wallet-key-0")],
      property: "the resource itself",
    },
    { title: "A secret that any mistake deletes", resources: [wallet(false)], property: "the resource itself" },
  ],
};
