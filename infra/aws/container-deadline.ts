import type { Job } from "../spec/job.ts";
import { toSeconds } from "../spec/units.ts";
import { type ContainerDefinition, hardenedContainer } from "./container-definition.ts";
import { imageReference } from "./image-names.ts";
import type { Target } from "./target.ts";

/** The exit code of a deadline that has come, as of the command `timeout`. */
const tooLate = 124;

/** Ends a job that takes longer than its timeout: ECS knows no such limit, but a task ends with its first essential container. */
export function deadline(target: Target, { timeout }: Job): ContainerDefinition {
  return hardenedContainer({
    name: "deadline",
    image: imageReference(target, "operations"),
    entryPoint: ["node", "-e", `setTimeout(() => process.exit(${tooLate}), ${toSeconds(timeout) * 1000})`],
    essential: true,
    resources: {
      requests: { cpu: "0.01 vCPU", memory: "48 MiB" },
      limits: { cpu: "0.01 vCPU", memory: "64 MiB" },
    },
  });
}
