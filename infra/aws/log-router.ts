import type { Instance } from "../spec/instances.ts";
import { type ContainerDefinition, hardenedContainer, type LogConfiguration } from "./container-definition.ts";
import { logGroupName, platformLogGroup } from "./logs.ts";
import { physicalPath } from "./names.ts";
import { imageReference } from "./image-names.ts";
import type { Target } from "./target.ts";

/** Sorts the lines of the other containers into log groups. */
export const logRouterContainer = "log-router";

/** A port on which FireLens lets its router be asked whether it runs. */
const healthPort = 8877;

/** Fluent Bit, which FireLens feeds with the output of the other containers. The image brings the configuration file. */
export function logRouter(target: Target, workload: string): ContainerDefinition {
  return hardenedContainer({
    name: logRouterContainer,
    image: imageReference(target, "log-router"),
    essential: true,
    resources: {
      requests: { cpu: "0.05 vCPU", memory: "64 MiB" },
      limits: { cpu: "0.25 vCPU", memory: "128 MiB" },
    },
    firelens: {
      type: "fluentbit",
      options: {
        "enable-ecs-log-metadata": "true",
        "config-file-type": "file",
        // It makes fields of the lines' JSON, and with that of their level.
        "config-file-value": "/fluent-bit/configs/parse-json.conf",
      },
    },
    health: {
      command: ["CMD", "bash", "-c", `: > /dev/tcp/127.0.0.1/${healthPort}`],
      interval: 10,
      timeout: 5,
      retries: 3,
      startPeriod: 30,
    },
    logs: ownLogs(target, "log-router", workload),
    restarts: true,
    // Longer than it waits itself for lines that are still on their way.
    terminationGrace: "60 s",
  });
}

/** Sends lines to the log group of their level; those without one count as "info" (WS-LOG-03). */
export function routedLogs(target: Target, service: string, instance: Instance): LogConfiguration {
  return {
    logDriver: "awsfirelens",
    options: {
      Name: "cloudwatch_logs",
      region: target.aws.region,
      log_group_name: logGroupName(target, "info"),
      log_group_template: `/${physicalPath(target, "$level")}`,
      log_stream_prefix: logStreamPrefix(service, instance),
      auto_create_group: "false",
      retry_limit: "5",
    },
  };
}

/** What the names of a service's or job's log streams start with; its roles may write to no others. */
export function logStreamPrefix(workload: string, instance?: Instance): string {
  return instance === undefined || instance.workload === workload
    ? `${workload}/`
    : `${workload}/${instance.workload}/`;
}

/** The output of a sidecar itself, which cannot go through the router. */
export function ownLogs(target: Target, purpose: "log-router" | "collector", workload: string): LogConfiguration {
  return {
    logDriver: "awslogs",
    options: {
      "awslogs-group": platformLogGroup(target, purpose),
      "awslogs-region": target.aws.region,
      "awslogs-stream-prefix": workload,
      "awslogs-create-group": "false",
      mode: "non-blocking",
    },
  };
}
