import type { Examples } from "../testing/examples.ts";
import { httpsListener, ingress, ofSystem } from "../testing/network-fixtures.ts";

const snippet = "nginx.ingress.kubernetes.io/configuration-snippet";
const archesai = [
  `more_set_headers "X-Frame-Options: SAMEORIGIN";`,
  `more_set_headers "X-Content-Type-Options: nosniff";`,
  `more_set_headers "X-XSS-Protection: 1; mode=block";`,
  `more_set_headers "Strict-Transport-Security: max-age=31536000; includeSubDomains";`,
  `more_set_headers "Content-Security-Policy: default-src 'self'";`,
];

export const examples: Examples = {
  good: [
    { title: "A listener that adds the headers", resources: [httpsListener()] },
    {
      title: "An Ingress of archesai with its list",
      resources: [ofSystem("archesai", ingress({}, { [snippet]: archesai.join("\n") }))],
    },
  ],
  bad: [
    {
      title: "A listener without one of the headers",
      resources: [httpsListener({ routingHttpResponseXFrameOptionsHeaderValue: undefined })],
      property: "routingHttpResponseXFrameOptionsHeaderValue",
    },
    {
      title: "An Ingress of archesai without headers",
      resources: [ofSystem("archesai", ingress())],
      property: `metadata.annotations["${snippet}"]`,
    },
  ],
};
