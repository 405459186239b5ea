import assert from "node:assert/strict";

import { shop } from "../aws/testing/shop.ts";
import { find, record, type RecordedResource } from "../testing/record.ts";
import { shopTarget } from "../testing/shop.ts";
import { KubernetesSystem } from "./index.ts";
import type { Target } from "./target.ts";

interface JobSpec {
  backoffLimit: number;
  activeDeadlineSeconds: number;
  ttlSecondsAfterFinished?: number;
  template: {
    spec: { restartPolicy: string; containers: { command: string[]; env: object[]; securityContext: object }[] };
  };
}

function withJobs(): Target {
  const target = shopTarget();
  const { jobs, flows } = shop();
  const { migrate, report } = jobs;
  if (!migrate || !report) throw new Error("the shop has other jobs");
  target.system.jobs = { migrate, report: { ...report, variables: { MODE: "all" } } };
  target.system.flows = [
    ...target.system.flows,
    ...flows.filter(({ from }) => "job" in from && from.job === "migrate"),
  ];
  return target;
}

const deploy = (target: Target) => record(() => new KubernetesSystem("shop", target, {}));

describe("A job", () => {
  let resources: RecordedResource[];
  before(async () => (resources = await deploy(withJobs())));

  it("before a release runs once, hardened like a service, with its own user of the database", () => {
    const { inputs, dependencies } = find(resources, "kubernetes:batch/v1:Job", "shop-migrate-workload");
    const { metadata, spec } = inputs as unknown as { metadata: { name: string; annotations: object }; spec: JobSpec };
    assert.match(metadata.name, /^migrate-[0-9a-f]{8}$/);
    assert.deepEqual(metadata.annotations, { "pulumi.com/replaceUnready": "true" });
    assert.equal(spec.activeDeadlineSeconds, 600);
    assert.equal(spec.backoffLimit, 3);
    assert.equal(spec.ttlSecondsAfterFinished, 7 * 86_400);
    assert.equal(spec.template.spec.restartPolicy, "Never");
    const [container] = spec.template.spec.containers;
    assert.deepEqual(container?.command, ["migrate"]);
    assert.deepEqual(container?.env, [{ name: "SECRETS_DIR", value: "/run/secrets/app" }]);
    const api = find(resources, "kubernetes:apps/v1:Deployment", "shop-api-workload").inputs as {
      spec: { template: { spec: { containers: { securityContext: object }[] } } };
    };
    assert.deepEqual(container?.securityContext, api.spec.template.spec.containers[0]?.securityContext);
    const sealed = find(resources, "kubernetes:bitnami.com/v1alpha1:SealedSecret", "shop-migrate-secrets").inputs;
    assert.deepEqual(Object.keys((sealed["spec"] as { encryptedData: object }).encryptedData), ["DATABASE_URL"]);
    assert.ok(dependencies.includes("shop-migrate-account"));
  });

  it("before a release is waited for by every service and waits for the stores", () => {
    const after = (type: string, name: string) =>
      find(resources, `agent-commerce:kubernetes:${type}`, name).dependencies;
    for (const service of ["shop-api", "shop-writer"]) {
      assert.ok(after("SystemService", service).includes("shop-migrate-workload"), service);
      assert.ok(!after("SystemService", service).includes("shop-report-workload"), service);
    }
    assert.ok(after("SystemJob", "shop-migrate").includes("shop-db-workload"));
  });

  it("of a schedule never runs beside itself and leaves a short history", () => {
    const { inputs } = find(resources, "kubernetes:batch/v1:CronJob", "shop-report-workload");
    const { jobTemplate, ...schedule } = inputs["spec"] as { jobTemplate: { spec: JobSpec } };
    assert.deepEqual(schedule, {
      schedule: "0 2 * * *",
      timeZone: "Etc/UTC",
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds: 600,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
    });
    assert.equal(jobTemplate.spec.activeDeadlineSeconds, 1800);
    assert.equal(jobTemplate.spec.template.spec.restartPolicy, "Never");
  });

  it("before a release is a new one when its image, command or a plain variable changes, and only then", async () => {
    const name = async (change: (target: Target) => void) => {
      const target = withJobs();
      change(target);
      const { inputs } = find(await deploy(target), "kubernetes:batch/v1:Job", "shop-migrate-workload");
      return (inputs["metadata"] as { name: string }).name;
    };
    const job = ({ system }: Target) => system.jobs["migrate"] ?? assert.fail();
    const names = [
      await name(() => undefined),
      await name(({ settings }) => (settings.images["api"] = "images.example/api:2.0")),
      await name((target) => (job(target).command = ["migrate", "--all"])),
      await name((target) => (job(target).variables = { ...job(target).variables, MODE: "slow" })),
    ];
    assert.equal(new Set(names).size, names.length);
    assert.equal(await name(({ settings }) => (settings.externalSecrets = { TOKEN: "tok-2" })), names[0]);
  });
});
