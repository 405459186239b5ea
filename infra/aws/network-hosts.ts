import { dnsSuffixOf } from "./arns.ts";
import { imageReference } from "./image-names.ts";
import type { Target } from "./target.ts";

/** What tasks need beside their own image: the log router, the metrics collector and what fetches certificates. */
const companions = ["operations", "log-router", "collector"];

/** Registries outside of AWS from which a service or job takes its images, sorted. */
export function outsideRegistries(target: Target, workload: { kind: "service" | "job"; name: string }): string[] {
  const { services, jobs } = target.system;
  const own = (workload.kind === "service" ? services : jobs)[workload.name]?.image;
  const images = [...(own === undefined ? [] : [own]), ...companions];
  const hosts = images
    .filter((image) => image in target.settings.images)
    .map((image) => imageReference(target, image).split(/[/:]/)[0] ?? "")
    .filter((host) => !host.endsWith(`.${dnsSuffixOf(target.aws.region)}`));
  return [...new Set(hosts)].sort();
}

/**
 * The names that anything in the network may look up (WS-NET-06), sorted: the outside hosts of the specification, the
 * registries of images, the system's own public hosts, and what ends like the names of AWS and of the VPC.
 */
export function allowedNames(target: Target): string[] {
  const { system, settings, aws } = target;
  const workloads = [
    ...Object.keys(system.services).map((name) => ({ kind: "service", name }) as const),
    ...Object.keys(system.jobs).map((name) => ({ kind: "job", name }) as const),
  ];
  const names = [
    ...Object.values(system.outside).flatMap(({ hosts }) => hosts),
    ...workloads.flatMap((workload) => outsideRegistries(target, workload)),
    ...Object.keys(system.publicEndpoints).flatMap((endpoint) => settings.hosts[endpoint] ?? []),
    `*.${dnsSuffixOf(aws.region)}`,
    aws.region === "us-east-1" ? "*.ec2.internal" : `*.${aws.region}.compute.internal`,
  ];
  return [...new Set(names.map((name) => name.toLowerCase()))].sort();
}
