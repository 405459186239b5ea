import assert from "node:assert/strict";
import { UNKNOWN } from "../testing/analyzer.ts";
import { copies, ecsService } from "../testing/copies.ts";
import { podSpec, workload } from "../testing/fixtures.ts";
import { verdict } from "../testing/pack.ts";

const POLICY = "spot";
const AFFINITY = "spec.template.spec.affinity.nodeAffinity";

const config = (parameters = {}) => ({ [POLICY]: { level: "advisory" as const, parameters } });
const pod = (spec: Record<string, unknown>, options = {}) =>
  verdict(POLICY, copies({}, { pod: podSpec(spec), ...options }), config());
const service = (providers: unknown[], name?: string, parameters = {}) => {
  const capacityProviderStrategies = providers.map((capacityProvider) => ({ capacityProvider }));
  return verdict(POLICY, ecsService({ capacityProviderStrategies }, name), config(parameters));
};

describe("POL-SPOT (WS-CST-07)", () => {
  it("accepts ordinary capacity, and spot capacity for what may be interrupted", async () => {
    assert.deepEqual(await service(["FARGATE"]), []);
    assert.deepEqual(await verdict(POLICY, ecsService(), config()), []);
    for (const name of ["order-queue-worker", "dashboards", "nightly-jobs"]) {
      assert.deepEqual(await service(["FARGATE", "FARGATE_SPOT"], name), [], name);
    }
    assert.deepEqual(await pod({ nodeSelector: { "karpenter.sh/capacity-type": "on-demand" } }), []);
    assert.deepEqual(await pod({}), []);
  });

  it("rejects spot capacity for everything else on ECS", async () => {
    for (const name of ["worldstore-agent", "payment-server", "networker"]) {
      assert.deepEqual(await service(["FARGATE", "FARGATE_SPOT"], name), [
        'advisory capacityProviderStrategies[1].capacityProvider: "FARGATE_SPOT"',
      ]);
    }
    const type = "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders";
    const defaultCapacityProviderStrategies = [{ capacityProvider: "fargate_spot" }];
    assert.deepEqual(await verdict(POLICY, { type, properties: { defaultCapacityProviderStrategies } }, config()), [
      'advisory defaultCapacityProviderStrategies[0].capacityProvider: "fargate_spot"',
    ]);
    const capacityProviders = ["FARGATE", "FARGATE_SPOT"];
    assert.deepEqual(await verdict(POLICY, { type, properties: { capacityProviders } }, config()), []);
  });

  it("rejects selectors and affinities of spot machines, of every cloud", async () => {
    for (const [label, value] of [
      ["karpenter.sh/capacity-type", "spot"],
      ["eks.amazonaws.com/capacityType", "SPOT"],
      ["cloud.google.com/gke-spot", "true"],
      ["cloud.google.com/gke-preemptible", true],
      ["kubernetes.azure.com/scalesetpriority", "spot"],
    ] as const) {
      const found = JSON.stringify(value);
      assert.deepEqual(await pod({ nodeSelector: { [label]: value, other: "spot" } }), [
        `advisory spec.template.spec.nodeSelector["${label}"]: ${found}`,
      ]);
      const term = (operator: string) => ({ matchExpressions: [{ key: label, operator, values: ["x", value] }] });
      const required = (operator: string) => ({
        affinity: {
          nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term(operator)] } },
        },
      });
      assert.deepEqual(await pod(required("In")), [
        `advisory ${AFFINITY}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].values[1]: ${found}`,
      ]);
      assert.deepEqual(await pod(required("NotIn")), []);
      const preferredDuringSchedulingIgnoredDuringExecution = [{ weight: 1, preference: term("In") }];
      assert.deepEqual(await pod({ affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution } } }), [
        `advisory ${AFFINITY}.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchExpressions[0].values[1]: ${found}`,
      ]);
    }
  });

  it("lets jobs run anywhere", async () => {
    const spec = podSpec({ nodeSelector: { "karpenter.sh/capacity-type": "spot" } });
    assert.deepEqual(await verdict(POLICY, workload(spec, "CronJob"), config()), []);
    assert.deepEqual(await verdict(POLICY, workload(spec, "Job"), config()), []);
    assert.equal((await verdict(POLICY, workload(spec, "DaemonSet"), config())).length, 1);
  });

  it("takes the components from its configuration", async () => {
    assert.deepEqual(await service(["FARGATE_SPOT"], "payment-server", { allowed: ["payment"] }), []);
    assert.equal((await service(["FARGATE_SPOT"], "order-queue-worker", { allowed: [] })).length, 1);
  });

  it("reports what is not known yet and goes on", async () => {
    assert.deepEqual(await service([UNKNOWN, "FARGATE_SPOT"]), [
      'advisory capacityProviderStrategies[1].capacityProvider: "FARGATE_SPOT"',
      "advisory not evaluated: capacityProviderStrategies[0].capacityProvider",
    ]);
    assert.deepEqual(await pod({ nodeSelector: UNKNOWN }), ["advisory not evaluated: spec.template.spec.nodeSelector"]);
  });
});
