import assert from "node:assert/strict";

import { awsSettings, shop } from "../infra/aws/testing/shop.ts";
import type { AwsSettings } from "../infra/settings.ts";
import { find, record } from "../infra/testing/record.ts";
import { shopSettings } from "../infra/testing/shop.ts";
import { awsProvider } from "./aws-provider.ts";

/** Lists and records reach a provider as JSON. */
async function inputs(changes: Partial<AwsSettings> = {}): Promise<Record<string, unknown>> {
  const resources = await record(() => awsProvider(shop(), shopSettings(), { ...awsSettings, ...changes }));
  const entries = Object.entries(find(resources, "pulumi:providers:aws", "aws").inputs);
  return Object.fromEntries(
    entries.map(([key, text]) => [key, /^[[{tf]/.test(String(text)) ? JSON.parse(String(text)) : text]),
  );
}

describe("The way to AWS", () => {
  it("leads to one region and one account, and leaves tags on everything", async () => {
    assert.deepEqual(await inputs(), {
      region: "eu-central-1",
      allowedAccountIds: ["111122223333"],
      defaultTags: { tags: { system: "shop", environment: "test", owner: "platform", "managed-by": "pulumi" } },
      skipCredentialsValidation: false,
      skipRegionValidation: true,
    });
  });

  it("may take a role", async () => {
    const roleArn = "arn:aws:iam::111122223333:role/deployment";
    assert.deepEqual((await inputs({ roleArn }))["assumeRoles"], [{ roleArn, sessionName: "shop-test" }]);
  });

  it("may end in an emulator, which then answers for every service", async () => {
    const { endpoints, s3UsePathStyle } = await inputs({ endpoint: "http://127.0.0.1:5000" });
    const [addresses = {}] = endpoints as Record<string, string>[];
    assert.deepEqual(new Set(Object.values(addresses)), new Set(["http://127.0.0.1:5000"]));
    for (const service of ["ecs", "rds", "s3", "sts", "elasticache", "wafv2"]) assert.ok(service in addresses, service);
    assert.equal(s3UsePathStyle, true);
  });
});
