import { CompositeAlarm } from "@pulumi/aws/cloudwatch/compositeAlarm.js";
import * as pulumi from "@pulumi/pulumi";

import type { Alert } from "../spec/alert.ts";
import { alarmInputs, metricAlarm, type AlarmTexts } from "./metric-alarm.ts";
import { alarmName, alertWords } from "./alarms.ts";
import { alarmPlans } from "./cloudwatch.ts";
import type { LogScope } from "./logs.ts";
import { physicalName } from "./names.ts";
import type { Topics } from "./notifications.ts";
import { edgeAlarm, platformAlarms } from "./platform-alarms.ts";
import type { Target } from "./target.ts";

/** Value of the tag `component` of the alarms of alerts. */
const component = "alerts";

/** What monitoring needs. */
export interface MonitoringArgs {
  target: Target;
  topics: Topics;
  /** What CloudWatch calls the load balancer: the end of its ARN. @default there is none */
  loadBalancer?: pulumi.Input<string>;
  /** With "stores" only managed stores are watched, as another target watches the services. @default "system" */
  scope?: LogScope;
}

/** An alarm for every alert of the specification, and for what the system runs on. */
export class Monitoring extends pulumi.ComponentResource {
  private readonly name: string;
  private readonly target: Target;
  private readonly children: pulumi.CustomResourceOptions;

  constructor(name: string, args: MonitoringArgs, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:Monitoring", name, {}, opts);
    const { target, topics, loadBalancer, scope = "system" } = args;
    this.name = name;
    this.target = target;
    this.children = { parent: this, dependsOn: [topics] };

    for (const alert of target.system.alerts) {
      if (scope === "system" || alert.condition.kind === "store-memory") this.watch(alert);
    }
    const platform = {
      ...platformAlarms(target, scope),
      ...(loadBalancer === undefined ? {} : { "edge.errors": edgeAlarm(loadBalancer) }),
    };
    for (const [of, { plan, ...texts }] of Object.entries(platform)) {
      const child = `${name}-platform-${of.replace(".", "-")}`;
      metricAlarm(child, target, { ...texts, alarmName: physicalName(target, "alarm", of) }, plan, this.children);
    }

    this.registerOutputs({});
  }

  private watch(alert: Alert) {
    const { name, severity, summary, requirement } = alert;
    const texts = { severity, summary, requirement, component };
    const plans = Object.entries(alarmPlans(this.target, alert));
    const alarms = plans.map(([part, plan]) => {
      const details: AlarmTexts =
        plans.length === 1
          ? { ...texts, alarmName: alarmName(this.target, name) }
          : // The whole calls; a part tells which it is.
            { ...texts, alarmName: alarmName(this.target, name, part), severity: "warning" };
      const child = `${this.name}-${alertWords(name)}${plans.length === 1 ? "" : `-${part}`}`;
      return metricAlarm(child, this.target, details, plan, this.children);
    });
    if (alarms.length === 1) return;
    const whole: AlarmTexts = { ...texts, alarmName: alarmName(this.target, name) };
    const parts = plans.map(([part]) => `ALARM("${alarmName(this.target, name, part)}")`);
    new CompositeAlarm(
      `${this.name}-${alertWords(name)}`,
      { alarmName: whole.alarmName, ...alarmInputs(this.target, whole), alarmRule: parts.join(" OR ") },
      { ...this.children, dependsOn: alarms },
    );
  }
}
