import "reflect-metadata";

import assert from "node:assert/strict";
import {
  constants,
  createDecipheriv,
  generateKeyPairSync,
  privateDecrypt,
  webcrypto,
  type KeyObject,
} from "node:crypto";

import { X509CertificateGenerator } from "@peculiar/x509";
import fc from "fast-check";

import { seal, type SealRequest } from "./seal.ts";

/** A controller's certificate and private key. */
async function controller(modulusLength: number): Promise<{ certificate: string; privateKey: KeyObject }> {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength });
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const keys = {
    privateKey: await importKey("pkcs8", privateKey.export({ format: "der", type: "pkcs8" }), algorithm, "sign"),
    publicKey: await importKey("spki", publicKey.export({ format: "der", type: "spki" }), algorithm, "verify"),
  };
  const certificate = await X509CertificateGenerator.createSelfSigned({ name: "CN=sealed-secret", keys });
  return { certificate: certificate.toString("pem"), privateKey };
}

function importKey(format: "pkcs8" | "spki", der: Buffer, algorithm: object, usage: "sign" | "verify") {
  return webcrypto.subtle.importKey(format, new Uint8Array(der), algorithm as never, true, [usage]);
}

/** What the controller does: standard RSA-OAEP with the label of the Secret's place, then AES-256-GCM. */
function unseal(sealed: string, privateKey: KeyObject, namespace: string, name: string): string {
  const bytes = Buffer.from(sealed, "base64");
  const length = bytes.readUInt16BE(0);
  const sessionKey = privateDecrypt(
    {
      key: privateKey,
      padding: constants.RSA_PKCS1_OAEP_PADDING,
      oaepHash: "sha256",
      oaepLabel: Buffer.from(`${namespace}/${name}`),
    },
    bytes.subarray(2, 2 + length),
  );
  const decipher = createDecipheriv("aes-256-gcm", sessionKey, Buffer.alloc(12));
  decipher.setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(2 + length, -16)), decipher.final()]).toString("utf8");
}

describe("Sealing", function () {
  this.timeout(20_000);
  let certificate: string;
  let privateKey: KeyObject;
  let request: SealRequest;

  before(async () => {
    ({ certificate, privateKey } = await controller(2048));
    request = {
      plaintext: "sk-ant-example",
      name: "agent-secrets",
      namespace: "shop",
      key: "ANTHROPIC_API_KEY",
      certificate,
      seed: "5a".repeat(32),
    };
  });

  it("gives a text that the holder of the private key can read, for any plaintext and place", () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,30}$/);
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), name, name, fc.string(), (plaintext, namespace, name, key) => {
        const sealed = seal({ ...request, plaintext, namespace, name, key });
        assert.equal(unseal(sealed, privateKey, namespace, name), plaintext);
      }),
      { numRuns: 60 },
    );
  });

  it("works with the 4096 bit keys that the controller makes", async () => {
    const large = await controller(4096);
    const sealed = seal({ ...request, certificate: large.certificate });
    assert.equal(unseal(sealed, large.privateKey, "shop", "agent-secrets"), request.plaintext);
  });

  it("gives the same text for the same request", () => {
    assert.equal(seal(request), seal({ ...request }));
  });

  it("gives another text, with another session key, when anything differs", async () => {
    const other = await controller(2048);
    const changes: Partial<SealRequest>[] = [
      { plaintext: "sk-ant-exampl" },
      { plaintext: "" },
      { name: "agent-secret" },
      { namespace: "shop-a" },
      { key: "OTHER" },
      { seed: "5b".repeat(32) },
      { certificate: other.certificate },
    ];
    const wrapped = [{}, ...changes].map((change) => seal({ ...request, ...change }).slice(0, 340));
    assert.equal(new Set(wrapped).size, changes.length + 1);
  });

  it("binds the text to its namespace and name", () => {
    const sealed = seal(request);
    assert.throws(() => unseal(sealed, privateKey, "shop", "other"));
    assert.throws(() => unseal(sealed, privateKey, "other", "agent-secrets"));
  });

  it("never contains the plaintext", () => {
    const bytes = Buffer.from(seal(request), "base64");
    assert.equal(bytes.includes(Buffer.from(request.plaintext)), false);
  });
});
