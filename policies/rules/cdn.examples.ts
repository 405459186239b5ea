import type { Examples } from "../testing/examples.ts";
import { app, aws, distribution, ecsService, ofSystem } from "../testing/network-fixtures.ts";

const bucket = aws("s3/bucket:Bucket", { bucket: "static" }, "static");

export const examples: Examples = {
  good: [
    {
      title: "The platform of archesai with its static files on a CDN",
      resources: [ofSystem("archesai", app(), "platform"), bucket, distribution()],
    },
    {
      title: "The dashboard of retail-brain behind a CDN",
      resources: [ofSystem("retail-brain", ecsService(), "dashboard"), bucket, distribution()],
    },
  ],
  bad: [
    {
      title: "The platform of archesai without a CDN",
      resources: [ofSystem("archesai", app(), "platform")],
      property: "the resource itself",
    },
    {
      title: "A behaviour without a cache policy",
      resources: [bucket, distribution({ defaultCacheBehavior: { viewerProtocolPolicy: "https-only" } })],
      property: "defaultCacheBehavior.cachePolicyId",
    },
  ],
};
