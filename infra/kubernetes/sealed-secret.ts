import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import * as pulumi from "@pulumi/pulumi";

import { checksum } from "./checksum.ts";
import type { Labels } from "./labels.ts";
import { seal } from "./seal.ts";
import type { Target } from "./target.ts";

/** What a SealedSecret needs. */
export interface SealedSecretArgs {
  target: Target;
  /** Name of the SealedSecret and of the Secret that the controller makes from it. */
  secretName: string;
  labels: Labels;
  /** @default none */
  annotations?: Record<string, string>;
  /** Plaintexts by key. */
  values: Record<string, pulumi.Input<string>>;
  /** The stack's seed of sealing, hex. */
  seed: pulumi.Input<string>;
}

/**
 * A Secret that only the cluster's sealed-secrets controller can read. The program never makes a plain Secret (WS-SEC-05).
 *
 * What it carries is ciphertext, so it may be seen in plans and state.
 */
export class SealedSecret extends CustomResource {
  readonly secretName: string;
  /** Changes with the content; made from the ciphertext, so it tells nothing about the plaintexts. */
  readonly checksum: pulumi.Output<string>;

  constructor(name: string, args: SealedSecretArgs, opts: pulumi.CustomResourceOptions) {
    const { target, secretName, labels, annotations, values, seed } = args;
    const { namespace, sealingCertificate: certificate } = target.settings;
    const encryptedData = Object.fromEntries(
      Object.entries(values)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => [
          key,
          pulumi.unsecret(
            pulumi
              .all([value, seed])
              .apply(([plaintext, seed]) => seal({ plaintext, key, name: secretName, namespace, certificate, seed })),
          ),
        ]),
    );
    super(
      name,
      {
        apiVersion: "bitnami.com/v1alpha1",
        kind: "SealedSecret",
        metadata: { name: secretName, namespace, labels, ...(annotations && { annotations }) },
        spec: { encryptedData, template: { metadata: { name: secretName, namespace, labels }, type: "Opaque" } },
      },
      opts,
    );
    this.secretName = secretName;
    this.checksum = pulumi.all(encryptedData).apply(checksum);
  }
}
