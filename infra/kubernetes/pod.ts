import type { Input } from "@pulumi/pulumi";
import type { core } from "@pulumi/kubernetes/types/input.js";

import { probeTimings, type Probe, type Service } from "../spec/service.ts";
import type { Duration, Size } from "../spec/units.ts";
import type { Labels } from "./labels.ts";
import { wholeSeconds } from "./quantities.ts";
import { cpuQuantity, sizeQuantity } from "./quantities.ts";

/** The user and group of every container; no image of this project runs as another. */
export const containerUser = 10001;

/** Scratch space that every container has, and what it may write elsewhere on the node, logs included. */
const scratch: { tmp: Size; request: Size; limit: Size } = { tmp: "64 MiB", request: "64 MiB", limit: "512 MiB" };

/** A container without the parts that are the same for all. */
export interface ContainerPlan {
  name: string;
  image: string;
  /** @default the image's own entry point */
  command?: readonly string[];
  args?: readonly string[];
  /** Plain variables; they are sorted by name. */
  env?: Record<string, string>;
  ports?: Record<string, number>;
  resources: Service["resources"];
  mounts?: readonly core.v1.VolumeMount[];
  startupProbe?: core.v1.Probe;
  readinessProbe?: core.v1.Probe;
  livenessProbe?: core.v1.Probe;
  /** Time in which traffic moves elsewhere before the stop signal. @default the signal comes at once */
  drain?: Duration;
}

/** A pod without the parts that are the same for all. */
export interface PodPlan {
  labels: Labels;
  /** By name; those that change restart the pod. */
  annotations?: Record<string, Input<string>>;
  serviceAccount: string;
  containers: readonly ContainerPlan[];
  volumes?: readonly core.v1.Volume[];
  /** Time between the stop signal and the kill, beside any draining. */
  terminationGrace: Duration;
  /** Copies are spread over nodes and zones. @default there is one copy */
  spread?: Labels;
  /** The containers run to an end. @default they are started again whenever they end */
  runsToAnEnd?: boolean;
}

/** A container as the restricted Pod Security profile wants it, and stricter: its root file system cannot be written. */
export function container(plan: ContainerPlan): core.v1.Container {
  const { command, args, env = {}, ports = {}, resources, mounts = [], drain } = plan;
  return {
    name: plan.name,
    image: plan.image,
    imagePullPolicy: "IfNotPresent",
    ...(command ? { command: [...command] } : {}),
    ...(args ? { args: [...args] } : {}),
    env: Object.entries(env)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => ({ name, value })),
    ports: Object.entries(ports).map(([name, containerPort]) => ({ name, containerPort, protocol: "TCP" })),
    resources: {
      requests: {
        cpu: cpuQuantity(resources.requests.cpu),
        memory: sizeQuantity(resources.requests.memory),
        "ephemeral-storage": sizeQuantity(scratch.request),
      },
      limits: {
        cpu: cpuQuantity(resources.limits.cpu),
        memory: sizeQuantity(resources.limits.memory),
        "ephemeral-storage": sizeQuantity(scratch.limit),
      },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsGroup: containerUser,
      runAsNonRoot: true,
      runAsUser: containerUser,
      seccompProfile: { type: "RuntimeDefault" },
    },
    volumeMounts: [{ name: "tmp", mountPath: "/tmp" }, ...mounts],
    ...(plan.startupProbe ? { startupProbe: plan.startupProbe } : {}),
    ...(plan.readinessProbe ? { readinessProbe: plan.readinessProbe } : {}),
    ...(plan.livenessProbe ? { livenessProbe: plan.livenessProbe } : {}),
    ...(drain ? { lifecycle: { preStop: { sleep: { seconds: wholeSeconds(drain) } } } } : {}),
  };
}

/** A pod template as the restricted Pod Security profile wants it, without a token for the Kubernetes API. */
export function podTemplate(plan: PodPlan): core.v1.PodTemplateSpec {
  const { labels, annotations = {}, containers, volumes = [], spread } = plan;
  const drain = Math.max(0, ...containers.map(({ drain }) => (drain ? wholeSeconds(drain) : 0)));
  return {
    metadata: { labels, annotations },
    spec: {
      serviceAccountName: plan.serviceAccount,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      ...(plan.runsToAnEnd ? { restartPolicy: "Never" } : {}),
      terminationGracePeriodSeconds: drain + wholeSeconds(plan.terminationGrace),
      securityContext: {
        fsGroup: containerUser,
        fsGroupChangePolicy: "OnRootMismatch",
        runAsGroup: containerUser,
        runAsNonRoot: true,
        runAsUser: containerUser,
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers: containers.map(container),
      volumes: [{ name: "tmp", emptyDir: { sizeLimit: sizeQuantity(scratch.tmp) } }, ...volumes],
      ...(spread
        ? {
            topologySpreadConstraints: ["kubernetes.io/hostname", "topology.kubernetes.io/zone"].map(
              spreadOver(spread),
            ),
          }
        : {}),
    },
  };
}

function spreadOver(matchLabels: Labels) {
  return (topologyKey: string): core.v1.TopologySpreadConstraint => ({
    topologyKey,
    maxSkew: 1,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels },
    matchLabelKeys: ["pod-template-hash"],
  });
}

/** A health question over HTTP to a named port, with the specification's timing or the usual one. */
export function httpProbe(kind: keyof typeof probeTimings, { path, port = "http", timing }: Probe): core.v1.Probe {
  return { httpGet: { path, port, scheme: "HTTP" }, ...timed(kind, timing) };
}

/** A health question that a command in the container answers. */
export function commandProbe(kind: keyof typeof probeTimings, command: readonly string[]): core.v1.Probe {
  return { exec: { command: [...command] }, ...timed(kind) };
}

function timed(kind: keyof typeof probeTimings, timing = probeTimings[kind]) {
  return {
    periodSeconds: wholeSeconds(timing.period),
    timeoutSeconds: wholeSeconds(timing.timeout),
    failureThreshold: timing.failures,
  };
}
