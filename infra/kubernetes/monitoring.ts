import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import * as pulumi from "@pulumi/pulumi";

import type { Service } from "../spec/service.ts";
import type { Duration, Size } from "../spec/units.ts";
import { alertmanagerConfig } from "./alertmanager-config.ts";
import { checksum } from "./checksum.ts";
import { imageOf } from "./images.ts";
import { workloadLabels } from "./labels.ts";
import { alertmanager, prometheus } from "./monitoring-names.ts";
import { httpProbe } from "./pod.ts";
import { alertRules, prometheusConfig, prometheusFlags } from "./prometheus-config.ts";
import { limitedSize } from "./quantities.ts";
import { StatefulWorkload } from "./stateful.ts";
import type { Target } from "./target.ts";
import { configVolume } from "./volume.ts";

/** Value of the component label of both servers. */
const component = "monitoring";
const terminationGrace: Duration = "60 s";
const settingsFolder = "/etc/agent-commerce";

/** What one of the two servers needs beside what they share. */
interface ServerPlan {
  name: string;
  port: number;
  image: string;
  flags: string[];
  /** Settings by file name. */
  files: Record<string, string>;
  dataFolder: string;
  storage: Size;
  resources: Service["resources"];
}

/** Resources of the two servers. */
export const monitoringResources = {
  prometheus: {
    requests: { cpu: "0.05 vCPU", memory: "256 MiB" },
    limits: { cpu: "0.5 vCPU", memory: "512 MiB" },
  },
  alertmanager: {
    requests: { cpu: "0.02 vCPU", memory: "64 MiB" },
    limits: { cpu: "0.1 vCPU", memory: "128 MiB" },
  },
} as const;

/** Volumes of the two servers. */
export const monitoringStorage = { prometheus: "10 GiB", alertmanager: "1 GiB" } as const;

/** Where the two servers say that they are ready. */
export const monitoringReadyPath = "/-/ready";

/** Prometheus, which reads every service and knows every alert, and Alertmanager, which routes them by severity. */
export class Monitoring extends pulumi.ComponentResource {
  private readonly name: string;
  private readonly target: Target;

  constructor(name: string, args: { target: Target }, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:kubernetes:Monitoring", name, {}, opts);
    this.name = name;
    this.target = args.target;
    const { profile } = args.target.settings;

    const dataFolder = "/var/lib/prometheus";
    const storage = limitedSize(monitoringStorage.prometheus, profile.storageLimit);
    this.runServer({
      ...prometheus,
      image: "prometheus",
      flags: prometheusFlags({ settings: settingsFolder, data: dataFolder }, profile.metricsRetention, storage),
      files: { "prometheus.yml": prometheusConfig(args.target), "alerts.yml": alertRules(args.target) },
      dataFolder,
      storage,
      resources: monitoringResources.prometheus,
    });
    this.runServer({
      ...alertmanager,
      image: "alertmanager",
      flags: [
        `--config.file=${settingsFolder}/alertmanager.yml`,
        "--storage.path=/var/lib/alertmanager",
        `--web.listen-address=:${alertmanager.port}`,
        "--cluster.listen-address=",
      ],
      files: { "alertmanager.yml": alertmanagerConfig() },
      dataFolder: "/var/lib/alertmanager",
      storage: limitedSize(monitoringStorage.alertmanager, profile.storageLimit),
      resources: monitoringResources.alertmanager,
    });

    this.registerOutputs({});
  }

  private runServer(plan: ServerPlan) {
    const { target } = this;
    const { namespace, storageClass } = target.settings;
    const labels = workloadLabels(target, plan.name, component);
    const settings = new ConfigMap(
      `${this.name}-${plan.name}-settings`,
      { metadata: { name: `${plan.name}-settings`, namespace, labels }, data: plan.files },
      { parent: this },
    );
    new StatefulWorkload(
      `${this.name}-${plan.name}`,
      {
        target,
        of: plan.name,
        component,
        ports: { http: { port: plan.port } },
        claims: [{ name: "data", size: plan.storage, ...(storageClass === undefined ? {} : { storageClass }) }],
        pod: {
          terminationGrace,
          annotations: { "checksum/settings": checksum(plan.files) },
          containers: [
            {
              name: plan.name,
              image: imageOf(target, plan.image),
              args: plan.flags,
              ports: { http: plan.port },
              resources: plan.resources,
              mounts: [
                { name: "data", mountPath: plan.dataFolder },
                { name: "settings", mountPath: settingsFolder, readOnly: true },
              ],
              startupProbe: httpProbe("startup", { path: monitoringReadyPath }),
              readinessProbe: httpProbe("readiness", { path: monitoringReadyPath }),
              livenessProbe: httpProbe("liveness", { path: "/-/healthy" }),
            },
          ],
          volumes: [configVolume("settings", settings.metadata.name)],
        },
      },
      { parent: this },
    );
  }
}
