import type { Port, Service } from "../spec/service.ts";
import { toMebibytes, type Cpu, type Duration, type Size, toMillicpu, toSeconds } from "../spec/units.ts";

/** The user and group of every container; no image of this project runs as another. */
export const containerUser = "10001:10001";

/** Scratch space in memory that every container has, counted as its own. */
const scratch: { path: string; size: Size } = { path: "/tmp", size: "64 MiB" };

const usualGrace: Duration = "30 s";

/** A health question that a command in the container answers. Seconds. */
export interface ContainerHealth {
  command: ["CMD", ...string[]];
  interval: number;
  timeout: number;
  retries: number;
  startPeriod: number;
}

/** Where a container's output goes. */
export interface LogConfiguration {
  logDriver: "awsfirelens" | "awslogs";
  options: Record<string, string>;
}

/** Another container that must have come so far before this one starts. */
export interface ContainerDependency {
  containerName: string;
  condition: "START" | "SUCCESS" | "HEALTHY";
}

export interface ContainerMount {
  sourceVolume: string;
  containerPath: string;
  readOnly: boolean;
}

/** A container without the parts that are the same for all. */
export interface ContainerPlan {
  name: string;
  image: string;
  /** @default the image's own entry point */
  entryPoint?: readonly string[];
  /** @default the image's own command */
  command?: readonly string[];
  /** Its end ends the task. */
  essential: boolean;
  environment?: Record<string, string>;
  /** References by variable. */
  secrets?: Record<string, string>;
  ports?: Record<string, Port>;
  resources: Service["resources"];
  mounts?: readonly ContainerMount[];
  dependsOn?: readonly ContainerDependency[];
  health?: ContainerHealth;
  logs?: LogConfiguration;
  firelens?: { type: "fluentbit"; options: Record<string, string> };
  /** Starts again by itself, without the rest of the task. @default false */
  restarts?: boolean;
  /** @default "30 s" */
  terminationGrace?: Duration;
}

/** A container as the API of ECS takes it, fully known in a preview. */
export type ContainerDefinition = ReturnType<typeof hardenedContainer>;

/** A container that is not root, holds no capability and can write to memory and volumes alone (POL-POD-HARDENED). */
export function hardenedContainer(plan: ContainerPlan) {
  const { environment = {}, secrets = {}, ports = {}, resources } = plan;
  return {
    name: plan.name,
    image: plan.image,
    ...(plan.entryPoint ? { entryPoint: [...plan.entryPoint] } : {}),
    ...(plan.command ? { command: [...plan.command] } : {}),
    essential: plan.essential,
    cpu: cpuUnits(resources.requests.cpu),
    memory: toMebibytes(resources.limits.memory),
    memoryReservation: toMebibytes(resources.requests.memory),
    user: containerUser,
    privileged: false,
    readonlyRootFilesystem: true,
    linuxParameters: {
      initProcessEnabled: true,
      capabilities: { drop: ["ALL"] },
      tmpfs: [
        {
          containerPath: scratch.path,
          size: toMebibytes(scratch.size),
          mountOptions: ["nodev", "noexec", "nosuid"],
        },
      ],
    },
    environment: sorted(environment).map(([name, value]) => ({ name, value })),
    secrets: sorted(secrets).map(([name, valueFrom]) => ({ name, valueFrom })),
    portMappings: Object.entries(ports).map(([name, { port, protocol = "http" }]) => ({
      name,
      containerPort: port,
      hostPort: port,
      protocol: "tcp",
      ...(protocol === "tcp" ? {} : { appProtocol: protocol }),
    })),
    mountPoints: [...(plan.mounts ?? [])],
    ...(plan.dependsOn ? { dependsOn: [...plan.dependsOn] } : {}),
    ...(plan.health ? { healthCheck: plan.health } : {}),
    ...(plan.logs ? { logConfiguration: plan.logs } : {}),
    ...(plan.firelens ? { firelensConfiguration: plan.firelens } : {}),
    ...(plan.restarts ? { restartPolicy: { enabled: true, restartAttemptPeriod: 60 } } : {}),
    stopTimeout: Math.ceil(toSeconds(plan.terminationGrace ?? usualGrace)),
  };
}

/** CPU units of ECS: 1024 to a vCPU. */
export function cpuUnits(cpu: Cpu): number {
  return Math.round((toMillicpu(cpu) * 1024) / 1000);
}

function sorted(record: Record<string, string>): [string, string][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}
