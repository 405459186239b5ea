import { RandomBytes } from "@pulumi/random/randomBytes.js";
import * as pulumi from "@pulumi/pulumi";

/** The least length of everything that is generated: 256 bits (POL-SECRET-STRENGTH). */
const leastBytes = 32;

/** Random bytes in two spellings; neither needs quoting in an address or a file. */
export interface RandomSecret {
  hex: pulumi.Output<string>;
  base64url: pulumi.Output<string>;
}

/**
 * Random bytes that are made once and kept in the stack's state. Nothing makes them anew, since what they protect would be
 * lost with them.
 *
 * @param opts with the protect option of the profile
 */
export function randomSecret(name: string, opts: pulumi.CustomResourceOptions, bytes = leastBytes): RandomSecret {
  const random = new RandomBytes(name, { length: Math.max(bytes, leastBytes) }, opts);
  return { hex: pulumi.secret(random.hex), base64url: pulumi.secret(random.base64).apply(toBase64Url) };
}

function toBase64Url(base64: string): string {
  return base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
