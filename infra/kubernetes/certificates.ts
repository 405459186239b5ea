import "reflect-metadata";

import { createHash, createPrivateKey, createPublicKey, hkdfSync } from "node:crypto";

import { p256 } from "@noble/curves/nist.js";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PublicKey,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  AuthorityKeyIdentifierExtension,
  X509CertificateGenerator,
  type Extension,
} from "@peculiar/x509";

/** A certificate and its private key, both PEM. */
export interface KeyedCertificate {
  certificate: string;
  key: string;
}

/**
 * Validity of every certificate. It is fixed, so that each run makes the same certificates. They serve inside one cluster only,
 * where nothing rotates them yet: a shorter life would only be a day on which the stores stop answering.
 */
const validity = { notBefore: new Date("2026-01-01T00:00:00Z"), notAfter: new Date("2036-01-01T00:00:00Z") };

const signature = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/**
 * A certificate authority derived from a seed: the same seed always gives the same key and certificate.
 *
 * Keys are ECDSA P-256, with signatures by RFC 6979, which need no random number. (Ed25519 would be simpler, but PostgreSQL's
 * channel binding cannot handle certificates without a separate digest.)
 *
 * @param seed 32 secret random bytes, hex
 */
export async function certificateAuthority(seed: string, name: string): Promise<KeyedCertificate> {
  const key = deriveKey(seed, "certificate authority");
  const subject = `CN=${name}`;
  const certificate = await sign({
    subject,
    issuer: subject,
    subjectKey: key,
    signingKey: key,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(publicKeyOf(key)),
    ],
  });
  return { certificate, key: toPem(key) };
}

/**
 * A server certificate for some DNS names, signed by the authority of the same seed and name.
 *
 * @param dnsNames the first one is the subject
 */
export async function serverCertificate(
  seed: string,
  authorityName: string,
  dnsNames: readonly [string, ...string[]],
): Promise<KeyedCertificate> {
  const authorityKey = deriveKey(seed, "certificate authority");
  const key = deriveKey(seed, `server ${dnsNames.join(" ")}`);
  const certificate = await sign({
    subject: `CN=${dnsNames[0]}`,
    issuer: `CN=${authorityName}`,
    subjectKey: key,
    signingKey: authorityKey,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(dnsNames.map((value) => ({ type: "dns", value }))),
      await SubjectKeyIdentifierExtension.create(publicKeyOf(key)),
      await AuthorityKeyIdentifierExtension.create(publicKeyOf(authorityKey)),
    ],
  });
  return { certificate, key: toPem(key) };
}

interface SigningRequest {
  subject: string;
  issuer: string;
  subjectKey: Uint8Array;
  signingKey: Uint8Array;
  extensions: Extension[];
}

async function sign({ subject, issuer, subjectKey, signingKey, extensions }: SigningRequest): Promise<string> {
  const publicKey = publicKeyOf(subjectKey);
  const serialNumber = `00${sha256(Buffer.from(JSON.stringify([subject, issuer])), Buffer.from(publicKey.rawData)).slice(0, 32)}`;
  const content = { subject, issuer, ...validity, serialNumber, publicKey, signingAlgorithm: signature, extensions };
  const unsigned = await X509CertificateGenerator.create({ ...content, signature: new Uint8Array(64).fill(1) });
  const signed = p256.sign(firstElement(Buffer.from(unsigned.rawData)), signingKey, { lowS: false });
  const certificate = await X509CertificateGenerator.create({ ...content, signature: signed });
  return `${certificate.toString("pem")}\n`;
}

/** The part of a certificate that is signed: the first element of the outer DER sequence. */
function firstElement(der: Buffer): Buffer {
  const outer = header(der, 0);
  const inner = header(der, outer.bytes);
  return der.subarray(outer.bytes, outer.bytes + inner.bytes + inner.length);
}

function header(der: Buffer, at: number): { bytes: number; length: number } {
  const first = der.readUInt8(at + 1);
  if (first < 0x80) return { bytes: 2, length: first };
  const lengthBytes = first & 0x7f;
  return { bytes: 2 + lengthBytes, length: der.readUIntBE(at + 2, lengthBytes) };
}

function deriveKey(seed: string, purpose: string): Uint8Array {
  const material = hkdfSync("sha256", Buffer.from(seed, "hex"), Buffer.alloc(0), purpose, p256.lengths.seed ?? 48);
  return p256.utils.randomSecretKey(new Uint8Array(material));
}

function publicKeyOf(key: Uint8Array): PublicKey {
  return new PublicKey(createPublicKey(privateKeyOf(key)).export({ format: "der", type: "spki" }));
}

function privateKeyOf(key: Uint8Array) {
  const point = Buffer.from(p256.getPublicKey(key, false));
  return createPrivateKey({
    format: "jwk",
    key: {
      kty: "EC",
      crv: "P-256",
      d: Buffer.from(key).toString("base64url"),
      x: point.subarray(1, 33).toString("base64url"),
      y: point.subarray(33).toString("base64url"),
    },
  });
}

function toPem(key: Uint8Array): string {
  return privateKeyOf(key).export({ format: "pem", type: "pkcs8" }).toString();
}

function sha256(...parts: Buffer[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}
