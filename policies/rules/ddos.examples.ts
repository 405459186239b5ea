import type { Examples } from "../testing/examples.ts";
import {
  association,
  distribution,
  ingress,
  loadBalancer,
  managedRule,
  ofSystem,
  webAcl,
} from "../testing/network-fixtures.ts";

export const examples: Examples = {
  good: [
    {
      title: "A load balancer whose web ACL has a rate rule",
      resources: [loadBalancer(), webAcl(), association(webAcl(), loadBalancer())],
    },
    { title: "An Ingress of archesai behind CloudFront", resources: [ofSystem("archesai", ingress()), distribution()] },
  ],
  bad: [
    {
      title: "A web ACL without a rate rule",
      resources: [
        loadBalancer(),
        webAcl({ rules: [managedRule] }),
        association(webAcl({ rules: [managedRule] }), loadBalancer()),
      ],
      property: "the resource itself",
    },
    {
      title: "An Ingress of archesai without CloudFront",
      resources: [ofSystem("archesai", ingress())],
      property: "the resource itself",
    },
  ],
};
