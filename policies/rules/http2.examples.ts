import type { Examples } from "../testing/examples.ts";
import { distribution, ingress, loadBalancer } from "../testing/network-fixtures.ts";

const attributes = "alb.ingress.kubernetes.io/load-balancer-attributes";

export const examples: Examples = {
  good: [
    { title: "A load balancer and a distribution", resources: [loadBalancer(), distribution()] },
    { title: "An Ingress", resources: [ingress()] },
  ],
  bad: [
    {
      title: "A load balancer that refuses HTTP/2",
      resources: [loadBalancer({ enableHttp2: false })],
      property: "enableHttp2",
    },
    {
      title: "An Ingress whose load balancer refuses HTTP/2",
      resources: [ingress({}, { [attributes]: "routing.http2.enabled=false" })],
      property: `metadata.annotations["${attributes}"]`,
    },
  ],
};
