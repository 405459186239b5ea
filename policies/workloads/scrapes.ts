import type { Check } from "../frame/check.ts";
import { Field, textOf } from "../frame/field.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { documentsWith, readYaml } from "./documents.ts";
import { TASK_DEFINITION, taskOf } from "./ecs.ts";
import { kubernetesKind, podOf } from "./kubernetes.ts";
import { mapMatches } from "./selectors.ts";
import { servicesOf, workloadsBehind } from "./services.ts";
import { ECS_SERVICE } from "./stack-systems.ts";

/** One kind of reading of metrics: a job of Prometheus or of a collector, or an endpoint of a monitor. */
export interface ScrapeJob {
  resource: StackResource;
  field: Field;
  path: Field;
  interval: Field;
  /** The ports that it asks, as numbers or names. */
  ports: Field[];
  /** Whether it gives a password, a token or a certificate. */
  authenticates: boolean;
  /** Whether it asks a workload. */
  reads: (workload: StackResource) => boolean;
}

const CREDENTIALS = "basic_auth authorization bearer_token bearer_token_file oauth2 basicAuth bearerTokenSecret".split(
  " ",
);
/** Variables by which collectors of ECS tasks get their settings. */
const CONFIG_VARIABLES = ["AOT_CONFIG_CONTENT", "CW_CONFIG_CONTENT", "PROMETHEUS_CONFIG_CONTENT"];
const SCRAPE_ANNOTATION = "prometheus.io/scrape";

/** Everything by which the metrics of workloads are read; what is not known yet is reported. */
export function scrapeJobsOf(stack: Stack): ScrapeJob[] {
  const files = documentsWith(stack, "scrape_configs").flatMap(({ resource, root }) =>
    prometheusJobs(stack.check(resource), resource, root, (field) => readsOf(stack, resource, field)),
  );
  return [
    ...files,
    ...stack.resources.flatMap((resource) => [...monitorJobs(stack, resource), ...taskJobs(stack, resource)]),
  ];
}

function prometheusJobs(
  check: Check,
  resource: StackResource,
  root: Field,
  reads: (job: Field) => ScrapeJob["reads"],
): ScrapeJob[] {
  return check.items(root.get("scrape_configs")).map((field) => ({
    resource,
    field,
    path: field.get("metrics_path"),
    interval: field.get("scrape_interval").absent
      ? root.get("global", "scrape_interval")
      : field.get("scrape_interval"),
    ports: [
      ...targetsOf(field).map((target) => new Field(target.path, textOf(target.value).split(":").at(-1))),
      ...field
        .get("dns_sd_configs")
        .items()
        .map((discovery) => discovery.get("port")),
    ],
    authenticates: CREDENTIALS.some((key) => !field.get(key).absent) || !field.get("tls_config", "cert_file").absent,
    reads: reads(field),
  }));
}

function targetsOf(job: Field): Field[] {
  return job
    .get("static_configs")
    .items()
    .flatMap((part) => part.get("targets").items());
}

/** The hosts that a job asks, without port and domain: `redis` of `redis.shop.svc:9121`. */
function hostsOf(job: Field): string[] {
  const names = job
    .get("dns_sd_configs")
    .items()
    .flatMap((part) => part.get("names").items());
  return [...targetsOf(job), ...names].map(({ value }) => textOf(value).split(/[.:]/, 1)[0] ?? "");
}

function readsOf(stack: Stack, settings: StackResource, job: Field): ScrapeJob["reads"] {
  const hosts = hostsOf(job);
  const discovers = job.get("kubernetes_sd_configs").items().length > 0;
  return (workload) => {
    const pod = podOf(workload);
    const services = servicesOf(stack).filter((service) => hosts.includes(nameOf(service)));
    const itself = hosts.includes("localhost") && mounts(workload, settings);
    const annotated = pod?.metadata.get("annotations", SCRAPE_ANNOTATION).value;
    return (
      itself ||
      (discovers && textOf(annotated) === "true") ||
      services.some((service) => workloadsBehind(stack, service).includes(workload))
    );
  };
}

