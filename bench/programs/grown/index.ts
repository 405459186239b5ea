import { getStack, runtime } from "@pulumi/pulumi";

import { profiles } from "../../../infra/profile.ts";
import type { System } from "../../../infra/spec/system.ts";
import { parseConfig } from "../../../stacks/config.ts";
import { deployToKubernetes } from "../../../stacks/kubernetes.ts";
import { settingsFor } from "../../../stacks/settings.ts";
import { systemFor } from "../../../stacks/systems.ts";

/** How often each service is there. */
const copies = Number(process.env["BENCH_COPIES"] ?? "1");

export default function program() {
  const config = parseConfig(runtime.allConfig());
  const system = grow(systemFor(config.system, config, profiles[config.profile]));
  const settings = settingsFor(getStack(), system, config, new Date().toISOString().slice(0, 10));
  return deployToKubernetes(system, settings, config);
}

function grow(system: System): System {
  const names = (name: string) =>
    Array.from({ length: copies }, (_, index) => (index === 0 ? name : `${name}-${index + 1}`));
  const services = Object.entries(system.services).flatMap(([name, service]) =>
    names(name).map((copy) => [copy, service] as const),
  );
  const flows = system.flows.flatMap((flow) => {
    const { from, to } = flow;
    if ("service" in from) return names(from.service).map((service) => ({ ...flow, from: { service } }));
    if ("service" in to) return names(to.service).map((service) => ({ ...flow, to: { ...to, service } }));
    return [flow];
  });
  return { ...system, services: Object.fromEntries(services), flows };
}
