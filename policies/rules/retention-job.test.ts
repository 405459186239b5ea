import assert from "node:assert/strict";
import { UNKNOWN, urnOf, type TestResource } from "../testing/analyzer.ts";
import { container, ecsContainer, podSpec, taskDefinition, workload } from "../testing/fixtures.ts";
import { stackVerdict } from "../testing/pack.ts";
import { inSystem } from "../testing/store-fixtures.ts";

const POLICY = "retention-job";
const DAYS = [
  { name: "SESSION_RETENTION_DAYS", value: "90" },
  { name: "ANONYMISE_AFTER_DAYS", value: "30" },
];

const api = inSystem("archesai", workload());

/** A CronJob that is told its days. */
function cron(env: unknown = DAYS, spec: object = {}, name = "retention"): TestResource {
  const resource = workload(podSpec({ containers: [container({ name, env })] }), "CronJob");
  const { spec: given } = resource.properties as { spec: object };
  const properties = { metadata: { name, namespace: "production" }, spec: { ...given, ...spec } };
  return inSystem("archesai", { ...resource, name, properties });
}

const judge = (...resources: TestResource[]) => stackVerdict(POLICY, [api, ...resources]);
const missing = ["mandatory metadata.name: no retention job for archesai"];

const service = inSystem("archesai", { type: "aws:ecs/service:Service", name: "api", properties: {} });
const task = inSystem("archesai", {
  ...taskDefinition([ecsContainer({ name: "gdpr", environment: DAYS })]),
  name: "gdpr",
});
const schedule = (overrides: object): TestResource => ({
  type: "aws:scheduler/schedule:Schedule",
  name: "gdpr",
  properties: {
    scheduleExpression: "rate(1 day)",
    target: { ecsParameters: { taskDefinitionArn: UNKNOWN } },
    ...overrides,
  },
  propertyDependencies: { target: [urnOf(task)] },
});

describe("POL-RETENTION-JOB (AR-SEC-40)", () => {
  it("accepts a daily job that is told its days, by variables or arguments", async () => {
    assert.deepEqual(await judge(cron()), []);
    const args = inSystem(
      "archesai",
      workload(podSpec({ containers: [container({ args: ["gdpr", "--sessions=90d", "--users", "30"] })] }), "CronJob"),
    );
    assert.deepEqual(await judge(args), []);
  });

  it("wants one for archesai, and for no other system", async () => {
    assert.deepEqual(await judge(), missing);
    assert.deepEqual(await judge(cron(DAYS, {}, "report")), []);
    assert.deepEqual(await judge(cron([], {}, "report")), missing);
    assert.deepEqual(await stackVerdict(POLICY, [inSystem("worldstore", workload())]), []);
    const once = inSystem(
      "archesai",
      workload(podSpec({ containers: [container({ name: "gdpr", env: DAYS })] }), "Job"),
    );
    assert.deepEqual(await judge(once), missing);
  });

  it("takes the days from its configuration, and asks nothing of development", async () => {
    const config = { [POLICY]: { parameters: { systems: { archesai: { sessionDays: 7, anonymiseDays: 30 } } } } };
    assert.deepEqual(await stackVerdict(POLICY, [api, cron()], config), [
      "mandatory metadata.name: a job that is not told 7 days",
    ]);
    const development = { labels: { environment: "dev", "app.kubernetes.io/part-of": "archesai" } };
    assert.deepEqual(await stackVerdict(POLICY, [{ ...api, properties: { metadata: development } }]), []);
  });

  it("rejects other days, rarer runs and schedules that are off", async () => {
    assert.deepEqual(await judge(cron([{ name: "GDPR_DAYS", value: "190" }])), [
      "mandatory metadata.name: a job that is not told 90 or 30 days",
    ]);
    assert.deepEqual(await judge(cron(DAYS, { schedule: "0 2 * * 0" })), ['mandatory spec.schedule: "0 2 * * 0"']);
    assert.deepEqual(await judge(cron(DAYS, { schedule: "sometimes" })), ['mandatory spec.schedule: "sometimes"']);
    assert.deepEqual(await judge(cron(DAYS, { suspend: true })), ["mandatory spec.suspend: true"]);
  });

  it("finds tasks of ECS that a schedule or a rule starts", async () => {
    assert.deepEqual(await stackVerdict(POLICY, [service, task, schedule({})]), []);
    assert.deepEqual(await stackVerdict(POLICY, [service, task]), missing);
    assert.deepEqual(await stackVerdict(POLICY, [service, task, schedule({ state: "DISABLED" })]), [
      'mandatory state: "DISABLED"',
    ]);
    const rule: TestResource = {
      type: "aws:cloudwatch/eventRule:EventRule",
      name: "gdpr",
      properties: { name: "gdpr", scheduleExpression: "cron(0 2 ? * SUN *)" },
    };
    const target: TestResource = {
      type: "aws:cloudwatch/eventTarget:EventTarget",
      name: "gdpr",
      properties: { rule: "gdpr", ecsTarget: { taskDefinitionArn: UNKNOWN } },
      propertyDependencies: { ecsTarget: [urnOf(task)] },
    };
    assert.deepEqual(await stackVerdict(POLICY, [service, task, rule, target]), [
      'mandatory scheduleExpression: "cron(0 2 ? * SUN *)"',
    ]);
  });

  it("waits for values that are not known yet", async () => {
    const unknown = [{ name: "GDPR_DAYS", value: UNKNOWN }];
    assert.deepEqual(await judge(cron(unknown, { schedule: UNKNOWN })), ["advisory not evaluated: spec.schedule"]);
    assert.deepEqual(await judge(cron([{ name: "A", value: UNKNOWN }], {}, "report")), []);
  });
});
