import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";

import { databaseAuthorities } from "./database-authorities.ts";

describe("The certificate authorities of managed stores", () => {
  const certificates = (databaseAuthorities("eu-central-1").match(/-----BEGIN[\s\S]+?END CERTIFICATE-----/g) ?? []).map(
    (pem) => new X509Certificate(pem),
  );
  const names = certificates.map(({ subject }) => /CN=(.*)/.exec(subject)?.[1] ?? subject);

  it("are those of the region's databases and Amazon's public ones, and of no other region", () => {
    assert.deepEqual(
      names.filter((name) => name.startsWith("Amazon RDS")),
      ["ECC384", "RSA2048", "RSA4096"].map((kind) => `Amazon RDS eu-central-1 Root CA ${kind} G1`),
    );
    assert.ok(names.includes("Amazon Root CA 1"), "ElastiCache's certificates are signed by Amazon's public authority");
  });

  it("are valid for years", () => {
    const inFiveYears = new Date("2031-01-01");
    for (const { subject, validTo } of certificates) assert.ok(new Date(validTo) > inFiveYears, subject);
  });

  it("are none where the package knows none", () => assert.equal(databaseAuthorities("xx-nowhere-1"), ""));
});
