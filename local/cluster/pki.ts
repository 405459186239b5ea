import "reflect-metadata";
import { generateKeyPairSync, randomBytes, webcrypto } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";

import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
  X509Certificate,
} from "@peculiar/x509";

import { once } from "../cache.ts";
import { addresses, apiServiceAddress, clusterDomain, clusterName, nodeAddress, paths } from "./settings.ts";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const lifetimeYears = 10;
const clockSkew = 3_600_000;

interface Authority {
  certificate: X509Certificate;
  key: webcrypto.CryptoKey;
}

/** A certificate to issue. */
interface Leaf {
  /** The user or host it stands for. */
  commonName: string;
  /** The Kubernetes group of a user. @default none */
  group?: string;
  usages: readonly ("client" | "server")[];
  /** @default none */
  dns?: readonly string[];
  /** @default none */
  ip?: readonly string[];
}

const local = { dns: ["localhost"], ip: ["127.0.0.1"] };

/** Every certificate of the cluster, by the name of its files. */
export const leaves = {
  apiserver: {
    commonName: "kube-apiserver",
    usages: ["server"],
    dns: [
      clusterName,
      "localhost",
      ...["kubernetes", "kubernetes.default", "kubernetes.default.svc", `kubernetes.default.svc.${clusterDomain}`],
    ],
    ip: [addresses.apiserver.host, apiServiceAddress, "127.0.0.1"],
  },
  "apiserver-kubelet-client": { commonName: "kube-apiserver-kubelet-client", usages: ["client"] },
  "apiserver-etcd-client": { commonName: "kube-apiserver-etcd-client", usages: ["client"] },
  etcd: { commonName: "etcd", usages: ["client", "server"], ...local },
  kubelet: {
    commonName: `system:node:${clusterName}`,
    group: "system:nodes",
    usages: ["server"],
    dns: [clusterName],
    ip: [nodeAddress],
  },
  "kubelet-client": { commonName: `system:node:${clusterName}`, group: "system:nodes", usages: ["client"] },
  "controller-manager": { commonName: "system:kube-controller-manager", usages: ["client", "server"], ...local },
  scheduler: { commonName: "system:kube-scheduler", usages: ["client", "server"], ...local },
  proxy: { commonName: "system:kube-proxy", usages: ["client"] },
  "network-policy": { commonName: "network-policy", usages: ["client"] },
  admin: { commonName: "kubernetes-admin", group: "system:masters", usages: ["client"] },
} as const satisfies Record<string, Leaf>;

/** The name of a certificate below the cluster's authority. */
export type LeafName = keyof typeof leaves;

/** The paths of a certificate and its private key. */
export function certificateFiles(name: LeafName | "ca" | "front-proxy-ca" | "front-proxy-client"): {
  cert: string;
  key: string;
} {
  return { cert: join(paths.pki(), `${name}.crt`), key: join(paths.pki(), `${name}.key`) };
}

/** The paths of the key pair that signs and proves service account tokens. */
export function serviceAccountKeys(): { privateKey: string; publicKey: string } {
  return { privateKey: join(paths.pki(), "service-account.key"), publicKey: join(paths.pki(), "service-account.pub") };
}

/** The path of the configuration, with its key, by which secrets are encrypted in etcd. */
export function encryptionConfiguration(): string {
  return join(paths.pki(), "encryption.json");
}

/**
 * Creates the cluster's authorities and keys once, and each certificate that is not there yet. All files are readable
 * by their owner only.
 */
export async function ensurePki(): Promise<void> {
  await once(paths.pki(), async (directory) => {
    const save = (file: string, content: string) => writeFile(join(directory, file), content, { mode: 0o600 });
    const authority = await issueAuthority(`${clusterName} cluster CA`);
    await savePair(directory, "ca", authority.certificate, authority.key);
    const frontProxy = await issueAuthority(`${clusterName} front proxy CA`);
    await savePair(directory, "front-proxy-ca", frontProxy.certificate, frontProxy.key);
    const client = await issueLeaf(frontProxy, { commonName: "front-proxy-client", usages: ["client"] });
    await savePair(directory, "front-proxy-client", ...client);
    const pair = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
      publicKeyEncoding: { type: "spki", format: "pem" },
    });
    await save("service-account.key", pair.privateKey);
    await save("service-account.pub", pair.publicKey);
    await save("encryption.json", JSON.stringify(encryption(randomBytes(32)), undefined, 2));
  });
  const missing = Object.entries(leaves).filter(([name]) => !existsSync(certificateFiles(name as LeafName).cert));
  if (missing.length === 0) return;
  const authority = await loadAuthority();
  for (const [name, leaf] of missing) await savePair(paths.pki(), name, ...(await issueLeaf(authority, leaf)));
}

/** The certificate is written last and at once: where it is, the pair is whole. */
async function savePair(
  directory: string,
  name: string,
  certificate: X509Certificate,
  key: webcrypto.CryptoKey,
): Promise<void> {
  const file = join(directory, name);
  await writeFile(`${file}.key`, `${await privateKeyPem(key)}\n`, { mode: 0o600 });
  await writeFile(`${file}.crt.tmp`, `${certificate.toString("pem")}\n`, { mode: 0o600 });
  await rename(`${file}.crt.tmp`, `${file}.crt`);
}

async function loadAuthority(): Promise<Authority> {
  const { cert, key } = certificateFiles("ca");
  const [der] = PemConverter.decode(await readFile(key, "utf8"));
  return {
    certificate: new X509Certificate(await readFile(cert, "utf8")),
    key: await webcrypto.subtle.importKey("pkcs8", der!, algorithm, true, ["sign"]),
  };
}

/** The API server's encryption configuration: every secret in the store is under this key. */
export function encryption(key: Uint8Array): object {
  const secret = Buffer.from(key).toString("base64");
  return {
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "EncryptionConfiguration",
    resources: [{ resources: ["secrets"], providers: [{ secretbox: { keys: [{ name: "key1", secret }] } }] }],
  };
}

async function issueAuthority(commonName: string): Promise<Authority> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...validity(),
    name: [{ CN: [commonName] }],
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign | KeyUsageFlags.digitalSignature, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate, key: keys.privateKey };
}

async function issueLeaf(authority: Authority, leaf: Leaf): Promise<[X509Certificate, webcrypto.CryptoKey]> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const usages = { client: ExtendedKeyUsage.clientAuth, server: ExtendedKeyUsage.serverAuth };
  const names = [
    ...(leaf.dns ?? []).map((value) => ({ type: "dns" as const, value })),
    ...(leaf.ip ?? []).map((value) => ({ type: "ip" as const, value })),
  ];
  const certificate = await X509CertificateGenerator.create({
    ...validity(),
    subject: [...(leaf.group === undefined ? [] : [{ O: [leaf.group] }]), { CN: [leaf.commonName] }],
    issuer: authority.certificate.subject,
    publicKey: keys.publicKey,
    signingKey: authority.key,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension(leaf.usages.map((usage) => usages[usage])),
      await AuthorityKeyIdentifierExtension.create(authority.certificate),
      ...(names.length === 0 ? [] : [new SubjectAlternativeNameExtension(names)]),
    ],
  });
  return [certificate, keys.privateKey];
}

function validity() {
  const notBefore = new Date(Date.now() - clockSkew);
  const notAfter = new Date(notBefore);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + lifetimeYears);
  return { notBefore, notAfter, serialNumber: `00${randomBytes(15).toString("hex")}` };
}

async function privateKeyPem(key: webcrypto.CryptoKey): Promise<string> {
  return PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), PemConverter.PrivateKeyTag);
}
