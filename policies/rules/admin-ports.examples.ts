import type { Examples } from "../testing/examples.ts";
import { aws, httpListener, ingress, loadBalancer, service } from "../testing/network-fixtures.ts";

export const examples: Examples = {
  good: [
    { title: "An Ingress to an application", resources: [ingress(), service()] },
    { title: "A load balancer on 80", resources: [loadBalancer(), httpListener()] },
  ],
  bad: [
    {
      title: "Profiles on a public path",
      resources: [ingress({}, {}, "/debug/pprof"), service()],
      property: "spec.rules[0].http.paths[0].path",
    },
    {
      title: "A database as a NodePort",
      resources: [service({ type: "NodePort", ports: [{ port: 5432 }] })],
      property: "spec.ports[0].port",
    },
    {
      title: "Prometheus behind a public load balancer",
      resources: [loadBalancer(), httpListener({ port: 9090 })],
      property: "port",
    },
    {
      title: "Redis from anywhere",
      resources: [
        aws("ec2/securityGroup:SecurityGroup", {
          ingress: [{ protocol: "tcp", fromPort: 6379, toPort: 6379, cidrBlocks: ["0.0.0.0/0"] }],
        }),
      ],
      property: "ingress[0].cidrBlocks[0]",
    },
  ],
};
