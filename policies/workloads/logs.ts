import { textOf, type Field } from "../frame/field.ts";

export const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";

/** Log drivers of ECS that bring lines somewhere else than the task's machine. */
export const SHIPPING_DRIVERS = ["awsfirelens", "awslogs", "fluentd", "gelf", "splunk", "syslog"];

/** Names of images that collect the logs of a node. */
export const COLLECTOR_IMAGE =
  /^(?:alloy|filebeat|fluent-bit|fluentd|grafana-agent|log-router|logstash|opentelemetry-collector|otel-collector|promtail|vector)\b/;

/** The name of an image without registry, tag and digest: `falco` of `registry.example/falcosecurity/falco:0.42`. */
export function imageName(image: Field): string {
  const [reference = ""] = textOf(image.value).split("@", 1);
  return (reference.split("/").at(-1) ?? "").split(":", 1)[0] ?? "";
}
