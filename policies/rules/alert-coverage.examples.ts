import type { Examples } from "../testing/examples.ts";
import { alarm, app, ecs, file, rule, rules } from "../testing/monitoring.ts";

const SYSTEM = "ecommerce-bot";
const IDS = ["EB-ALR-01", "EB-ALR-02", "EB-ALR-03"] as const;
const ruled = (first: Record<string, unknown>) => [app(SYSTEM), rules(SYSTEM, first, rule(IDS[1]), rule(IDS[2]))];
const alarmed = (first: Record<string, unknown>) => [
  ...ecs(SYSTEM),
  alarm(IDS[0], first),
  alarm(IDS[1]),
  alarm(IDS[2]),
];
const TEXT = `groups:
  - name: ecommerce-bot
    rules:
      - alert: HighErrorRate
        expr: rate(errors_total[5m]) > 0.01
        for: 5m
        labels: { severity: critical, requirement: EB-ALR-01 }
      - alert: HighLatency
        expr: histogram_quantile(0.99, sum by (le) (rate(request_duration_seconds_bucket[5m]))) > 1
        for: 5m
        labels: { severity: warning, requirement: EB-ALR-02 }
      - alert: PodMemoryUsage
        expr: container_memory_working_set_bytes / (container_spec_memory_limit_bytes > 0) > 0.8
        for: 5m
        labels: { severity: warning, requirement: EB-ALR-03 }
`;

export const examples: Examples = {
  good: [
    { title: "Prometheus rules for all three alerts", resources: [app(SYSTEM), file("alerts.yml", TEXT, SYSTEM)] },
    { title: "An alarm for each of them", resources: alarmed({}) },
  ],
  bad: [
    {
      title: "A rule that no requirement is named for",
      resources: ruled(rule("none")),
      property: "the resource itself",
    },
    {
      title: "A rule without a threshold",
      resources: ruled(rule(IDS[0], { expr: "rate(errors_total[5m])" })),
      property: 'data["alerts.yml"].groups[0].rules[0].expr',
    },
    {
      title: "A rule that comes after an hour",
      resources: ruled(rule(IDS[0], { for: "1h" })),
      property: 'data["alerts.yml"].groups[0].rules[0].for',
    },
    {
      title: "Two alarms of three",
      resources: [...ecs(SYSTEM), alarm(IDS[0]), alarm(IDS[1])],
      property: "the resource itself",
    },
    {
      title: "An alarm that waits for an hour",
      resources: alarmed({ evaluationPeriods: 60 }),
      property: "evaluationPeriods",
    },
    { title: "An alarm without a threshold", resources: alarmed({ threshold: undefined }), property: "threshold" },
  ],
};
