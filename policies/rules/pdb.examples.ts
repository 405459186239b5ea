import { copies, disruptionBudget } from "../testing/copies.ts";
import type { Examples } from "../testing/examples.ts";

export const examples: Examples = {
  good: [{ title: "One of two copies may be missing", resources: [copies({ replicas: 2 }), disruptionBudget()] }],
  bad: [
    {
      title: "Two copies that one drained machine may take away",
      resources: [copies({ replicas: 2 })],
      property: "spec.template.metadata.labels",
    },
    {
      title: "A budget that lets no machine be emptied",
      resources: [copies({ replicas: 2 }), disruptionBudget({ maxUnavailable: 0 })],
      property: "spec.maxUnavailable",
    },
  ],
};
