import type { Examples } from "../testing/examples.ts";
import { deployment } from "../testing/fixtures.ts";
import {
  association,
  ingress,
  loadBalancer,
  managedRule,
  ofSystem,
  rateRule,
  webAcl,
} from "../testing/network-fixtures.ts";

const limit = (value: string) => [{ name: "RATE_LIMIT_ANTHROPIC_PER_HOUR", value }];
const slow = { ...rateRule, statement: { rateBasedStatement: { limit: 2000 } } };

export const examples: Examples = {
  good: [
    {
      title: "A load balancer behind a rate rule",
      resources: [loadBalancer(), webAcl(), association(webAcl(), loadBalancer())],
    },
    { title: "The number of worldstore", resources: [ofSystem("worldstore", deployment({ env: limit("100") }))] },
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
      title: "A rule that lets too much through",
      resources: [webAcl({ rules: [slow] })],
      property: "rules[0].statement.rateBasedStatement.limit",
    },
    {
      title: "Another number than that of worldstore",
      resources: [ofSystem("worldstore", deployment({ env: limit("1000") }))],
      property: "spec.template.spec.containers[0].env[0].value",
    },
    {
      title: "An Ingress of archesai without a limit",
      resources: [ofSystem("archesai", ingress())],
      property: 'metadata.annotations["nginx.ingress.kubernetes.io/limit-rps"]',
    },
  ],
};
