import assert from "node:assert/strict";
import { UNKNOWN, type TestResource } from "../testing/analyzer.ts";
import { container, ecsContainer, kubernetes, podSpec, taskDefinition, workload } from "../testing/fixtures.ts";
import { stackVerdict } from "../testing/pack.ts";
import { firstReport } from "../testing/report.ts";

const POLICY = "secret-refs";
const SPEC = "spec.template.spec";
const ARN = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:";

const sealed = kubernetes("bitnami.com/v1alpha1:SealedSecret", { spec: { encryptedData: { KEY: "x" } } }, "own");
const pod = (overrides: Record<string, unknown>, spec: Record<string, unknown> = {}) =>
  workload(podSpec({ containers: [container(overrides)], ...spec }));
const judge = (resources: TestResource[], parameters = {}) =>
  stackVerdict(POLICY, resources, { [POLICY]: { parameters } });
const variable = (name: unknown, key: unknown = "KEY", more = {}) => ({
  env: [{ name: "KEY", valueFrom: { secretKeyRef: { name, key, ...more } } }],
});
const nothing = (name: string) => `"${name}", which nothing of the stack makes in worldstore`;
const needs = (...names: string[]) => ({ variables: { worldstore: { app: names } } });
const task = (overrides: Record<string, unknown>) => taskDefinition([ecsContainer(overrides)]);
const secret = (name: unknown, type = "aws:secretsmanager/secret:Secret"): TestResource => ({
  type,
  properties: { name },
});
const reference = (valueFrom: unknown) => task({ secrets: [{ name: "KEY", valueFrom }] });

