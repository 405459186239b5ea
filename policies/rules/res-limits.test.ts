import assert from "node:assert/strict";
import { UNKNOWN } from "../testing/analyzer.ts";
import { container, deployment, ecsContainer, podSpec, taskDefinition, workload } from "../testing/fixtures.ts";
import { verdict } from "../testing/pack.ts";
import { reportOf } from "../testing/report.ts";

const POLICY = "res-limits";
const RESOURCES = "spec.template.spec.containers[0].resources";

const resources = (requests: unknown, limits: unknown) =>
  verdict(POLICY, deployment({ resources: { requests, limits } }));
const task = (overrides: Record<string, unknown>, properties = {}) =>
  verdict(POLICY, taskDefinition([ecsContainer(overrides)], properties));

describe("POL-RES-LIMITS (WS-SEC-27, EB-SEC-34)", () => {
  it("accepts amounts in every notation, the request up to the limit", async () => {
    assert.deepEqual(await resources({ cpu: 1, memory: "512Mi" }, { cpu: "1000m", memory: "0.5Gi" }), []);
    assert.deepEqual(await resources({ cpu: "0.3", memory: "1e8" }, { cpu: "300m", memory: "256M" }), []);
  });

  it("says what is wrong and what to do", async () => {
    const limits = { cpu: "1" };
    const report = await reportOf(
      "res-limits",
      deployment({ resources: { requests: { cpu: "1", memory: "1Gi" }, limits } }),
    );
    assert.equal(report?.level, "mandatory");
    assert.equal(
      report.message,
      [
        "POL-RES-LIMITS: CPU and memory requests and limits set",
        "  resource: payment-server (kubernetes:apps/v1:Deployment)",
        "  property: spec.template.spec.containers[0].resources.limits.memory",
        "  found:    nothing",
        "  expected: an amount above 0",
        "  fix:      State CPU and memory of the service in its specification.",
        "  required: WS-SEC-27, EB-SEC-34; NSA C-0270, C-0271",
        "  more:     docs/policies/res-limits.md",
      ].join("\n"),
    );
  });

  it("rejects absent amounts, zero and nonsense", async () => {
    assert.deepEqual(await verdict(POLICY, deployment({ resources: undefined })), [
      `mandatory ${RESOURCES}.requests.cpu: nothing`,
      `mandatory ${RESOURCES}.limits.cpu: nothing`,
      `mandatory ${RESOURCES}.requests.memory: nothing`,
      `mandatory ${RESOURCES}.limits.memory: nothing`,
    ]);
    assert.deepEqual(await resources({ cpu: "0", memory: "lots" }, { cpu: "1", memory: "1X" }), [
      `mandatory ${RESOURCES}.requests.cpu: "0"`,
      `mandatory ${RESOURCES}.requests.memory: "lots"`,
      `mandatory ${RESOURCES}.limits.memory: "1X"`,
    ]);
  });

  it("rejects a request just above the limit", async () => {
    assert.deepEqual(await resources({ cpu: "501m", memory: "1Gi" }, { cpu: "500m", memory: "1Gi" }), [
      `mandatory ${RESOURCES}.requests.cpu: "501m"`,
    ]);
  });

  it("goes on past values that are not known yet", async () => {
    assert.deepEqual(await resources({ cpu: UNKNOWN, memory: "1Gi" }, { cpu: "1" }), [
      `mandatory ${RESOURCES}.limits.memory: nothing`,
      `advisory not evaluated: ${RESOURCES}.requests.cpu`,
    ]);
  });

  it("reads init containers and leaves out ephemeral ones, which cannot have resources", async () => {
    const bare = container({ resources: { limits: { cpu: "1", memory: "1Gi" }, requests: { cpu: "1" } } });
    assert.deepEqual(await verdict(POLICY, workload(podSpec({ initContainers: [bare], ephemeralContainers: [{}] }))), [
      "mandatory spec.template.spec.initContainers[0].resources.requests.memory: nothing",
    ]);
  });

  it("demands sizes of the ECS task and of each container", async () => {
    assert.deepEqual(await task({}, { cpu: "0.5 vCPU", memory: "1 GB" }), []);
    assert.deepEqual(await task({ cpu: 0, memory: undefined }, { cpu: undefined, memory: UNKNOWN }), [
      "mandatory cpu: nothing",
      "mandatory containerDefinitions[0].cpu: 0",
      "mandatory containerDefinitions[0].memory: nothing",
      "advisory not evaluated: memory",
    ]);
  });
});
