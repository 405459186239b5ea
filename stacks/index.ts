import "./stack-traces.ts";

import { getStack, runtime } from "@pulumi/pulumi";

import { parseConfig } from "./config.ts";
import { deploymentOf } from "./deployment.ts";

/** The program: configuration -> specification -> target -> outputs. */
export default async function program() {
  const config = parseConfig(runtime.allConfig());
  const { system, settings } = deploymentOf(getStack(), config, new Date().toISOString().slice(0, 10));
  if (config.target === "kubernetes") {
    const { deployToKubernetes } = await import("./kubernetes.ts");
    return deployToKubernetes(system, settings, config);
  }
  const { deployToEcs } = await import("./ecs.ts");
  return deployToEcs(system, settings);
}
