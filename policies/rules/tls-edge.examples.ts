import type { Examples } from "../testing/examples.ts";
import { distribution, httpListener, httpsListener, ingress, loadBalancer } from "../testing/network-fixtures.ts";

export const examples: Examples = {
  good: [
    { title: "HTTPS, and HTTP that redirects to it", resources: [loadBalancer(), httpsListener(), httpListener()] },
    { title: "A distribution with a certificate of its own", resources: [distribution()] },
    { title: "An Ingress with a certificate for its host", resources: [ingress()] },
  ],
  bad: [
    {
      title: "A listener that takes TLS 1.0",
      resources: [httpsListener({ sslPolicy: "ELBSecurityPolicy-2016-08" })],
      property: "sslPolicy",
    },
    {
      title: "HTTP that answers",
      resources: [httpListener({ defaultActions: [{ type: "forward" }] })],
      property: "defaultActions",
    },
    {
      title: "A distribution with CloudFront's certificate",
      resources: [distribution({ viewerCertificate: { cloudfrontDefaultCertificate: true } })],
      property: "viewerCertificate.cloudfrontDefaultCertificate",
      anyValue: true,
    },
    { title: "An Ingress without TLS", resources: [ingress({ tls: undefined })], property: "spec.tls" },
  ],
};
