import type { Examples } from "../testing/examples.ts";
import { deployment, kubernetes, podSpec, workload } from "../testing/fixtures.ts";

export const examples: Examples = {
  good: [
    { title: "A Deployment with an account of its own and no token", resources: [deployment()] },
    {
      title: "An account that mounts no token",
      resources: [kubernetes("core/v1:ServiceAccount", { automountServiceAccountToken: false })],
    },
  ],
  bad: [
    {
      title: "A pod with the account that all share",
      resources: [workload(podSpec({ serviceAccountName: "default" }))],
      property: "spec.template.spec.serviceAccountName",
    },
    {
      title: "A pod with a token that it does not need",
      resources: [workload(podSpec({ automountServiceAccountToken: true }))],
      property: "spec.template.spec.automountServiceAccountToken",
    },
    {
      title: "An account that mounts its token into every pod",
      resources: [kubernetes("core/v1:ServiceAccount", { automountServiceAccountToken: true })],
      property: "automountServiceAccountToken",
    },
  ],
};
