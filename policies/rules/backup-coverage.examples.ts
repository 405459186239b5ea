import type { Examples } from "../testing/examples.ts";
import { urnOf, UNKNOWN, type TestResource } from "../testing/analyzer.ts";
import { container, kubernetes, podSpec, workload } from "../testing/fixtures.ts";
import { rdsInstance } from "../testing/store-fixtures.ts";

const plan: TestResource = {
  type: "aws:backup/plan:Plan",
  name: "plan",
  properties: {
    name: "daily",
    rules: [{ schedule: "cron(0 2 * * ? *)", targetVaultName: "vault", lifecycle: { deleteAfter: 30 } }],
  },
};
const selection: TestResource = {
  type: "aws:backup/selection:Selection",
  name: "selection",
  properties: { planId: UNKNOWN },
  propertyDependencies: { planId: [urnOf(plan)] },
};

/** A PostgreSQL in the cluster with a volume. */
function server(): TestResource {
  const resource = workload(podSpec({ containers: [container({ image: "images.local/postgres:17" })] }), "StatefulSet");
  const { spec } = resource.properties as { spec: object };
  const volumeClaimTemplates = [{ metadata: { name: "data" }, spec: {} }];
  return { ...resource, properties: { ...resource.properties, spec: { ...spec, volumeClaimTemplates } } };
}

const velero = kubernetes("velero.io/v1:Schedule", { spec: { schedule: "0 2 * * *", template: {} } }, "nightly");

export const examples: Examples = {
  good: [
    { title: "A database with a plan that copies it every night", resources: [rdsInstance(), plan, selection] },
    { title: "A database in the cluster that Velero copies", resources: [server(), velero] },
  ],
  bad: [
    {
      title: "A database without backups",
      resources: [rdsInstance({ backupRetentionPeriod: 0 }), plan, selection],
      property: "backupRetentionPeriod",
    },
    {
      title: "A database in the cluster that nothing copies",
      resources: [server()],
      property: "spec.volumeClaimTemplates",
      anyValue: true,
    },
  ],
};
