import type { Examples } from "../testing/examples.ts";
import { ecsContainer } from "../testing/fixtures.ts";
import { app, ecs, file, serviceOf } from "../testing/monitoring.ts";

const SYSTEM = "archesai";
const prometheus = (job: string) =>
  file(
    "prometheus.yml",
    `scrape_configs:
  - job_name: app
${job}
`,
    SYSTEM,
  );
const job = (interval: string, target: string) =>
  prometheus(`    scrape_interval: ${interval}
    static_configs:
      - targets: [${target}]`);
const collector = ecsContainer({
  name: "collector",
  environment: [
    {
      name: "AOT_CONFIG_CONTENT",
      value: JSON.stringify({
        receivers: {
          prometheus: {
            config: {
              scrape_configs: [
                { job_name: "app", scrape_interval: "15s", static_configs: [{ targets: ["127.0.0.1:9090"] }] },
              ],
            },
          },
        },
      }),
    },
  ],
});

export const examples: Examples = {
  good: [
    {
      title: "A job that reads the service",
      resources: [app(SYSTEM), serviceOf(SYSTEM), job("15s", "app.archesai.svc:9090")],
    },
    { title: "A collector in the task", resources: ecs(SYSTEM, [ecsContainer(), collector]) },
  ],
  bad: [
    {
      title: "A service that no job reads",
      resources: [app(SYSTEM), serviceOf(SYSTEM), job("15s", "other.archesai.svc:9090")],
      property: "the resource itself",
    },
    {
      title: "A job that reads once a minute",
      resources: [app(SYSTEM), serviceOf(SYSTEM), job("1m", "app.archesai.svc:9090")],
      property: 'data["prometheus.yml"].scrape_configs[0].scrape_interval',
    },
    {
      title: "A job that asks another port",
      resources: [app(SYSTEM), serviceOf(SYSTEM), job("15s", "app.archesai.svc:8080")],
      property: 'data["prometheus.yml"].scrape_configs[0].static_configs[0].targets[0]',
    },
    { title: "A task without a collector", resources: ecs(SYSTEM), property: "the resource itself" },
  ],
};
