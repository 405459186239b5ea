import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSecureContext } from "node:tls";

import { databaseCertificates, writeDatabaseCertificates } from "./certificates.ts";

const block = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/g;

describe("the certificates of AWS's databases", () => {
  let directory: string;
  before(async () => (directory = await mkdtemp(join(tmpdir(), "certificates-"))));
  after(() => rm(directory, { recursive: true }));

  it("are written as PEM that every user may read and that TLS takes", async () => {
    const file = join(directory, "run", "ca.pem");
    const count = await writeDatabaseCertificates(file);
    const text = await readFile(file, "utf8");
    assert.equal(text.replaceAll(block, ""), "");
    assert.equal(text.match(block)?.length, count);
    for (const one of text.match(block) ?? []) assert.ok(new X509Certificate(one).ca);
    createSecureContext({ ca: text });
    assert.equal((await stat(file)).mode & 0o777, 0o644);
  });

  it("hold the roots of eu-central-1 far beyond 2040, and none that has expired", () => {
    const roots = databaseCertificates().map((text) => new X509Certificate(text));
    for (const kind of ["RSA2048", "RSA4096", "ECC384"]) {
      const root = roots.find(({ subject }) => subject.includes(`CN=Amazon RDS eu-central-1 Root CA ${kind} G1`));
      assert.ok(root && root.validToDate.getUTCFullYear() > 2040, kind);
    }
    for (const { validToDate } of roots) assert.ok(validToDate > new Date());
    assert.equal(databaseCertificates(new Date("2130-01-01")).length, 0);
  });
});
