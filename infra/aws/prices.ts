/**
 * Prices in US dollars, on demand and before taxes and discounts, for eu-central-1 (Frankfurt).
 *
 * AWS's own price list could not be asked when the table was written, so every price says what it rests on. Check them
 * against https://calculator.aws before a decision depends on them.
 */
export interface Price {
  usd: number;
  /**
   * - `list`: AWS's price list or page, as others quote it.
   * - `bill`: what a published bill of the region comes to for one unit.
   * - `derived`: computed from another price; see the source.
   */
  basis: "list" | "bill" | "derived";
  source: string;
}

/** The day on which the prices were looked up. */
export const pricesOf = "2026-11-21";
export const priceRegion = "eu-central-1";

/** Hours that AWS reckons a month to have. */
export const hoursPerMonth = 730;

/** What the region asks more than us-east-1: db.t4g.micro costs 0.019 in place of 0.016. */
const regionFactor = 0.019 / 0.016;

const cloudWatch = "AWS's page of CloudWatch prices, the same in most regions; a bill of the region agrees for metrics";
const firewall = "AWS's page of WAF prices, the same in all regions";
const bill = "a published bill of the region for 30 days";

/** Prices by what is counted. */
export const prices = {
  taskProcessorHour: {
    usd: 0.04656,
    basis: "list",
    source: "price list of Amazon ECS for the region, effective 2026-07-07, EUC1-Fargate-vCPU-Hours:perCPU",
  },
  taskMemoryHour: {
    usd: 0.00511,
    basis: "list",
    source: "price list of Amazon ECS for the region, effective 2026-07-07, EUC1-Fargate-GB-Hours",
  },
  natGatewayHour: { usd: 0.052, basis: "list", source: "price list of the region, EUC1-NatGateway-Hours" },
  publicAddressHour: { usd: 0.005, basis: "list", source: "price list of the region, EUC1-PublicIPv4:InUseAddress" },
  endpointHour: { usd: 0.012, basis: "list", source: "price list of the region, EUC1-VpcEndpoint-Hours" },
  loadBalancerHour: { usd: 0.027, basis: "bill", source: `${bill}: 19.44 for EUC1-LoadBalancerUsage` },
  keyMonth: { usd: 1, basis: "bill", source: `${bill}: 3.00 for three keys` },
  secretMonth: { usd: 0.4, basis: "bill", source: `${bill}: 1.60 for four secrets` },
  databaseStorageMonth: { usd: 0.137, basis: "bill", source: `${bill}: 2.74 for 20 GB of gp3` },
  alarmMetricMonth: { usd: 0.1, basis: "list", source: cloudWatch },
  compositeAlarmMonth: { usd: 0.5, basis: "list", source: cloudWatch },
  dashboardMonth: { usd: 3, basis: "list", source: cloudWatch },
  metricMonth: { usd: 0.3, basis: "list", source: cloudWatch },
  webAclMonth: { usd: 5, basis: "list", source: firewall },
  webAclRuleMonth: { usd: 1, basis: "list", source: firewall },
} as const satisfies Record<string, Price>;

/** An hour of a database server without a standby, PostgreSQL, by class. */
export const databaseHours: Record<string, Price> = {
  "db.t4g.micro": { usd: 0.019, basis: "bill", source: `${bill}: 13.68 for EUC1-InstanceUsage:db.t4g.micro` },
  "db.m7g.large": fromUsEast(0.168),
};

/** An hour of a cache node, Redis, by type. */
export const cacheHours: Record<string, Price> = {
  "cache.t4g.micro": fromUsEast(0.016),
  "cache.r6g.large": fromUsEast(0.206),
};

/** How much of the price of a task remains on capacity that can be taken away; it floats, and AWS names 70% off at most. */
export const spotShare = 0.3;

function fromUsEast(usd: number): Price {
  const source = `list price of us-east-1, ${usd}, times what db.t4g.micro costs more in the region`;
  return { usd: Math.round(usd * regionFactor * 1000) / 1000, basis: "derived", source };
}