describe("POL-SECRET-REFS (WS-SEC-02, EB-SEC-16, AR-SEC-15, AR-SEC-31, CC-SEC-02, CC-SEC-04, CC-SEC-05, CC-SEC-21, RB-SEC-26)", () => {
  it("accepts references to what the stack makes, by whichever resource", async () => {
    assert.deepEqual(await judge([pod(variable("own")), sealed]), []);
    const external = { target: { name: "own" }, data: [{ secretKey: "KEY" }] };
    assert.deepEqual(
      await judge([pod(variable("own")), kubernetes("external-secrets.io/v1:ExternalSecret", { spec: external })]),
      [],
    );
    const whole = { target: { name: "own" }, dataFrom: [{}] };
    assert.deepEqual(
      await judge([pod(variable("own")), kubernetes("external-secrets.io/v1:ExternalSecret", { spec: whole })]),
      [],
    );
    const certificate = kubernetes("cert-manager.io/v1:Certificate", { spec: { secretName: "own" } });
    assert.deepEqual(await judge([pod(variable("own", "tls.key")), certificate]), []);
    assert.deepEqual(
      await judge([pod(variable("own")), kubernetes("core/v1:Secret", { stringData: { KEY: "" } }, "own")]),
      [],
    );
    assert.deepEqual(await judge([pod(variable("rds!db"))]), []);
  });

  it("says what is wrong and what to do", async () => {
    assert.deepEqual(await firstReport(POLICY, pod(variable("own"))), [
      "mandatory",
      "POL-SECRET-REFS: Every variable of the system definition is bound and every referenced secret exists",
      "  resource: payment-server (kubernetes:apps/v1:Deployment)",
      `  property: ${SPEC}.containers[0].env[0].valueFrom.secretKeyRef.name`,
      `  found:    ${nothing("own")}`,
      "  expected: a SealedSecret, ExternalSecret, Certificate or Secret of that name",
      "  fix:      Bind the variable in the specification of the service, or declare the secret that it refers to.",
      "  required: WS-SEC-02, EB-SEC-16, AR-SEC-15, AR-SEC-31, CC-SEC-02, CC-SEC-04, CC-SEC-05, CC-SEC-21, RB-SEC-26; SOC 2 CC8.1",
    ]);
  });

  it("rejects names, keys and namespaces that lead nowhere, unless the secret may be missing", async () => {
    assert.deepEqual(await judge([pod(variable("own", "OTHER")), sealed]), [
      `mandatory ${SPEC}.containers[0].env[0].valueFrom.secretKeyRef.key: "OTHER"`,
    ]);
    const elsewhere = {
      ...sealed,
      properties: { ...sealed.properties, metadata: { name: "own", namespace: "other" } },
    };
    assert.deepEqual(await judge([pod(variable("own")), elsewhere]), [
      `mandatory ${SPEC}.containers[0].env[0].valueFrom.secretKeyRef.name: ${nothing("own")}`,
    ]);
    assert.deepEqual(await judge([pod(variable("own", "KEY", { optional: true }))]), []);
    assert.deepEqual(await judge([pod(variable("own"))], { outside: ["own"] }), []);
  });

  it("reads whole secrets, volumes and projections", async () => {
    const volumes = [
      { name: "a", secret: { secretName: "one" } },
      {
        name: "b",
        secret: {
          secretName: "own",
          items: [
            { key: "KEY", path: "k" },
            { key: "MISSING", path: "m" },
          ],
        },
      },
      { name: "c", projected: { sources: [{ secret: { name: "two" } }, { configMap: { name: "x" } }] } },
    ];
    assert.deepEqual(await judge([pod({ envFrom: [{ secretRef: { name: "three" } }] }, { volumes }), sealed]), [
      `mandatory ${SPEC}.containers[0].envFrom[0].secretRef.name: ${nothing("three")}`,
      `mandatory ${SPEC}.volumes[0].secret.secretName: ${nothing("one")}`,
      `mandatory ${SPEC}.volumes[1].secret.items[1].key: "MISSING"`,
      `mandatory ${SPEC}.volumes[2].projected.sources[0].secret.name: ${nothing("two")}`,
    ]);
  });

  it("asks for every variable of the definition, by name, as a file or from a whole secret", async () => {
    const missing = `mandatory ${SPEC}.containers[0].env: no KEY`;
    assert.deepEqual(await judge([pod({ env: [{ name: "LOG_LEVEL", value: "info" }] })], needs("LOG_LEVEL", "KEY")), [
      missing,
    ]);
    assert.deepEqual(await judge([pod(variable("own")), sealed], needs("KEY")), []);
    const volumes = [{ name: "s", secret: { secretName: "own" } }];
    const volumeMounts = [{ name: "s", mountPath: "/run/secrets" }];
    assert.deepEqual(await judge([pod({ volumeMounts }, { volumes }), sealed], needs("KEY")), []);
    assert.deepEqual(await judge([pod({}, { volumes }), sealed], needs("KEY")), [missing]);
    const items = [{ key: "KEY", path: "app/OTHER" }];
    const renamed = [{ name: "s", secret: { secretName: "own", items } }];
    assert.deepEqual(await judge([pod({ volumeMounts }, { volumes: renamed }), sealed], needs("OTHER")), []);
    const envFrom = [{ prefix: "APP_", secretRef: { name: "own" } }];
    assert.deepEqual(await judge([pod({ envFrom }), sealed], needs("APP_KEY")), []);
    assert.deepEqual(await judge([pod({ envFrom }), sealed], needs("KEY")), [missing]);
    assert.deepEqual(await judge([pod({ envFrom: [{ configMapRef: { name: "x" } }] })], needs("KEY")), []);
  });

  it("knows the lists of the systems, and takes only that of the workload's own", async () => {
    const agent = (system: string) => {
      const resource = pod({ name: "worldstore-agent", env: [] });
      const metadata = { namespace: "worldstore", labels: { "app.kubernetes.io/part-of": system } };
      return { ...resource, properties: { ...resource.properties, metadata } };
    };
    const [line, ...others] = await judge([agent("worldstore")]);
    assert.match(line ?? "", /no ANTHROPIC_API_KEY, WALLET_KEY, ENCRYPTION_KEY, CROSSMINT_API_KEY, .*, NODE_ENV$/);
    assert.deepEqual(others, []);
    assert.deepEqual(await judge([agent("retail-brain")]), []);
  });

  it("reads tasks of ECS: their variables, and the secrets and parameters that they name", async () => {
    assert.deepEqual(await judge([reference(`${ARN}app/KEY`), secret("app/KEY")]), []);
    assert.deepEqual(await judge([reference(`${ARN}app/KEY-a1B2c3:url::`), secret("app/KEY")]), []);
    assert.deepEqual(await judge([reference(`${ARN}app/KEY`), secret(UNKNOWN)]), []);
    assert.deepEqual(await judge([reference(`${ARN}rds!db-1`)]), []);
    const ssm = "arn:aws:ssm:eu-central-1:111122223333:parameter/app/key";
    assert.deepEqual(await judge([reference(ssm), secret("/app/key", "aws:ssm/parameter:Parameter")]), []);
    const lost = ["mandatory containerDefinitions[0].secrets[0].valueFrom: a secret that nothing of the stack makes"];
    assert.deepEqual(await judge([reference(`${ARN}app/KEY`), secret("app/OTHER")]), lost);
    assert.deepEqual(await judge([reference(ssm), secret("/app/key")]), lost);
    assert.deepEqual(await judge([reference(`${ARN}app/KEY`), secret("app/KEY")], needs("KEY", "LOG_LEVEL")), []);
    assert.deepEqual(await judge([task({})], needs("KEY")), ["mandatory containerDefinitions[0].secrets: no KEY"]);
  });

  it("waits for what is not known yet", async () => {
    assert.deepEqual(await judge([pod(variable(UNKNOWN)), sealed]), [
      `advisory not evaluated: ${SPEC}.containers[0].env[0].valueFrom.secretKeyRef.name`,
    ]);
    const open = kubernetes("bitnami.com/v1alpha1:SealedSecret", { spec: { encryptedData: UNKNOWN } }, "own");
    assert.deepEqual(await judge([pod(variable("own")), open]), []);
    assert.deepEqual(await judge([pod({ env: UNKNOWN })], needs("KEY")), [
      `advisory not evaluated: ${SPEC}.containers[0].env`,
    ]);
    assert.deepEqual(await judge([reference(UNKNOWN)]), [
      "advisory not evaluated: containerDefinitions[0].secrets[0].valueFrom",
    ]);
    assert.deepEqual(await judge([taskDefinition(UNKNOWN)]), ["advisory not evaluated: containerDefinitions"]);
  });
});
