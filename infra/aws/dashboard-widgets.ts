import type { AlarmMetric, AlarmPlan } from "./cloudwatch.ts";

/** A graph of series, of what a search finds or of what an alarm looks at; or the state of alarms. */
export type Panel = { title: string } & (
  { series: readonly AlarmMetric[] } | { query: string } | { plan: AlarmPlan } | { alarmArns: readonly string[] }
);

/** CloudWatch's grid has 24 columns; three panels fill a row. */
const width = 8;
const height = 6;
const perRow = 24 / width;
/** Seconds of a point in a graph. */
const minute = 60;

/** The body of a dashboard as CloudWatch reads it. The same panels give the same text. */
export function dashboardBody(region: string, panels: readonly Panel[]): string {
  return JSON.stringify({
    widgets: panels.map((panel, index) => ({
      type: "alarmArns" in panel ? "alarm" : "metric",
      x: (index % perRow) * width,
      y: Math.floor(index / perRow) * height,
      width,
      height,
      properties: { title: panel.title, ...content(region, panel) },
    })),
  });
}

function content(region: string, panel: Panel): Record<string, unknown> {
  if ("alarmArns" in panel) return { alarms: panel.alarmArns };
  const graph = { region, view: "timeSeries", period: "plan" in panel ? panel.plan.period : minute };
  if ("query" in panel) return { ...graph, metrics: [[{ expression: panel.query, id: "found" }]] };
  if ("series" in panel) return { ...graph, metrics: panel.series.map((metric) => series(metric, {})) };
  const { source, threshold } = panel.plan;
  const metrics =
    "expression" in source
      ? [
          [{ expression: source.expression, id: "result", label: panel.title }],
          ...Object.entries(source.metrics).map(([id, metric]) => series(metric, { id, visible: false })),
        ]
      : [series(source, {})];
  return { ...graph, metrics, annotations: { horizontal: [{ label: "alert", value: threshold }] } };
}

function series({ namespace, metric, dimensions, statistic }: AlarmMetric, options: object): unknown[] {
  return [namespace, metric, ...Object.entries(dimensions).flat(), { stat: statistic, ...options }];
}
