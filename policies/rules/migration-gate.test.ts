import assert from "node:assert/strict";
import { UNKNOWN, urnOf, type TestResource } from "../testing/analyzer.ts";
import { container, ecsContainer, podSpec, taskDefinition, workload } from "../testing/fixtures.ts";
import { stackVerdict } from "../testing/pack.ts";
import { inSystem } from "../testing/store-fixtures.ts";

const POLICY = "migration-gate";

function job(overrides: object = {}, kind: "Job" | "CronJob" = "Job", system = "archesai"): TestResource {
  const migrate = container({ name: "db-migrate", command: ["goose", "up"], ...overrides });
  return { ...inSystem(system, workload(podSpec({ containers: [migrate] }), kind)), name: "db-migrate" };
}

/** A service of a system that waits for others. */
function service(
  after: readonly TestResource[],
  kind: "Deployment" | "StatefulSet" = "Deployment",
  system = "archesai",
): TestResource {
  return { ...inSystem(system, workload(podSpec(), kind)), name: "api", dependencies: after.map(urnOf) };
}

const judge = (...resources: TestResource[]) => stackVerdict(POLICY, resources);
const missing = (command: string) => [`mandatory the resource itself: no job that runs ${command}`];
const early = ["mandatory the resource itself: a service that does not wait for db-migrate"];

describe("POL-MIGRATION-GATE (AR-SEC-38, CC-SEC-14, RB-SEC-28)", () => {
  it("accepts services that wait for the job, also over others", async () => {
    assert.deepEqual(await judge(job(), service([job()])), []);
    const account: TestResource = {
      type: "kubernetes:core/v1:ServiceAccount",
      name: "api",
      properties: {},
      dependencies: [urnOf(job())],
    };
    assert.deepEqual(await judge(job(), account, service([account])), []);
    const { dependencies: _, ...plain } = service([]);
    assert.deepEqual(await judge(job(), { ...plain, propertyDependencies: { spec: [urnOf(job())] } }), []);
  });

  it("wants the job of each system that has one", async () => {
    assert.deepEqual(await judge(service([])), missing("goose"));
    for (const [system, command] of [
      ["car-loans", "db:push"],
      ["retail-brain", "migrat"],
    ] as const) {
      assert.deepEqual(await judge(service([], "Deployment", system)), missing(command));
      const runs = job({ command: ["npm", "run", command] }, "Job", system);
      assert.deepEqual(await judge(runs, service([runs], "Deployment", system)), []);
    }
    assert.deepEqual(await judge(service([], "Deployment", "worldstore")), []);
    const development = {
      ...service([]),
      properties: { metadata: { labels: { environment: "dev", "app.kubernetes.io/part-of": "archesai" } } },
    };
    assert.deepEqual(await judge(development), []);
  });

  it("accepts no other job, no schedule and no job of another system", async () => {
    const other = job({ command: ["report"] });
    assert.deepEqual(await judge(other, service([other])), missing("goose"));
    assert.deepEqual(await judge(job({}, "CronJob"), service([])), missing("goose"));
    const foreign = job({}, "Job", "worldstore");
    assert.deepEqual(await judge(foreign, service([foreign])), missing("goose"));
  });

  it("rejects services that do not wait", async () => {
    assert.deepEqual(await judge(job(), service([])), early);
    assert.deepEqual(await judge(job(), service([], "StatefulSet")), early);
    const store = service([], "StatefulSet");
    const waiting = { ...job(), dependencies: [urnOf(store)] };
    assert.deepEqual(await judge(store, waiting), []);
  });

  it("rejects a migration through the pooler", async () => {
    const found = ["mandatory metadata.name: a job that talks to the pooler"];
    const told = (value: string) => {
      const runs = job({ env: [{ name: "DATABASE_ADDRESS", value }] });
      return judge(runs, service([runs]));
    };
    assert.deepEqual(await told("db.internal:6432/archesai"), found);
    assert.deepEqual(await told("6432"), found);
    assert.deepEqual(await told("pgbouncer"), found);
    assert.deepEqual(await told("db.internal:5432/archesai"), []);
    assert.deepEqual(await told("db.internal:16432"), []);
  });

  it("takes commands and ports from its configuration", async () => {
    const config = { [POLICY]: { parameters: { commands: { archesai: "flyway" }, poolerPorts: [5432] } } };
    assert.deepEqual(await stackVerdict(POLICY, [job(), service([job()])], config), missing("flyway"));
    const flyway = job({ command: ["flyway"], env: [{ name: "PORT", value: "5432" }] });
    assert.deepEqual(await stackVerdict(POLICY, [flyway, service([flyway])], config), [
      "mandatory metadata.name: a job that talks to the pooler",
    ]);
  });

  it("finds the task of ECS that a release runs", async () => {
    const task = inSystem("archesai", {
      ...taskDefinition([ecsContainer({ command: ["goose", "up"] })]),
      name: "migrate",
    });
    const run: TestResource = {
      type: "aws:lambda/invocation:Invocation",
      name: "run",
      properties: { input: UNKNOWN, triggers: { task: UNKNOWN } },
      propertyDependencies: { input: [urnOf(task)], triggers: [urnOf(task)] },
    };
    const api = (after: TestResource[]) =>
      inSystem("archesai", {
        type: "aws:ecs/service:Service",
        name: "api",
        properties: {},
        dependencies: after.map(urnOf),
      });
    assert.deepEqual(await judge(task, run, api([run])), []);
    assert.deepEqual(await judge(task, api([])), missing("goose"));
    assert.deepEqual(await judge(task, run, api([])), [
      "mandatory the resource itself: a service that does not wait for migrate",
    ]);
  });

  it("waits for jobs that are not known yet", async () => {
    const unknown = job({ name: "x", command: UNKNOWN });
    assert.deepEqual(await judge(unknown, service([unknown])), [
      "advisory not evaluated: spec.template.spec.containers[0].command",
    ]);
  });
});
