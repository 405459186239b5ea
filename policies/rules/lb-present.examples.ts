import type { Examples } from "../testing/examples.ts";
import {
  app,
  ecsService,
  httpsListener,
  ingress,
  listenerRule,
  loadBalancer,
  ofSystem,
  service,
  targetGroup,
} from "../testing/network-fixtures.ts";

const onEcs = (overrides = {}) =>
  ofSystem(
    "worldstore",
    ecsService({ loadBalancers: [{ containerPort: 3000 }], ...overrides }, { loadBalancers: [targetGroup()] }),
    "payment-server",
  );
const edge = [loadBalancer(), httpsListener(), targetGroup(), listenerRule(httpsListener(), targetGroup())];
const onKubernetes = ofSystem("worldstore", app(), "payment-server");

export const examples: Examples = {
  good: [
    { title: "A public service behind an Ingress", resources: [onKubernetes, service(), ingress()] },
    { title: "A public service behind a load balancer", resources: [...edge, onEcs()] },
  ],
  bad: [
    { title: "A public service that nothing leads to", resources: [onKubernetes, service()], property: "spec" },
    {
      title: "A single copy of a public service",
      resources: [...edge, onEcs({ desiredCount: 1 })],
      property: "desiredCount",
    },
    {
      title: "An Ingress to a Service that does not exist",
      resources: [service({}, "other"), ingress()],
      property: "spec.rules[0].http.paths[0].backend.service.name",
    },
  ],
};
