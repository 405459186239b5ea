import assert from "node:assert/strict";
import { UNKNOWN, type TestResource } from "../testing/analyzer.ts";
import { container, deployment, podSpec, workload } from "../testing/fixtures.ts";
import { verdict } from "../testing/pack.ts";
import { firstReport } from "../testing/report.ts";

const POLICY = "secret-mounted";
const AT = "spec.template.spec.containers[0]";
const reference = { secretKeyRef: { name: "agent", key: "WALLET_KEY" } };
const variable = (valueFrom: unknown) => ({ name: "WALLET_KEY", valueFrom });

const of = (overrides: Record<string, unknown>, parameters = {}, system?: string) => {
  const resource: TestResource = deployment(overrides);
  const labels = { "app.kubernetes.io/part-of": system };
  const properties = system === undefined ? resource.properties : { ...resource.properties, metadata: { labels } };
  return verdict(POLICY, { ...resource, properties }, { [POLICY]: { level: "advisory", parameters } });
};

describe("POL-SECRET-MOUNTED (WS-SEC-06)", () => {
  it("accepts mounted secrets and variables from elsewhere", async () => {
    assert.deepEqual(
      await of({ env: [variable({ configMapKeyRef: { name: "a", key: "b" } }), { name: "A", value: "b" }] }),
      [],
    );
    assert.deepEqual(await of({ envFrom: [{ configMapRef: { name: "a" } }] }), []);
    assert.deepEqual(await of({ env: undefined }), []);
  });

  it("says what is wrong and what to do", async () => {
    const [, ...lines] = await firstReport(POLICY, deployment({ env: [variable(reference)] }));
    assert.deepEqual(lines, [
      "POL-SECRET-MOUNTED: Secrets mounted as files",
      "  resource: payment-server (kubernetes:apps/v1:Deployment)",
      `  property: ${AT}.env[0].valueFrom.secretKeyRef`,
      "  found:    a secret in a variable",
      "  expected: a file of a mounted secret",
      "  fix:      Mount the secret as a volume and read the file.",
      "  required: WS-SEC-06; CIS Kubernetes 5.4.1; SOC 2 CC6.1",
    ]);
  });

  it("advises against secrets in variables, one by one or whole, in init containers too", async () => {
    const spec = podSpec({ initContainers: [container({ env: [variable(reference)] })] });
    assert.deepEqual(await verdict(POLICY, workload(spec), { [POLICY]: { level: "advisory" } }), [
      "advisory spec.template.spec.initContainers[0].env[0].valueFrom.secretKeyRef: a secret in a variable",
    ]);
    assert.deepEqual(await of({ envFrom: [{ secretRef: { name: "agent" } }] }), [
      `advisory ${AT}.envFrom[0].secretRef: a secret in a variable`,
    ]);
  });

  it("leaves systems alone whose secrets come by the environment", async () => {
    const line = [`advisory ${AT}.env[0].valueFrom.secretKeyRef: a secret in a variable`];
    const env = [variable(reference)];
    assert.deepEqual(await of({ env }, {}, "ecommerce-bot"), []);
    assert.deepEqual(await of({ env }, {}, "worldstore"), line);
    assert.deepEqual(await of({ env }, { systems: ["ecommerce-bot"] }, "ecommerce-bot"), line);
    assert.deepEqual(await of({ env }, { systems: ["ecommerce-bot"] }), line);
  });

  it("goes on past values that are not known yet", async () => {
    assert.deepEqual(await of({ env: [variable(UNKNOWN), variable(reference)] }), [
      `advisory ${AT}.env[1].valueFrom.secretKeyRef: a secret in a variable`,
      `advisory not evaluated: ${AT}.env[0].valueFrom`,
    ]);
  });
});
