import assert from "node:assert/strict";
import { UNKNOWN, urnOf, type TestResource } from "../testing/analyzer.ts";
import { container, ecsContainer, kubernetes, podSpec, taskDefinition, workload } from "../testing/fixtures.ts";
import { stackVerdict } from "../testing/pack.ts";
import { inSystem } from "../testing/store-fixtures.ts";

const POLICY = "conn-budget";
const judge = (...resources: TestResource[]) => stackVerdict(POLICY, resources);
const path = "mandatory spec.template.spec.containers[0].env[0].value";

const POOLS = (value: unknown, name = "DB_POOL_MAX", more: object[] = []) => [{ name, value }, ...more];

/** A service with a pool, of which a number of copies runs. */
function service(
  env: unknown,
  spec: object,
  kind: "Deployment" | "StatefulSet" | "CronJob" = "Deployment",
  system = "archesai",
): TestResource {
  const resource = inSystem(system, workload(podSpec({ containers: [container({ env })] }), kind));
  const given = resource.properties as { spec: object; metadata: object };
  const properties = { metadata: { ...given.metadata, name: "api" }, spec: { ...given.spec, ...spec } };
  return { ...resource, name: "api", properties };
}
const SURGE = (maxSurge: unknown) => ({ strategy: { rollingUpdate: { maxSurge } } });
const STILL = { strategy: { type: "Recreate" } };
const found = (count: number, store = "postgres") => [`${path}: ${count} connections of all copies to ${store}`];

function pooler(text: unknown, replicas = 2): TestResource[] {
  const volumes = [{ name: "settings", configMap: { name: "pgbouncer" } }];
  const resource = inSystem("archesai", workload(podSpec({ volumes })));
  const { spec, metadata } = resource.properties as { spec: object; metadata: object };
  const map = kubernetes("core/v1:ConfigMap", { data: { "pgbouncer.ini": text } }, "pgbouncer");
  return [
    { ...resource, name: "pgbouncer", properties: { metadata, spec: { ...spec, ...STILL, replicas } } },
    { ...map, properties: { ...map.properties, metadata: { name: "pgbouncer" } } },
  ];
}

