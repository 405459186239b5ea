import type { CostEstimate } from "../../infra/aws/cost-estimate.ts";
import { table } from "../table.ts";

/** An estimate for people: what each component costs a month, from what, and what is not in it. */
export function costText(estimate: CostEstimate): string {
  const { components, total, region, pricesOf, unpriced, notIncluded } = estimate;
  const rows = components.map(({ component, usd, items }) => [
    component,
    dollars(usd),
    items.map(({ what, usd }) => `${what} ${dollars(usd)}`).join(", "),
  ]);
  return [
    `Cost a month in US dollars, an estimate from list prices of ${region} on ${pricesOf}; check them at https://calculator.aws`,
    table(["COMPONENT", "USD", "FOR"], [...rows, ["total", dollars(total), ""]]),
    ...(unpriced.length === 0 ? [] : [`Without a price in the table: ${unpriced.join("; ")}.`]),
    ...(notIncluded.length === 0 ? [] : [`Not included, as it depends on use: ${notIncluded.join("; ")}.`]),
  ].join("\n");
}

function dollars(usd: number): string {
  return usd.toFixed(2);
}
