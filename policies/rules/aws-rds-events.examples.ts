import type { Examples } from "../testing/examples.ts";

export const examples: Examples = {
  good: [
    {
      title: "A subscription to what is critical",
      resources: [
        {
          type: "aws:rds/eventSubscription:EventSubscription",
          properties: { sourceType: "db-cluster", eventCategories: ["failure", "maintenance"] },
        },
      ],
    },
  ],
  bad: [
    {
      title: "A subscription that leaves maintenance out",
      resources: [
        {
          type: "aws:rds/eventSubscription:EventSubscription",
          properties: { sourceType: "db-cluster", eventCategories: ["failure"] },
        },
      ],
      property: "eventCategories",
    },
    {
      title: "A subscription that is turned off",
      resources: [{ type: "aws:rds/eventSubscription:EventSubscription", properties: { enabled: false } }],
      property: "enabled",
    },
  ],
};
