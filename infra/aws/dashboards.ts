import { Dashboard } from "@pulumi/aws/cloudwatch/dashboard.js";
import * as pulumi from "@pulumi/pulumi";

import { partitionOf } from "./arns.ts";
import { businessPanels, infrastructurePanels, technicalPanels } from "./dashboard-panels.ts";
import { dashboardBody } from "./dashboard-widgets.ts";
import { physicalName } from "./names.ts";
import type { Target } from "./target.ts";

const panels = { business: businessPanels, technical: technicalPanels, infrastructure: infrastructurePanels };

/** A dashboard for each group of metrics: business, technical and infrastructure (WS-DSH-01). */
export class Dashboards extends pulumi.ComponentResource {
  /** Addresses in AWS's console by group. */
  readonly urls: Record<string, string> = {};

  constructor(name: string, { target }: { target: Target }, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:Dashboards", name, {}, opts);
    const { region } = target.aws;
    const host = partitionOf(region) === "aws-cn" ? "console.amazonaws.cn" : `${region}.console.aws.amazon.com`;
    for (const [group, panelsOf] of Object.entries(panels)) {
      const dashboardName = physicalName(target, "dashboard", group);
      new Dashboard(
        `${name}-${group}`,
        { dashboardName, dashboardBody: dashboardBody(region, panelsOf(target)) },
        { parent: this },
      );
      this.urls[group] = `https://${host}/cloudwatch/home?region=${region}#dashboards/dashboard/${dashboardName}`;
    }
    this.registerOutputs({});
  }
}
