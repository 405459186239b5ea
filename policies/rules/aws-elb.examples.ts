import type { Examples } from "../testing/examples.ts";
import { loadBalancer } from "../testing/network-fixtures.ts";

export const examples: Examples = {
  good: [{ title: "A load balancer in two zones that drops invalid headers", resources: [loadBalancer()] }],
  bad: [
    {
      title: "A load balancer that passes invalid headers on",
      resources: [loadBalancer({ dropInvalidHeaderFields: undefined })],
      property: "dropInvalidHeaderFields",
    },
    { title: "A load balancer in one zone", resources: [loadBalancer({ subnets: ["subnet-a"] })], property: "subnets" },
  ],
};
