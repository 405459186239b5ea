import { costItems, type PricedResource } from "./cost-items.ts";
import { usageOf } from "./cost-usage.ts";
import { priceRegion, pricesOf } from "./prices.ts";

/** What a plan costs a month for being there, whether it is used or not. US dollars, whole cents. */
export interface CostEstimate {
  currency: "USD";
  /** The region whose prices these are. */
  region: string;
  /** The day of the prices. */
  pricesOf: string;
  /** By service, store or concern: the value of the tag `component`. */
  components: { component: string; usd: number; items: { what: string; usd: number }[] }[];
  total: number;
  /** What has no price in the table. */
  unpriced: string[];
  /** What costs for its use, and is not in the total. */
  notIncluded: string[];
}

/** Components of resources that have no tags. */
const untagged: Record<string, string> = {
  "aws:cloudwatch/dashboard:Dashboard": "dashboards",
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": "logs",
};

/**
 * The estimate of a plan's resources; undefined if none of them is in AWS.
 *
 * @param plan every resource of the plan; the same plan gives the same estimate
 */
export function costEstimate(plan: readonly PricedResource[]): CostEstimate | undefined {
  const resources = plan.filter(({ type }) => type.startsWith("aws:"));
  if (resources.length === 0) return undefined;
  const items = resources.flatMap((resource) =>
    costItems(resource, resources).map((item) => ({ component: componentOf(resource), ...item })),
  );
  const priced = items.flatMap(({ component, what, usd }) => (usd === undefined ? [] : [{ component, what, usd }]));
  const components = [...Map.groupBy(priced, ({ component }) => component)]
    .map(([component, parts]) => {
      const sums = [...Map.groupBy(parts, ({ what }) => what)].map(([what, same]) => ({ what, usd: cents(sum(same)) }));
      return { component, usd: cents(sum(sums)), items: sums.sort((a, b) => compare(a.what, b.what)) };
    })
    .sort((a, b) => b.usd - a.usd || compare(a.component, b.component));
  return {
    currency: "USD",
    region: priceRegion,
    pricesOf,
    components,
    total: cents(sum(components)),
    unpriced: [...new Set(items.flatMap(({ what, usd }) => (usd === undefined ? [what] : [])))].sort(),
    notIncluded: usageOf(resources.map(({ type }) => type)),
  };
}

function componentOf({ type, inputs }: PricedResource): string {
  const tags = inputs["tags"];
  const component =
    typeof tags === "object" && tags !== null ? (tags as Record<string, unknown>)["component"] : undefined;
  return typeof component === "string" ? component : (untagged[type] ?? "other");
}

function sum(parts: readonly { usd: number }[]): number {
  return parts.reduce((total, { usd }) => total + usd, 0);
}

function cents(usd: number): number {
  return Math.round(usd * 100) / 100;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