describe("POL-CONN-BUDGET (EB-SEC-41, AR-SEC-21, CC-SEC-15, RB-SEC-18)", () => {
  it("counts the copies of a rolling update", async () => {
    assert.deepEqual(await judge(service(POOLS("50"), { replicas: 3, ...SURGE(1) })), found(200));
    assert.deepEqual(await judge(service(POOLS("50"), { replicas: 3, ...STILL })), []);
    assert.deepEqual(await judge(service(POOLS("50"), { replicas: 3 })), found(200));
    assert.deepEqual(await judge(service(POOLS("48"), { replicas: 3, ...SURGE("34%") })), found(240));
    assert.deepEqual(await judge(service(POOLS("95"), { replicas: 2 }, "StatefulSet")), []);
    assert.deepEqual(await judge(service(POOLS("96"), { replicas: 2 }, "StatefulSet")), found(192));
    assert.deepEqual(await judge(service(POOLS("500"), { replicas: 0 })), []);
    assert.deepEqual(await judge(service(POOLS("191"), STILL)), found(191));
  });

  it("counts as many copies as an autoscaler may start", async () => {
    const scaler: TestResource = {
      type: "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
      properties: {
        metadata: { namespace: "worldstore" },
        spec: { maxReplicas: 10, scaleTargetRef: { kind: "Deployment", name: "api" } },
      },
    };
    assert.deepEqual(await judge(service(POOLS("20"), STILL), scaler), found(200));
  });

  it("adds the services and jobs of a system, and keeps others apart", async () => {
    const api = service(POOLS("100"), STILL);
    const job = { ...service(POOLS("91"), {}, "CronJob"), name: "job" };
    assert.deepEqual(await judge(api, job), found(191));
    assert.deepEqual(await judge(api, { ...service(POOLS("90"), {}, "CronJob"), name: "job" }), []);
    const other = { ...service(POOLS("90"), STILL, "Deployment", "car-loans"), name: "other" };
    assert.deepEqual(await judge(api, other), []);
    assert.deepEqual(await judge(service(POOLS("91"), STILL, "Deployment", "car-loans")), found(91));
  });

  it("takes the limit of the stack's own database", async () => {
    const group = (value: string, family = "postgres17"): TestResource => ({
      type: "aws:rds/parameterGroup:ParameterGroup",
      properties: {
        family,
        parameters: [
          { name: "work_mem", value: "1" },
          { name: "max_connections", value },
        ],
      },
    });
    const api = service(POOLS("100"), STILL);
    assert.deepEqual(await judge(api, group("100")), found(100));
    assert.deepEqual(await judge(api, group("110")), []);
    assert.deepEqual(await judge(api, group("50", "mysql8.0")), []);
    const file = kubernetes("core/v1:ConfigMap", { data: { "postgresql.conf": "max_connections = 109\n" } });
    assert.deepEqual(await judge(api, file), found(100));
    assert.deepEqual(await judge(api, inSystem("other", file)), []);
  });

  it("takes limits, variables and the reserve from its configuration", async () => {
    const api = service(POOLS("100", "POOL"), STILL);
    const parameters = {
      variables: { postgres: ["POOL"], mongodb: [], redis: [] },
      limits: { postgres: { archesai: 100 }, mongodb: {}, redis: {} },
      reserve: 1,
    };
    assert.deepEqual(await stackVerdict(POLICY, [api], { [POLICY]: { parameters } }), found(100));
    assert.deepEqual(
      await stackVerdict(POLICY, [api], { [POLICY]: { parameters: { ...parameters, reserve: 0 } } }),
      [],
    );
    assert.deepEqual(await judge(api), []);
  });

  it("counts the pools of each worker of ecommerce-bot, to MongoDB and Redis too", async () => {
    const workers = [{ name: "WORKERS", value: "8" }];
    const bot = (name: string, size: string, system = "ecommerce-bot") =>
      judge(service(POOLS(size, name, workers), { ...STILL, replicas: 10 }, "Deployment", system));
    assert.deepEqual(await bot("REDIS_MAX_CONNECTIONS", "200"), found(16000, "redis"));
    assert.deepEqual(await bot("REDIS_MAX_CONNECTIONS", "200", "archesai"), []);
    assert.deepEqual(await bot("MONGODB_MAX_POOL_SIZE", "100"), []);
    assert.deepEqual(await bot("MONGODB_MAX_POOL_SIZE", "1000"), found(80000, "mongodb"));
  });

  it("counts what a pooler opens in place of its clients, and wants it in transaction mode", async () => {
    const clients = service(POOLS("500"), STILL);
    const data = 'mandatory data["pgbouncer.ini"]';
    const settings = "[pgbouncer]\npool_mode = transaction\ndefault_pool_size = 25\nreserve_pool_size = 5\n";
    assert.deepEqual(await judge(clients, ...pooler(settings)), []);
    assert.deepEqual(await judge(clients, ...pooler(settings, 7)), [
      `${data}: 210 connections of all copies to postgres`,
    ]);
    assert.deepEqual(await judge(clients, ...pooler("default_pool_size = 25\n")), [`${data}: pool_mode not set`]);
    assert.deepEqual(await judge(clients, ...pooler("pool_mode = session\n", 10)), [
      `${data}: pool_mode session`,
      `${data}: 200 connections of all copies to postgres`,
    ]);
    const told = service(
      [
        ...POOLS("96", "DEFAULT_POOL_SIZE"),
        { name: "POOL_MODE", value: "transaction" },
        { name: "DEFAULT_POOL_SIZE", value: "96" },
      ],
      { ...STILL, replicas: 2 },
    );
    assert.deepEqual((await judge(told)).length, 1);
    assert.deepEqual(await judge(clients, ...pooler(UNKNOWN)), ['advisory not evaluated: data["pgbouncer.ini"]']);
  });

  it("counts the tasks of ECS with those of a release", async () => {
    const task = inSystem("archesai", taskDefinition([ecsContainer({ environment: POOLS("48") })]));
    const api = (properties: object): TestResource => ({
      ...inSystem("archesai", {
        type: "aws:ecs/service:Service",
        name: "api",
        properties: { taskDefinition: UNKNOWN, ...properties },
      }),
      propertyDependencies: { taskDefinition: [urnOf(task)] },
    });
    const over = ["mandatory containerDefinitions[0].environment[0].value: 192 connections of all copies to postgres"];
    assert.deepEqual(await judge(task, api({ desiredCount: 2 })), over);
    assert.deepEqual(await judge(task, api({ desiredCount: 2, deploymentMaximumPercent: 150 })), []);
    assert.deepEqual(await judge(task, api({})), []);
    assert.deepEqual(await judge(task, api({ desiredCount: 2, deploymentMaximumPercent: UNKNOWN })), [
      "advisory not evaluated: deploymentMaximumPercent",
    ]);
    const alone = { ...api({ desiredCount: 9 }), propertyDependencies: {} };
    assert.deepEqual(await judge(task, alone), []);
  });

  it("waits for values that are not known yet", async () => {
    assert.deepEqual(await judge(service(POOLS(UNKNOWN), { replicas: 9 })), [
      "advisory not evaluated: spec.template.spec.containers[0].env[0].value",
    ]);
    assert.deepEqual(await judge(service(POOLS("500"), { replicas: UNKNOWN })), [
      "advisory not evaluated: spec.replicas",
    ]);
    assert.deepEqual(await judge(service(POOLS("500"), { replicas: 1, ...SURGE(UNKNOWN) })), [
      "advisory not evaluated: spec.strategy.rollingUpdate.maxSurge",
    ]);
    const undecided = { ...service(POOLS("1"), { replicas: UNKNOWN }), name: "undecided" };
    assert.deepEqual(await judge(service(POOLS("500"), STILL), undecided), ["advisory not evaluated: spec.replicas"]);
    assert.deepEqual(await judge(service(POOLS("many"), STILL)), []);
  });
});
