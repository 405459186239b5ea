import type { Examples } from "../testing/examples.ts";
import { aws, distribution } from "../testing/network-fixtures.ts";

const bucket = aws("s3/bucket:Bucket", { bucket: "static" }, "static");

export const examples: Examples = {
  good: [{ title: "Private origins over TLS", resources: [bucket, distribution()] }],
  bad: [
    {
      title: "A bucket that anyone must be able to read",
      resources: [bucket, distribution({ origins: [{ domainName: "static.s3.eu-central-1.amazonaws.com" }] })],
      property: "origins[0].originAccessControlId",
    },
    {
      title: "An application reached without TLS",
      resources: [
        distribution({
          origins: [{ domainName: "app.archesai.com", customOriginConfig: { originProtocolPolicy: "http-only" } }],
        }),
      ],
      property: "origins[0].customOriginConfig.originProtocolPolicy",
    },
  ],
};
