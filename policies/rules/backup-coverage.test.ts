import assert from "node:assert/strict";
import { UNKNOWN, urnOf, type TestResource } from "../testing/analyzer.ts";
import { container, ecsContainer, kubernetes, podSpec, taskDefinition, workload } from "../testing/fixtures.ts";
import { stackVerdict } from "../testing/pack.ts";
import { documentCluster, inSystem, rdsCluster, rdsInstance, rdsReplica } from "../testing/store-fixtures.ts";

const POLICY = "backup-coverage";
const judge = (...resources: TestResource[]) => stackVerdict(POLICY, resources);
const judgeWith = (parameters: object, ...resources: TestResource[]) =>
  stackVerdict(POLICY, resources, { [POLICY]: { parameters: { ...parameters } } });

function plan(rule: object = {}, overrides: object = {}): TestResource {
  const rules = [{ schedule: "cron(0 2 * * ? *)", targetVaultName: "vault", lifecycle: { deleteAfter: 30 }, ...rule }];
  return { type: "aws:backup/plan:Plan", name: "plan", properties: { name: "daily", rules, ...overrides } };
}

const selection: TestResource = {
  type: "aws:backup/selection:Selection",
  name: "selection",
  properties: { planId: UNKNOWN },
  propertyDependencies: { planId: [urnOf(plan())] },
};

/** A server or service with a volume. */
function server(image = "postgres:17", mountPath = "/data", labels: object = {}): TestResource {
  const volumeMounts = [{ name: "data", mountPath }];
  const resource = workload(podSpec({ containers: [container({ image, volumeMounts })] }), "StatefulSet");
  const { spec, metadata } = resource.properties as { spec: object; metadata: object };
  const volumeClaimTemplates = [{ metadata: { name: "data" }, spec: {} }];
  return { ...resource, properties: { metadata: { ...metadata, labels }, spec: { ...spec, volumeClaimTemplates } } };
}

function velero(schedule: unknown, includedNamespaces?: unknown): TestResource {
  return kubernetes("velero.io/v1:Schedule", { spec: { schedule, template: { includedNamespaces } } }, "velero");
}

function dump(schedule: unknown, command = ["pg_dump"]): TestResource {
  const resource = workload(podSpec({ containers: [container({ command })] }), "CronJob");
  const { spec } = resource.properties as { spec: object };
  return { ...resource, name: "dump", properties: { ...resource.properties, spec: { ...spec, schedule } } };
}

const claims = "mandatory spec.volumeClaimTemplates";

