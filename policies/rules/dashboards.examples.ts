import type { TestResource } from "../testing/analyzer.ts";
import type { Examples } from "../testing/examples.ts";
import { app, ecs, file } from "../testing/monitoring.ts";

const SYSTEM = "ecommerce-bot";
const NAMES = ["application", "business", "infrastructure"];
const board = (name: string): TestResource => ({
  type: "aws:cloudwatch/dashboard:Dashboard",
  name,
  properties: { dashboardName: `shop-prod-${name}`, dashboardBody: '{"widgets":[]}' },
});
const grafana = (name: string) => file(`${name}.json`, { title: name, panels: [] }, SYSTEM, `dashboard-${name}`);

export const examples: Examples = {
  good: [
    { title: "Three dashboards of CloudWatch", resources: [...ecs(SYSTEM), ...NAMES.map(board)] },
    { title: "Three dashboards of Grafana", resources: [app(SYSTEM), ...NAMES.map(grafana)] },
  ],
  bad: [
    {
      title: "Two dashboards of CloudWatch",
      resources: [...ecs(SYSTEM), ...NAMES.slice(1).map(board)],
      property: "the resource itself",
    },
    {
      title: "Two dashboards of Grafana",
      resources: [app(SYSTEM), ...NAMES.slice(1).map(grafana)],
      property: "the resource itself",
    },
  ],
};
