import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import * as pulumi from "@pulumi/pulumi";

import { checksum } from "./checksum.ts";
import { systemLabels } from "./labels.ts";
import { hostOf } from "./names.ts";
import { randomSecret } from "../random.ts";
import type { Target } from "./target.ts";

/** The folder and file in which clients find the authority's certificate. */
export const authorityFolder = "/run/tls";
export const authorityFile = `${authorityFolder}/ca.crt`;

const configMapName = "certificate-authority";

/**
 * The authority that signs the certificates of the stores in the cluster. Its key never leaves the program.
 *
 * Clients find its certificate together with those by which managed stores are known.
 */
export class CertificateAuthority extends pulumi.ComponentResource {
  /** Name of the ConfigMap that holds the certificate as "ca.crt". */
  readonly configMapName: pulumi.Output<string>;
  readonly checksum: pulumi.Output<string>;
  private readonly target: Target;
  private readonly seed: pulumi.Output<string>;

  /** @param args others: certificates of other authorities, PEM. @default none */
  constructor(name: string, args: { target: Target; others?: string }, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:kubernetes:CertificateAuthority", name, {}, opts);
    const { others = "" } = args;
    const { system, settings } = args.target;
    this.target = args.target;

    this.seed = randomSecret(`${name}-seed`, { parent: this, protect: settings.profile.protect }).hex;
    const certificates = pulumi.unsecret(
      this.seed.apply(async (seed) => {
        const { certificateAuthority } = await import("./certificates.ts");
        return (await certificateAuthority(seed, system.name)).certificate + others;
      }),
    );
    const configMap = new ConfigMap(
      `${name}-certificate`,
      {
        metadata: { name: configMapName, namespace: settings.namespace, labels: systemLabels(args.target) },
        data: { "ca.crt": certificates },
      },
      { parent: this },
    );
    this.configMapName = configMap.metadata.name;
    this.checksum = certificates.apply((text) => checksum({ "ca.crt": text }));

    this.registerOutputs({});
  }

  /** A certificate with its key for a store, under all its names in the cluster. */
  issue(store: string): { certificate: pulumi.Output<string>; key: pulumi.Output<string> } {
    const { system, settings } = this.target;
    const host = hostOf(store, settings.namespace);
    const issued = this.seed.apply(async (seed) => {
      const { serverCertificate } = await import("./certificates.ts");
      return serverCertificate(seed, system.name, [
        store,
        `${store}.${settings.namespace}`,
        host,
        `${host}.cluster.local`,
        "localhost",
      ]);
    });
    return { certificate: issued.certificate, key: issued.key };
  }
}
