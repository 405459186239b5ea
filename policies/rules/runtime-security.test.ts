import assert from "node:assert/strict";
import { UNKNOWN, type TestResource } from "../testing/analyzer.ts";
import { remediated } from "../testing/in-process.ts";
import { app, ecs } from "../testing/monitoring.ts";
import { stackVerdict, verdict } from "../testing/pack.ts";
import { runtimeSecurity } from "./runtime-security.ts";

const POLICY = "runtime-security";
const SYSTEM = "ecommerce-bot";
const stack = (...resources: TestResource[]) => stackVerdict(POLICY, resources);
const detector = (properties: Record<string, unknown>) => ({ type: "aws:guardduty/detector:Detector", properties });
const feature = (name: unknown, additional: unknown = [], status: unknown = "ENABLED"): TestResource => ({
  type: "aws:guardduty/detectorFeature:DetectorFeature",
  name: "feature",
  properties: { name, status, additionalConfigurations: additional },
});
const agent = (name: string, status = "ENABLED") => [{ name, status }];
const FARGATE = agent("ECS_FARGATE_AGENT_MANAGEMENT");
const nothing = (where: string) => [`mandatory the resource itself: nothing that watches ${where} at run time`];

describe("POL-RUNTIME-SECURITY (EB-SEC-35)", () => {
  it("demands that a detector is on, as it is by default, and its runtime monitoring", async () => {
    assert.deepEqual(await verdict(POLICY, detector({})), []);
    assert.deepEqual(await verdict(POLICY, detector({ enable: true })), []);
    assert.deepEqual(await verdict(POLICY, detector({ enable: false })), ["mandatory enable: false"]);
    assert.deepEqual(await verdict(POLICY, detector({ enable: UNKNOWN })), ["advisory not evaluated: enable"]);
    for (const name of ["RUNTIME_MONITORING", "EKS_RUNTIME_MONITORING"]) {
      assert.deepEqual(await verdict(POLICY, feature(name)), []);
      assert.deepEqual(await verdict(POLICY, feature(name, [], "DISABLED")), ['mandatory status: "DISABLED"']);
      assert.deepEqual(await verdict(POLICY, feature(name, [], null)), ["mandatory status: nothing"]);
    }
    assert.deepEqual(await verdict(POLICY, feature("S3_DATA_EVENTS", [], "DISABLED")), []);
  });

  it("demands a watcher on every node of ecommerce-bot's cluster", async () => {
    const falco = (image: string, kind: "DaemonSet" | "Deployment" = "DaemonSet") =>
      app(SYSTEM, { image }, { name: "f", kind });
    assert.deepEqual(await stack(app(SYSTEM)), nothing("the cluster"));
    for (const image of ["falcosecurity/falco:0.42.0", "falco-no-driver:1", "cilium/tetragon:1", "tracee@sha256:00"]) {
      assert.deepEqual(await stack(app(SYSTEM), falco(image)), [], image);
    }
    assert.deepEqual(await stack(app(SYSTEM), falco("falco-exporter:1")), nothing("the cluster"));
    assert.deepEqual(await stack(app(SYSTEM), falco("falco:1", "Deployment")), nothing("the cluster"));
    assert.deepEqual(await stack(app(SYSTEM), feature("RUNTIME_MONITORING", agent("EKS_ADDON_MANAGEMENT"))), []);
    assert.deepEqual(await stack(app(SYSTEM), feature("RUNTIME_MONITORING", FARGATE)), nothing("the cluster"));
  });

  it("demands GuardDuty's agents of its tasks", async () => {
    const tasks = (additional: unknown, name = "RUNTIME_MONITORING") =>
      stack(...ecs(SYSTEM), feature(name, additional));
    assert.deepEqual(await stack(...ecs(SYSTEM)), nothing("Fargate"));
    assert.deepEqual(await tasks(FARGATE), []);
    assert.deepEqual(await tasks(agent("EC2_AGENT_MANAGEMENT")), []);
    assert.deepEqual(await tasks(agent("ECS_FARGATE_AGENT_MANAGEMENT", "DISABLED")), nothing("Fargate"));
    assert.deepEqual(await tasks(agent("EKS_ADDON_MANAGEMENT")), nothing("Fargate"));
    assert.deepEqual(await tasks(FARGATE, "S3_DATA_EVENTS"), nothing("Fargate"));
  });

  it("reports what is not known yet", async () => {
    assert.deepEqual(await stack(...ecs(SYSTEM), feature(UNKNOWN, FARGATE)), ["advisory not evaluated: name"]);
    assert.deepEqual(await stack(...ecs(SYSTEM), feature("RUNTIME_MONITORING", UNKNOWN)), [
      "advisory not evaluated: additionalConfigurations",
    ]);
  });

  it("demands nothing of other systems unless the configuration does, nor of stacks without workloads", async () => {
    assert.deepEqual(await stack(app("worldstore"), ...ecs("archesai")), []);
    const config = { [POLICY]: { parameters: { systems: ["archesai"] } } };
    assert.deepEqual(await stackVerdict(POLICY, ecs("archesai"), config), nothing("Fargate"));
    assert.deepEqual(await stackVerdict(POLICY, ecs(SYSTEM), config), []);
    assert.deepEqual(await stack(detector({})), []);
  });

  it("turns on what is off as a remediation", () => {
    const after = (resource: TestResource) => remediated(runtimeSecurity, resource).properties;
    assert.deepEqual(after(detector({ enable: false })), { enable: true });
    assert.deepEqual(after(detector({})), {});
    assert.equal(after(feature("RUNTIME_MONITORING", [], "DISABLED"))["status"], "ENABLED");
    assert.equal(after(feature("RUNTIME_MONITORING", [], UNKNOWN))["status"], UNKNOWN);
    assert.equal(after(feature("S3_DATA_EVENTS", [], "DISABLED"))["status"], "DISABLED");
  });
});
