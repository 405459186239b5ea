import { constants, createCipheriv, createHash, hkdfSync, publicEncrypt, X509Certificate } from "node:crypto";

/** One value that only the sealed-secrets controller can read, for one key of one Secret. */
export interface SealRequest {
  plaintext: string;
  /** Name of the Secret; with the namespace it is bound into the result, so that no other Secret can use it. */
  name: string;
  namespace: string;
  /** Key in the Secret. */
  key: string;
  /** The controller's public certificate, PEM. */
  certificate: string;
  /** 32 secret random bytes of the stack, hex. */
  seed: string;
}

const sessionKeyBytes = 32;
const hashBytes = 32;

/**
 * Seals a value in the format of the sealed-secrets controller, strict scope, base64.
 *
 * The format is: length of the wrapped session key (2 bytes, big endian), the session key wrapped by RSA-OAEP-SHA256 with the
 * label `namespace/name`, and the AES-256-GCM ciphertext with its tag under a nonce of zeros.
 *
 * The tool `kubeseal` draws the session key at random, so each run would change every secret. Here it is derived (HKDF-SHA256)
 * from the stack's seed and everything that goes in, the plaintext included: the same request gives the same text, and another
 * plaintext gives another key. So no key ever meets two messages, and the fixed nonce is as safe as in `kubeseal`. Whoever
 * lacks the seed cannot tell which plaintexts are behind a text, only that two texts of one key differ.
 */
export function seal(request: SealRequest): string {
  const { plaintext, namespace, name, certificate, seed } = request;
  const { publicKey } = new X509Certificate(certificate);
  const modulusBytes = (publicKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  const label = Buffer.from(`${namespace}/${name}`);

  const sessionKey = derive(seed, "session key", request, sessionKeyBytes);
  const encoded = encodeOaep(sessionKey, label, derive(seed, "oaep seed", request, hashBytes), modulusBytes);
  const wrapped = publicEncrypt({ key: publicKey, padding: constants.RSA_NO_PADDING }, encoded);

  const cipher = createCipheriv("aes-256-gcm", sessionKey, Buffer.alloc(12));
  const ciphertext = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final(), cipher.getAuthTag()]);

  const length = Buffer.alloc(2);
  length.writeUInt16BE(wrapped.length);
  return Buffer.concat([length, wrapped, ciphertext]).toString("base64");
}

function derive(seed: string, purpose: string, request: SealRequest, bytes: number): Buffer {
  const { namespace, name, key, plaintext, certificate } = request;
  const info = sha256(Buffer.from(JSON.stringify([purpose, namespace, name, key, plaintext, certificate])));
  return Buffer.from(hkdfSync("sha256", Buffer.from(seed, "hex"), Buffer.alloc(0), info, bytes));
}

/** EME-OAEP of RFC 8017 section 7.1.1 with SHA-256; Node's own encryption does not let the caller choose the seed. */
function encodeOaep(message: Buffer, label: Buffer, seed: Buffer, modulusBytes: number): Buffer {
  const blockBytes = modulusBytes - hashBytes - 1;
  const padding = Buffer.alloc(blockBytes - hashBytes - 1 - message.length);
  const block = Buffer.concat([sha256(label), padding, Buffer.from([1]), message]);
  const maskedBlock = xor(block, mask(seed, blockBytes));
  const maskedSeed = xor(seed, mask(maskedBlock, hashBytes));
  return Buffer.concat([Buffer.from([0]), maskedSeed, maskedBlock]);
}

/** MGF1 of RFC 8017 appendix B.2.1 with SHA-256. */
function mask(seed: Buffer, bytes: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(bytes / hashBytes) }, (_, index) => {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(index);
    return sha256(Buffer.concat([seed, counter]));
  });
  return Buffer.concat(blocks).subarray(0, bytes);
}

function sha256(bytes: Buffer): Buffer {
  return createHash("sha256").update(bytes).digest();
}

function xor(left: Buffer, right: Buffer): Buffer {
  return Buffer.from(left.map((byte, index) => byte ^ (right[index] ?? 0)));
}
