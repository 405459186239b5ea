import { definePolicy } from "../frame/policy.ts";
import { ECS_SERVICE } from "../workloads/copies.ts";
import { taskOf } from "../workloads/ecs.ts";
import { podOf } from "../workloads/kubernetes.ts";

/** Kinds whose pods end some day. */
const BATCH_KINDS = ["Job", "CronJob"];

/** A service that ends is started again by the platform, not by a person. */
export const restart = definePolicy({
  id: "POL-RESTART",
  title: "Services restart by themselves",
  severity: "medium",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: { soc2: ["A1.2"] },
  requirements: ["RB-SEC-21"],
  remediation: "Leave restartPolicy at Always; on ECS, run the program as a service with desiredCount 1 or more.",
  check(check, resource) {
    const pod = podOf(resource);
    if (pod && !BATCH_KINDS.includes(pod.kind)) {
      check.expect(pod.spec.get("restartPolicy"), (value) => value === undefined || value === "Always", {
        expected: '"Always"',
      });
    }
    const { type, properties } = resource;
    if (type === ECS_SERVICE && properties.get("schedulingStrategy").value !== "DAEMON") {
      // An autoscaler moves the number later, but the first copies start by it.
      check.expect(properties.get("desiredCount"), (value) => Number(value ?? 0) >= 1, { expected: "1 or more" });
    }
    const task = taskOf(resource);
    if (task) {
      const containers = task.containers(check);
      const essentials = containers.map((container) => container.get("essential"));
      if (containers.length > 0 && essentials.every(({ value }) => value === false)) {
        check.object(essentials[0] ?? task.properties, {
          found: "no essential container",
          expected: "a container whose end ends the task, so that the service starts another",
          fix: "Leave essential at true for the service's own container.",
        });
      }
    }
  },
  remediate(draft) {
    const kind = /^kubernetes:(?:apps|core)\/v1:(Deployment|StatefulSet|DaemonSet|ReplicaSet|ReplicationController)$/;
    const policy = draft.get("spec", "template", "spec", "restartPolicy");
    if (kind.test(draft.type) && policy.value !== undefined) {
      policy.set("Always");
    }
  },
});
