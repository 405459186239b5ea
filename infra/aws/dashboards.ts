import { Dashboard } from "@pulumi/aws/cloudwatch/dashboard.js";
import * as pulumi from "@pulumi/pulumi";

import { businessPanels, infrastructurePanels, technicalPanels } from "./dashboard-panels.ts";
import { dashboardBody } from "./dashboard-widgets.ts";
import { physicalName } from "./names.ts";
import type { Target } from "./target.ts";

const panels = { business: businessPanels, technical: technicalPanels, infrastructure: infrastructurePanels };

/** A dashboard for each group of metrics: business, technical and infrastructure (WS-DSH-01). */
export class Dashboards extends pulumi.ComponentResource {
  constructor(name: string, { target }: { target: Target }, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:Dashboards", name, {}, opts);
    for (const [group, panelsOf] of Object.entries(panels)) {
      new Dashboard(
        `${name}-${group}`,
        {
          dashboardName: physicalName(target, "dashboard", group),
          dashboardBody: dashboardBody(target.aws.region, panelsOf(target)),
        },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}
