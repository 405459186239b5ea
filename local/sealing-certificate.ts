import "reflect-metadata";

import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { X509CertificateGenerator } from "@peculiar/x509";

import { cachePath, once } from "./cache.ts";

const day = 86_400_000;

/**
 * A certificate to seal secrets against where no cluster is asked, as in a preview. Nobody has its private key: it is
 * forgotten as soon as the certificate is signed, so what is sealed can never be opened.
 *
 * @returns PEM; the same on every call on this machine, so that two previews are equal
 */
export async function throwawayCertificate(): Promise<string> {
  const directory = cachePath("throwaway-certificate");
  const file = join(directory, "tls.crt");
  if (!existsSync(file))
    await once(directory, async (temporary) => writeFile(join(temporary, "tls.crt"), await make()));
  return await readFile(file, "utf8");
}

async function make(): Promise<string> {
  const algorithm = {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    publicExponent: new Uint8Array([1, 0, 1]),
    modulusLength: 4096,
  };
  const keys = await crypto.subtle.generateKey(algorithm, false, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: "CN=throwaway",
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + 3650 * day),
    keys,
    signingAlgorithm: algorithm,
  });
  return `${certificate.toString("pem")}\n`;
}
