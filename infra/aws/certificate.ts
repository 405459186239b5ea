import { Certificate as AcmCertificate } from "@pulumi/aws/acm/certificate.js";
import { CertificateValidation } from "@pulumi/aws/acm/certificateValidation.js";
import { Record } from "@pulumi/aws/route53/record.js";
import * as pulumi from "@pulumi/pulumi";

import { componentTags } from "./tags.ts";
import type { Target } from "./target.ts";

/** What a certificate is made with. */
export interface CertificateArgs {
  target: Target;
  /** Full host names, at least one. */
  hosts: readonly string[];
}

/** A public certificate, which ACM renews as long as the records that prove the ownership of its hosts are there. */
export class Certificate extends pulumi.ComponentResource {
  /** Known when the certificate is issued. */
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: CertificateArgs, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:Certificate", name, {}, opts);
    const { target, hosts } = args;
    const [host, ...others] = hosts;
    const certificate = new AcmCertificate(
      `${name}-certificate`,
      {
        domainName: host,
        ...(others.length === 0 ? {} : { subjectAlternativeNames: others }),
        validationMethod: "DNS",
        keyAlgorithm: "EC_prime256v1",
        tags: componentTags("edge"),
      },
      { parent: this },
    );
    // How many records there are is known beforehand, one for each host; what is in them only ACM says.
    const records = hosts.map((host) => {
      const option = certificate.domainValidationOptions.apply((options) => {
        const found = options.find(({ domainName }) => domainName === host);
        if (!found) throw new Error(`ACM gave no validation record for "${host}"`);
        return found;
      });
      return new Record(
        `${name}-${host}`,
        {
          zoneId: target.aws.hostedZoneId,
          name: option.resourceRecordName,
          type: option.resourceRecordType,
          records: [option.resourceRecordValue],
          ttl: 300,
        },
        { parent: this },
      );
    });
    const validation = new CertificateValidation(
      `${name}-validation`,
      { certificateArn: certificate.arn, validationRecordFqdns: records.map(({ fqdn }) => fqdn) },
      { parent: this },
    );
    this.arn = validation.certificateArn;
    this.registerOutputs({});
  }
}
