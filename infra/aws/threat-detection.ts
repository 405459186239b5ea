import { Detector } from "@pulumi/aws/guardduty/detector.js";
import { DetectorFeature } from "@pulumi/aws/guardduty/detectorFeature.js";
import * as pulumi from "@pulumi/pulumi";

import { componentTags } from "./tags.ts";

/** What GuardDuty looks at beside the account's trail, flow logs and DNS: what this program makes. */
const features: { name: string; additionalConfigurations?: { name: string; status: string }[] }[] = [
  { name: "S3_DATA_EVENTS" },
  { name: "RDS_LOGIN_EVENTS" },
  { name: "LAMBDA_NETWORK_LOGS" },
  {
    name: "RUNTIME_MONITORING",
    additionalConfigurations: [
      { name: "ECS_FARGATE_AGENT_MANAGEMENT", status: "ENABLED" },
      { name: "EC2_AGENT_MANAGEMENT", status: "DISABLED" },
      { name: "EKS_ADDON_MANAGEMENT", status: "DISABLED" },
    ],
  },
];

/** GuardDuty in the account and region: it also watches what happens inside the tasks, with an agent of its own. */
export class ThreatDetection extends pulumi.ComponentResource {
  constructor(name: string, args: Record<string, never>, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:ThreatDetection", name, args, opts);
    const detector = new Detector(
      `${name}-detector`,
      { enable: true, findingPublishingFrequency: "FIFTEEN_MINUTES", tags: componentTags("audit") },
      { parent: this },
    );
    for (const feature of features) {
      new DetectorFeature(
        `${name}-${feature.name.toLowerCase().replaceAll("_", "-")}`,
        { ...feature, detectorId: detector.id, status: "ENABLED" },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}
