import { MetricAlarm, type MetricAlarmArgs } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";

import type { AlarmMetric, AlarmPlan } from "./cloudwatch.ts";
import { topicArn, type Severity } from "./notifications.ts";
import { componentTags } from "./tags.ts";
import type { Target } from "./target.ts";

/** What an alarm is called and whom it calls. */
export interface AlarmTexts {
  /** The name in CloudWatch. */
  alarmName: string;
  severity: Severity;
  /** What has happened, in one sentence. */
  summary: string;
  /** Value of the tag `component`. */
  component: string;
  /** Id of the requirement that states it. @default it is a proposal */
  requirement?: string;
}

/** The inputs that all alarms share, plain and composite. */
export function alarmInputs(target: Target, { severity, summary, component, requirement }: AlarmTexts) {
  const actions = [topicArn(target, severity)];
  return {
    alarmDescription: requirement === undefined ? summary : `${summary} (${requirement})`,
    actionsEnabled: true,
    alarmActions: actions,
    okActions: actions,
    tags: componentTags(component, { severity, ...(requirement === undefined ? {} : { requirement }) }),
  };
}

/** An alarm of CloudWatch that calls the topic of its severity when it begins and when it ends. */
export function metricAlarm(
  name: string,
  target: Target,
  texts: AlarmTexts,
  plan: AlarmPlan<Input<string>>,
  opts: CustomResourceOptions,
): MetricAlarm {
  return new MetricAlarm(
    name,
    {
      name: texts.alarmName,
      ...alarmInputs(target, texts),
      ...source(plan),
      evaluationPeriods: plan.evaluationPeriods,
      datapointsToAlarm: plan.evaluationPeriods,
      threshold: plan.threshold,
      comparisonOperator: plan.comparison,
      treatMissingData: plan.missingData,
    },
    opts,
  );
}

function source({ source, period }: AlarmPlan<Input<string>>): Partial<MetricAlarmArgs> {
  if ("expression" in source) {
    return {
      metricQueries: [
        { id: "result", expression: source.expression, label: "result", returnData: true },
        ...Object.entries(source.metrics).map(([id, { namespace, metric, dimensions, statistic }]) => ({
          id,
          metric: { namespace, metricName: metric, dimensions, period, stat: statistic },
        })),
      ],
    };
  }
  const { namespace, metric, dimensions } = source;
  return { namespace, metricName: metric, dimensions, period, ...statistic(source) };
}

function statistic({ statistic }: AlarmMetric<Input<string>>): Partial<MetricAlarmArgs> {
  if (!/^p\d/.test(statistic)) return { statistic };
  return { extendedStatistic: statistic, evaluateLowSampleCountPercentiles: "evaluate" };
}
