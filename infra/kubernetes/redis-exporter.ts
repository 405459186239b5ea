import type { core } from "@pulumi/kubernetes/types/input.js";

import { authorityFile, authorityFolder } from "./certificate-authority.ts";
import { httpProbe, type ContainerPlan } from "./pod.ts";
import { groupReadable } from "./volume.ts";

/** The port on which Prometheus reads the metrics of a Redis server. */
export const exporterPort = 9121;

/** The exporter's own user: it may look at the server, not at data. */
export const exporterUser = {
  user: "monitoring",
  rules: "-@all +client|setname +info +latency|histogram +latency|latest +ping +slowlog|get +slowlog|len",
} as const;

/** Key of the file with the exporter's password, in the form that it reads. */
export const exporterPasswordKey = "exporter.json";

const passwordFolder = "/run/secrets/exporter";

/** Resources of the exporter. */
export const exporterResources = {
  requests: { cpu: "0.01 vCPU", memory: "32 MiB" },
  limits: { cpu: "0.1 vCPU", memory: "64 MiB" },
} as const;

/** The password by address, as the exporter reads it: newer versions look for the user in the address, older ones do not. */
export function exporterPasswords(port: number, password: string): string {
  const address = `localhost:${port}`;
  return JSON.stringify({ [`rediss://${address}`]: password, [`rediss://${exporterUser.user}@${address}`]: password });
}

/** The container beside Redis that turns what it says of itself into metrics. */
export function exporterContainer(image: string, port: number): ContainerPlan {
  return {
    name: "exporter",
    image,
    command: ["/usr/bin/prometheus-redis-exporter"],
    args: [
      `-redis.addr=rediss://localhost:${port}`,
      `-redis.user=${exporterUser.user}`,
      `-redis.password-file=${passwordFolder}/${exporterPasswordKey}`,
      "-config-command=-",
      `-tls-ca-cert-file=${authorityFile}`,
      `-web.listen-address=:${exporterPort}`,
    ],
    ports: { metrics: exporterPort },
    resources: exporterResources,
    mounts: [
      { name: "authority", mountPath: authorityFolder, readOnly: true },
      { name: "exporter", mountPath: passwordFolder, readOnly: true },
    ],
    startupProbe: httpProbe("startup", { path: "/health", port: "metrics" }),
    readinessProbe: httpProbe("readiness", { path: "/health", port: "metrics" }),
    livenessProbe: httpProbe("liveness", { path: "/health", port: "metrics" }),
  };
}

/** The exporter's password and nothing else of the server's users. */
export function exporterVolume(usersSecret: string): core.v1.Volume {
  return {
    name: "exporter",
    secret: {
      secretName: usersSecret,
      defaultMode: groupReadable,
      items: [{ key: exporterPasswordKey, path: exporterPasswordKey }],
    },
  };
}