function mounts(workload: StackResource, settings: StackResource): boolean {
  const volumes = podOf(workload)?.spec.get("volumes").items() ?? [];
  return volumes.some((volume) => textOf(volume.get("configMap", "name").value) === nameOf(settings));
}

function nameOf({ properties, name }: StackResource): string {
  return textOf(properties.get("metadata", "name").value) || name;
}

/** The endpoints of a ServiceMonitor or PodMonitor, of whatever namespace. */
function monitorJobs(stack: Stack, resource: StackResource): ScrapeJob[] {
  const kind = kubernetesKind(resource, "monitoring.coreos.com");
  if (kind !== "ServiceMonitor" && kind !== "PodMonitor") {
    return [];
  }
  const spec = resource.properties.get("spec");
  const labels = spec.get("selector", "matchLabels");
  const reads = (workload: StackResource): boolean => {
    if (kind === "PodMonitor") {
      return mapMatches(labels, podOf(workload)?.metadata.get("labels") ?? labels) === true;
    }
    const chosen = servicesOf(stack).filter(
      (service) => mapMatches(labels, service.properties.get("metadata", "labels")) === true,
    );
    return chosen.some((service) => workloadsBehind(stack, service).includes(workload));
  };
  const endpoints = spec.get(kind === "PodMonitor" ? "podMetricsEndpoints" : "endpoints");
  return stack
    .check(resource)
    .items(endpoints)
    .map((field) => ({
      resource,
      field,
      path: field.get("path"),
      interval: field.get("interval"),
      ports: [field.get("port"), field.get("targetPort")].filter((port) => !port.absent),
      authenticates: CREDENTIALS.some((key) => !field.get(key).absent) || !field.get("tlsConfig", "cert").absent,
      reads,
    }));
}

/** The jobs of the collectors within an ECS task; they read the services that run it. */
function taskJobs(stack: Stack, resource: StackResource): ScrapeJob[] {
  const check = stack.check(resource);
  const containers = resource.type === TASK_DEFINITION ? (taskOf(resource)?.containers(check) ?? []) : [];
  return containers.flatMap((container) => {
    const variables = container.get("environment").items();
    const texts = variables.filter((variable) => CONFIG_VARIABLES.includes(textOf(variable.get("name").value)));
    const roots = texts.flatMap((variable) => {
      const place = variable.get("value");
      const root = new Field(place.path, readYaml(textOf(place.value)));
      const receivers = root.get("receivers").entries();
      return [root, ...receivers.map(([, receiver]) => receiver.get("config"))];
    });
    return roots.flatMap((root) =>
      prometheusJobs(check, resource, root, (job) => (service) => hostsOf(job).length > 0 && runs(service, resource)),
    );
  });
}

/** Whether an ECS service runs a task. */
export function runs(service: StackResource, task: StackResource): boolean {
  const definition = service.properties.get("taskDefinition");
  const family = textOf(task.properties.get("family").value);
  const sources = service.propertyDependencies["taskDefinition"] ?? [];
  const named = textOf(definition.value).replace(/^.*\//, "").split(":", 1)[0] ?? "";
  return service.type === ECS_SERVICE && (sources.includes(task.urn) || (family !== "" && named === family));
}

/** Whether the settings of a task's collector come from somewhere that no policy can read. */
export function readsSettingsElsewhere(stack: Stack, service: StackResource): boolean {
  const tasks = stack.resources.filter((resource) => resource.type === TASK_DEFINITION && runs(service, resource));
  return tasks.some((task) => {
    const containers = taskOf(task)?.containers(stack.check(task)) ?? [];
    const named = containers.flatMap((container) => container.get("secrets").items());
    const unknown = task.properties.get("containerDefinitions").unknown;
    return unknown || named.some((secret) => CONFIG_VARIABLES.includes(textOf(secret.get("name").value)));
  });
}
