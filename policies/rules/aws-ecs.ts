import { definePolicy } from "../frame/policy.ts";
import { ECS_SERVICE } from "../workloads/copies.ts";
import { taskOf } from "../workloads/ecs.ts";

const CLUSTER = "aws:ecs/cluster:Cluster";
const CAPACITY_PROVIDER = "aws:ecs/capacityProvider:CapacityProvider";

/** The newest Fargate platforms: of Linux, and of Windows. */
const PLATFORMS = ["LATEST", "1.4.0", "1.0.0"];

/** What keeps ECS itself current, watched and encrypted on the way to its files. */
export const awsEcs = definePolicy({
  id: "POL-AWS-ECS",
  title: "ECS on current platforms, watched, with encrypted file systems",
  severity: "medium",
  level: "mandatory",
  targets: ["aws"],
  controls: {
    fsbp: ["ECS.10", "ECS.12", "ECS.18", "ECS.19"],
    pci: ["4.2.1", "6.3.3", "10.2.1"],
    soc2: ["CC6.7", "CC7.1", "CC7.2"],
  },
  requirements: ["WS-SEC-46"],
  remediation: "Turn on Container Insights, leave the platform at LATEST and encrypt EFS volumes in transit.",
  check(check, resource) {
    const { type, properties } = resource;
    if (type === CLUSTER) {
      const settings = properties.get("settings");
      const insights = check.items(settings).find((setting) => setting.get("name").value === "containerInsights");
      check.expect(insights?.get("value") ?? settings, (value) => value === "enabled" || value === "enhanced", {
        expected: 'the setting containerInsights with the value "enabled" or "enhanced"',
        fix: "Set settings: [{ name: containerInsights, value: enabled }].",
      });
    }
    if (type === ECS_SERVICE || type === "aws:ecs/taskSet:TaskSet") {
      check.expect(properties.get("platformVersion"), (value) => PLATFORMS.includes(String(value ?? "LATEST")), {
        expected: '"LATEST"',
        fix: "Leave platformVersion at LATEST.",
      });
    }
    if (type === CAPACITY_PROVIDER && !properties.get("autoScalingGroupProvider").absent) {
      const protection = properties.get("autoScalingGroupProvider", "managedTerminationProtection");
      check.expect(protection, (value) => value === "ENABLED", { expected: '"ENABLED"' });
    }
    for (const volume of check.items(taskOf(resource)?.properties.get("volumes") ?? properties.get("none"))) {
      const files = volume.get("efsVolumeConfiguration");
      if (!files.absent) {
        check.expect(files.get("transitEncryption"), (value) => value === "ENABLED", { expected: '"ENABLED"' });
      }
    }
  },
  remediate(draft) {
    if (draft.type === CLUSTER) {
      const settings = draft.get("settings");
      const insights = settings.items().find((setting) => setting.get("name").value === "containerInsights");
      if (insights !== undefined && !["enabled", "enhanced"].includes(String(insights.get("value").value))) {
        insights.get("value").set("enabled");
      }
      if (insights === undefined && (settings.absent || Array.isArray(settings.value))) {
        const others = Array.isArray(settings.value) ? (settings.value as unknown[]) : [];
        settings.set([...others, { name: "containerInsights", value: "enabled" }]);
      }
    }
    if (draft.type === ECS_SERVICE && draft.get("launchType").value === "FARGATE") {
      const platform = draft.get("platformVersion");
      if (platform.value !== undefined && !PLATFORMS.includes(String(platform.value))) {
        platform.set("LATEST");
      }
    }
    if (draft.type === CAPACITY_PROVIDER && !draft.get("autoScalingGroupProvider").absent) {
      draft.get("autoScalingGroupProvider", "managedTerminationProtection").set("ENABLED");
    }
    if (draft.type === "aws:ecs/taskDefinition:TaskDefinition") {
      const files = draft.get("volumes").items();
      for (const volume of files.filter((one) => !one.get("efsVolumeConfiguration").absent)) {
        volume.get("efsVolumeConfiguration", "transitEncryption").set("ENABLED");
      }
    }
  },
});
