import type { TestResource } from "../testing/analyzer.ts";
import type { Examples } from "../testing/examples.ts";
import { file } from "../testing/monitoring.ts";

const KEY = "arn:aws:kms:eu-central-1:111122223333:key/operations";

const group = (
  name: string,
  retentionInDays: number | undefined,
  kmsKeyId: string | undefined = KEY,
): TestResource => ({
  type: "aws:cloudwatch/logGroup:LogGroup",
  name: "group",
  properties: { name, ...(retentionInDays !== undefined && { retentionInDays }), kmsKeyId },
});

const loki = (period: string, enabled = true) =>
  file(
    "loki.yaml",
    `compactor:
  retention_enabled: ${String(enabled)}
limits_config:
  retention_period: ${period}
`,
    "shop",
    "loki-settings",
  );

const claim = (storage: string): TestResource => ({
  type: "kubernetes:core/v1:PersistentVolumeClaim",
  name: "api-logs",
  properties: {
    metadata: { name: "api-logs", labels: { "app.kubernetes.io/part-of": "archesai" } },
    spec: { resources: { requests: { storage } } },
  },
});

export const examples: Examples = {
  good: [
    { title: "Error logs of worldstore for 30 days", resources: [group("/worldstore/prod/error", 30)] },
    { title: "Flow logs for a year", resources: [group("/worldstore/prod/platform/flow-logs", 365)] },
    { title: "A Loki that deletes after 30 days", resources: [loki("720h")] },
    { title: "A volume for 20 GB of logs", resources: [claim("20G")] },
  ],
  bad: [
    {
      title: "Logs that are kept for ever",
      resources: [group("/shop/prod/api", undefined)],
      property: "retentionInDays",
    },
    { title: "Debug logs for a week", resources: [group("/worldstore/prod/debug", 7)], property: "retentionInDays" },
    { title: "An audit log for a month", resources: [group("/shop/prod/audit", 30)], property: "retentionInDays" },
    { title: "Logs that no key encrypts", resources: [group("/shop/prod/api", 30, "")], property: "kmsKeyId" },
    {
      title: "A Loki whose compactor deletes nothing",
      resources: [loki("720h", false)],
      property: 'data["loki.yaml"].compactor.retention_enabled',
    },
    {
      title: "A Loki that deletes after a week",
      resources: [loki("168h")],
      property: 'data["loki.yaml"].limits_config.retention_period',
    },
    {
      title: "A volume for logs that is too small",
      resources: [claim("10Gi")],
      property: "spec.resources.requests.storage",
    },
  ],
};
