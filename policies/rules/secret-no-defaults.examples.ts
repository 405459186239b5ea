import type { Examples } from "../testing/examples.ts";
import { deployment, ecsContainer, kubernetes, taskDefinition } from "../testing/fixtures.ts";

export const examples: Examples = {
  good: [
    {
      title: "A password that is a reference",
      resources: [deployment({ env: [{ name: "GF_SECURITY_ADMIN_PASSWORD", value: "$(GRAFANA_PASSWORD)" }] })],
    },
    {
      title: "A name that is no secret",
      resources: [taskDefinition([ecsContainer({ environment: [{ name: "DB_USER", value: "admin" }] })])],
    },
  ],
  bad: [
    {
      title: "Grafana's first password",
      resources: [deployment({ env: [{ name: "GF_SECURITY_ADMIN_PASSWORD", value: "admin" }] })],
      property: "spec.template.spec.containers[0].env[0].value",
    },
    {
      title: "The key of the guide",
      resources: [
        taskDefinition([ecsContainer({ environment: [{ name: "INTERNAL_API_KEY", value: "ccl-internal-2025" }] })]),
      ],
      property: "containerDefinitions[0].environment[0].value",
    },
    {
      title: "A placeholder",
      resources: [kubernetes("core/v1:ConfigMap", { data: { REGISTRY: "your-registry.com" } })],
      property: "data.REGISTRY",
    },
  ],
};