describe(
  "POL-BACKUP-COVERAGE (WS-SEC-20, WS-SEC-48, EB-SEC-11, EB-SEC-20, EB-SEC-37, AR-SEC-07, AR-SEC-32, AR-SEC-34, " +
    "CC-SEC-16, RB-SEC-03, RB-SEC-39, RB-SEC-45)",
  () => {
    describe("for stores of AWS", () => {
      it("accepts stores that go back by themselves, with a plan beside", async () => {
        assert.deepEqual(
          await judge(rdsInstance(), rdsReplica(), rdsCluster(), documentCluster(), plan(), selection),
          [],
        );
      });

      it("rejects stores that do not go back", async () => {
        const table = (enabled: unknown): TestResource => ({
          type: "aws:dynamodb/table:Table",
          properties: { pointInTimeRecovery: { enabled } },
        });
        const own = (resource: TestResource) => judge(resource, plan(), selection);
        for (const resource of [rdsInstance, rdsCluster, documentCluster]) {
          assert.deepEqual(await own(resource({ backupRetentionPeriod: 0 })), ["mandatory backupRetentionPeriod: 0"]);
        }
        assert.deepEqual(await own(rdsInstance({ backupRetentionPeriod: undefined })), [
          "mandatory backupRetentionPeriod: nothing",
        ]);
        assert.deepEqual(await own(rdsInstance({ backupRetentionPeriod: 1 })), []);
        assert.deepEqual(await own(table(false)), ["mandatory pointInTimeRecovery.enabled: false"]);
        assert.deepEqual(await own(table(true)), []);
      });

      it("wants a plan that selects something, wherever there is a store", async () => {
        assert.deepEqual(await judge(rdsInstance()), ["mandatory the resource itself: no backup plan in the stack"]);
        assert.deepEqual(await judge(rdsInstance({ tags: { environment: "dev" } })), []);
        assert.deepEqual(await judge(rdsInstance(), plan()), ["mandatory name: a plan that copies nothing"]);
        const other = { ...selection, propertyDependencies: { planId: [urnOf(rdsInstance())] } };
        assert.deepEqual(await judge(rdsInstance(), plan(), other), ["mandatory name: a plan that copies nothing"]);
        const astray = { ...selection, propertyDependencies: {} };
        assert.deepEqual(await judge(rdsInstance(), plan(), astray), ["advisory not evaluated: planId"]);
      });

      it("wants copies every day, kept 30 days, in a vault", async () => {
        const rule = (change: object) => judge(plan(change), selection);
        assert.deepEqual(await rule({ schedule: "cron(0 2 ? * SUN *)" }), [
          'mandatory rules[0].schedule: "cron(0 2 ? * SUN *)"',
        ]);
        assert.deepEqual(await rule({ schedule: undefined }), ["mandatory rules[0].schedule: nothing"]);
        assert.deepEqual(await rule({ lifecycle: { deleteAfter: 29 } }), [
          "mandatory rules[0].lifecycle.deleteAfter: 29",
        ]);
        assert.deepEqual(await rule({ lifecycle: undefined }), []);
        assert.deepEqual(await rule({ targetVaultName: "" }), ['mandatory rules[0].targetVaultName: ""']);
        assert.deepEqual(await judgeWith({ planMinutes: 60, retentionDays: { default: 31 } }, plan(), selection), [
          'mandatory rules[0].schedule: "cron(0 2 * * ? *)"',
          "mandatory rules[0].lifecycle.deleteAfter: 30",
        ]);
        const development = plan({ lifecycle: { deleteAfter: 7 } }, { tags: { environment: "dev" } });
        assert.deepEqual(await judge(development, selection), []);
      });

      it("goes on past values that are not known yet", async () => {
        assert.deepEqual(await judge(plan({ schedule: UNKNOWN, targetVaultName: "" }), selection), [
          'mandatory rules[0].targetVaultName: ""',
          "advisory not evaluated: rules[0].schedule",
        ]);
      });
    });

    describe("for stores in the cluster", () => {
      it("accepts databases that Velero, an operator or a job copies", async () => {
        assert.deepEqual(await judge(server(), velero("0 2 * * *")), []);
        assert.deepEqual(await judge(server(), velero("0 2 * * *", ["other", "worldstore"])), []);
        assert.deepEqual(await judge(server(), velero("0 2 * * *", ["*"])), []);
        assert.deepEqual(await judge(server("mongo:7"), dump("0 2 * * *", ["mongodump"])), []);
        assert.deepEqual(await judge(server(), dump("0 2 * * *", ["sh", "/backup.sh"])), []);
        const operated = kubernetes("postgresql.cnpg.io/v1:ScheduledBackup", { spec: { schedule: "0 0 2 * * *" } });
        assert.deepEqual(await judge(server(), operated), []);
      });

      it("rejects databases that nothing copies, or not often enough", async () => {
        assert.deepEqual(await judge(server()), [`${claims}: data that nothing copies`]);
        assert.deepEqual(await judge(server(), velero("0 2 * * *", ["other"])), [
          `${claims}: data that nothing copies`,
        ]);
        assert.deepEqual(await judge(server(), dump("0 2 * * *", ["report"])), [`${claims}: data that nothing copies`]);
        const elsewhere = {
          ...dump("0 2 * * *"),
          properties: { ...dump("0 2 * * *").properties, metadata: { namespace: "x" } },
        };
        assert.deepEqual(await judge(server(), elsewhere), [`${claims}: data that nothing copies`]);
        assert.deepEqual(await judge(server(), velero("@weekly")), [`${claims}: a copy every 10080 minutes`]);
        const archesai = inSystem("archesai", server());
        assert.deepEqual(await judge(archesai, velero("0 */2 * * *")), [`${claims}: a copy every 120 minutes`]);
        assert.deepEqual(await judge(archesai, velero("0 */1 * * *")), []);
        assert.deepEqual(await judge(inSystem("retail-brain", server()), velero("@daily"), dump("0 */3 * * *")), [
          `${claims}: a copy every 180 minutes`,
        ]);
        assert.deepEqual(await judgeWith({ lossMinutes: { default: 15 } }, server(), velero("0 * * * *")), [
          `${claims}: a copy every 60 minutes`,
        ]);
      });

      it("asks nothing of caches, of pods without volumes and of development", async () => {
        assert.deepEqual(await judge(server("redis:7")), []);
        assert.deepEqual(
          await judge(workload(podSpec({ containers: [container({ image: "postgres:17" })] }), "StatefulSet")),
          [],
        );
        assert.deepEqual(await judge(server("postgres:17", "/data", { environment: "dev" })), []);
        assert.deepEqual(await judge(taskDefinition([ecsContainer()])), []);
      });

      it("counts folders of services as stores where the configuration says so", async () => {
        const mounts = { mounts: { default: ["/app/data"] } };
        assert.deepEqual(await judgeWith(mounts, server("agent:1", "/app/data")), [
          `${claims}: data that nothing copies`,
        ]);
        assert.deepEqual(await judgeWith(mounts, server("agent:1", "/app/data"), velero("@daily")), []);
        assert.deepEqual(await judgeWith(mounts, server("agent:1", "/tmp/data")), []);
        assert.deepEqual(await judge(server("agent:1", "/app/data")), []);
      });

      it("counts no folder where the configuration names none", async () => {
        assert.deepEqual(await judgeWith({ mounts: {} }, server("agent:1", "/app/data")), []);
      });

      it("waits for schedules that are not known yet", async () => {
        assert.deepEqual(await judge(server(), velero(UNKNOWN)), ["advisory not evaluated: spec.schedule"]);
        assert.deepEqual(await judge(server(), velero("0 2 * * *", UNKNOWN)), []);
        assert.deepEqual(await judge(server(), velero("often")), [`${claims}: data that nothing copies`]);
      });
    });
  },
);
