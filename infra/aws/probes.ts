import { declared } from "../spec/names.ts";
import type { Probe, Service } from "../spec/service.ts";
import { toSeconds, type Duration } from "../spec/units.ts";
import type { ContainerHealth } from "./container-definition.ts";

/** Proposed for every container (meta, ecs_container_health); seconds. */
const usualTiming = { interval: 30, timeout: 5, retries: 3, startPeriod: 60 };

/** What ECS takes, in seconds and times. */
export const healthRanges = {
  interval: [5, 300],
  timeout: [2, 60],
  retries: [1, 10],
  startPeriod: [0, 300],
} as const satisfies Record<keyof typeof usualTiming, readonly [number, number]>;

/**
 * The liveness question of a service as ECS asks it: by a command in the container. Only node is sure to be in an image of
 * this project, so it is node that asks; tasks that cannot answer are replaced. Readiness is the load balancer's question.
 */
export function containerHealth(service: Service): ContainerHealth {
  const { startup, liveness } = service.probes;
  return { command: ["CMD", "node", "-e", question(service, liveness)], ...healthTiming(startup, liveness) };
}

/** When ECS asks: as the specification says, or as usual. */
export function healthTiming(startup: Probe, liveness: Probe): typeof usualTiming {
  return {
    ...usualTiming,
    ...(liveness.timing
      ? {
          interval: seconds(liveness.timing.period),
          timeout: seconds(liveness.timing.timeout),
          retries: liveness.timing.failures,
        }
      : {}),
    ...(startup.timing ? { startPeriod: seconds(startup.timing.period) * startup.timing.failures } : {}),
  };
}

function question({ ports }: Service, { path, port = "http" }: Probe): string {
  const url = JSON.stringify(`http://127.0.0.1:${declared(ports, port).port}${path}`);
  return `require("node:http").get(${url}, ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1)).on("error", () => process.exit(1))`;
}

function seconds(duration: Duration): number {
  return Math.ceil(toSeconds(duration));
}
