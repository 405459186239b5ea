import assert from "node:assert/strict";

import { costText } from "./cost.ts";
import { previewText } from "./preview-text.ts";

const cost = {
  currency: "USD" as const,
  region: "eu-central-1",
  pricesOf: "2026-11-21",
  components: [
    {
      component: "postgres",
      usd: 33.22,
      items: [
        { what: "database servers", usd: 27.74 },
        { what: "database storage", usd: 5.48 },
      ],
    },
    { component: "agent", usd: 0.4, items: [{ what: "secrets", usd: 0.4 }] },
  ],
  total: 33.62,
  unpriced: ["cache nodes of type cache.x"],
  notIncluded: ["GuardDuty", "messages in queues"],
};

describe("The cost of a plan", () => {
  it("is a table with its date and with what is not in it", () => {
    assert.equal(
      costText(cost),
      `
Cost a month in US dollars, an estimate from list prices of eu-central-1 on 2026-11-21; check them at https://calculator.aws
COMPONENT  USD    FOR
postgres   33.22  database servers 27.74, database storage 5.48
agent      0.40   secrets 0.40
total      33.62
Without a price in the table: cache nodes of type cache.x.
Not included, as it depends on use: GuardDuty; messages in queues.`.trimStart(),
    );
  });

  it("is part of the preview of a plan that has one", () => {
    const plan = { resources: [], policies: [], outputs: {}, summary: {} };
    assert(previewText({ ...plan, cost }).includes(costText(cost)));
    assert(!previewText(plan).includes("Cost"));
  });
});
