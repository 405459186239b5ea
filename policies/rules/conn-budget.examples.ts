import type { TestResource } from "../testing/analyzer.ts";
import type { Examples } from "../testing/examples.ts";
import { container, podSpec, workload } from "../testing/fixtures.ts";
import { inSystem } from "../testing/store-fixtures.ts";

/** The API of archesai with a pool in each of its copies. */
function api(pool: string): TestResource {
  const env = [{ name: "DB_POOL_MAX", value: pool }];
  const resource = inSystem("archesai", workload(podSpec({ containers: [container({ env })] })));
  const { spec } = resource.properties as { spec: object };
  const strategy = { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } };
  return { ...resource, properties: { ...resource.properties, spec: { ...spec, replicas: 3, strategy } } };
}

export const examples: Examples = {
  good: [{ title: "Pools that fit 200 connections, also while a release runs", resources: [api("40")] }],
  bad: [
    {
      title: "Pools that fit until a release starts a fourth copy",
      resources: [api("50")],
      property: "spec.template.spec.containers[0].env[0].value",
    },
  ],
};
