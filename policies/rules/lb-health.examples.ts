import type { Examples } from "../testing/examples.ts";
import { container } from "../testing/fixtures.ts";
import { app, ingress, loadBalancer, service, targetGroup } from "../testing/network-fixtures.ts";

export const examples: Examples = {
  good: [
    { title: "A target group that is checked", resources: [loadBalancer(), targetGroup()] },
    { title: "Pods with a readiness probe behind an Ingress", resources: [ingress(), service(), app()] },
  ],
  bad: [
    {
      title: "A failing copy stays for 90 seconds",
      resources: [targetGroup({ healthCheck: { path: "/health", interval: 30, unhealthyThreshold: 3 } })],
      property: "healthCheck.interval",
    },
    {
      title: "A load balancer that anyone may delete by mistake",
      resources: [loadBalancer({ enableDeletionProtection: false })],
      property: "enableDeletionProtection",
    },
    {
      title: "A load balancer without access logs",
      resources: [loadBalancer({ accessLogs: undefined })],
      property: "accessLogs.enabled",
    },
    {
      title: "Pods without a readiness probe behind an Ingress",
      resources: [ingress(), service(), app({}, [container({ readinessProbe: undefined })])],
      property: "spec.template.spec.containers[0].readinessProbe",
    },
  ],
};
