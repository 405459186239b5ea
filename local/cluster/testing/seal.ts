import { constants, createCipheriv, publicEncrypt, randomBytes, X509Certificate } from "node:crypto";

/** Seals one value for a Secret of one name in one namespace, as `kubeseal` does in its strict scope. */
export function seal(certificate: string, namespace: string, name: string, value: string): string {
  const sessionKey = randomBytes(32);
  const wrapped = publicEncrypt(
    {
      key: new X509Certificate(certificate).publicKey,
      padding: constants.RSA_PKCS1_OAEP_PADDING,
      oaepHash: "sha256",
      oaepLabel: Buffer.from(`${namespace}/${name}`),
    },
    sessionKey,
  );
  // A session key is used once, so the nonce need not differ.
  const cipher = createCipheriv("aes-256-gcm", sessionKey, Buffer.alloc(12));
  const length = Buffer.alloc(2);
  length.writeUInt16BE(wrapped.length);
  return Buffer.concat([length, wrapped, cipher.update(value, "utf8"), cipher.final(), cipher.getAuthTag()]).toString(
    "base64",
  );
}
