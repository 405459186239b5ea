import type { Examples } from "../testing/examples.ts";
import {
  association,
  distribution,
  ingress,
  loadBalancer,
  ofSystem,
  rateRule,
  webAcl,
} from "../testing/network-fixtures.ts";

const modsecurity = {
  "nginx.ingress.kubernetes.io/enable-modsecurity": "true",
  "nginx.ingress.kubernetes.io/enable-owasp-core-rules": "true",
};

export const examples: Examples = {
  good: [
    {
      title: "A load balancer behind a web ACL",
      resources: [loadBalancer(), webAcl(), association(webAcl(), loadBalancer())],
    },
    { title: "An Ingress of archesai with a firewall", resources: [ofSystem("archesai", ingress({}, modsecurity))] },
  ],
  bad: [
    { title: "A load balancer without a web ACL", resources: [loadBalancer()], property: "the resource itself" },
    {
      title: "A distribution without a web ACL",
      resources: [distribution({ webAclId: undefined })],
      property: "webAclId",
    },
    {
      title: "A web ACL without managed rules",
      resources: [
        loadBalancer(),
        webAcl({ rules: [rateRule] }),
        association(webAcl({ rules: [rateRule] }), loadBalancer()),
      ],
      property: "rules",
    },
    {
      title: "An Ingress of archesai without a firewall",
      resources: [ofSystem("archesai", ingress())],
      property: 'metadata.annotations["nginx.ingress.kubernetes.io/enable-modsecurity"]',
    },
  ],
};
