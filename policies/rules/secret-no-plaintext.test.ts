import assert from "node:assert/strict";
import fc from "fast-check";
import { secret, UNKNOWN } from "../testing/analyzer.ts";
import {
  container,
  deployment,
  ecsContainer,
  kubernetes,
  podSpec,
  taskDefinition,
  workload,
} from "../testing/fixtures.ts";
import { analyze, verdict } from "../testing/pack.ts";
import { reportOf } from "../testing/report.ts";

const ENV = "spec.template.spec.containers[0].env[0].value";
const POLICY = "secret-no-plaintext";

const variable = (name: unknown, value: unknown, parameters = {}) =>
  verdict(POLICY, deployment({ env: [{ name, value }] }), { [POLICY]: { parameters } });
const configMap = (data: unknown, other = {}) => verdict(POLICY, kubernetes("core/v1:ConfigMap", { data, ...other }));

/** Values with the shape of a secret, put together so that no scanner takes this file for a leak. */
const SHAPES: Record<string, string> = {
  "an Anthropic API key": `sk-ant-${"api03-abcdefgh"}`,
  "an OpenAI API key": `sk-${"proj-"}${"a1".repeat(12)}`,
  "a 256-bit private key in hexadecimal": `0x${"4f".repeat(32)}`,
  "a private key in PEM form": `-----BEGIN ${"EC PRIVATE"} KEY-----\nMHc=`,
  "an AWS access key": `AKIA${"IOSFODNN7EXAMPLE"}`,
  "a GitHub token": `ghp_${"a1b2c3".repeat(6)}`,
  "a Stripe key": `sk_live_${"a1".repeat(12)}`,
  "a URL with a password": `postgres://app:${"hunter2"}@postgres:5432/app`,
};

describe("POL-SECRET-NO-PLAINTEXT (WS-SEC-01, WS-SEC-02, EB-SEC-02, AR-SEC-09, AR-SEC-19, CC-SEC-03)", () => {
  it("accepts variables that are not secret and references to secrets", async () => {
    const env = [
      { name: "LOG_LEVEL", value: "info" },
      { name: "SECRETS_DIR", value: "/run/secrets/app" },
      { name: "JWT_EXPIRY", value: "15m" },
      { name: "WALLET_KEY", valueFrom: { secretKeyRef: { name: "agent", key: "WALLET_KEY" } } },
      { name: "DATABASE_URL", value: "postgres://app:$(DATABASE_PASSWORD)@postgres:5432/app" },
      { name: "REDIS_PASSWORD", value: "$(SHARED_PASSWORD)" },
      { name: "API_GATEWAY_REQUIRE_TOKEN", value: "true" },
      { name: "OPENAI_MAX_TOKENS", value: "4096" },
    ];
    assert.deepEqual(await verdict(POLICY, deployment({ env })), []);
  });

  it("says what is wrong and what to do, without the value", async () => {
    const report = await reportOf(
      "secret-no-plaintext",
      deployment({ env: [{ name: "WALLET_KEY", value: "correct horse" }] }),
    );
    assert.equal(report?.level, "mandatory");
    assert.equal(
      report.message,
      [
        "POL-SECRET-NO-PLAINTEXT: No secret value written as a literal",
        "  resource: payment-server (kubernetes:apps/v1:Deployment)",
        "  property: spec.template.spec.containers[0].env[0].value",
        '  found:    a literal value for "WALLET_KEY" (hidden)',
        "  expected: no secret: a reference to one, or a value that is not secret",
        "  fix:      Declare it as a secret of the specification: it is then mounted from a SealedSecret or ExternalSecret, or read from Secrets Manager by ARN.",
        "  required: WS-SEC-01, WS-SEC-02, EB-SEC-02, AR-SEC-09, AR-SEC-19, CC-SEC-03; NSA C-0012; AWS FSBP ECS.8",
        "  more:     docs/policies/secret-no-plaintext.md",
      ].join("\n"),
    );
  });

  it("knows the secret names of all five systems", async () => {
    const names = [
      ...["ANTHROPIC_API_KEY", "WALLET_KEY", "ENCRYPTION_KEY", "CROSSMINT_API_KEY", "SERPAPI_API_KEY", "JWT_SECRET"],
      ...[
        "SESSION_SECRET",
        "REDIS_PASSWORD",
        "SENTRY_DSN",
        "INTERNAL_API_KEY",
        "API_GATEWAY_API_KEYS",
        "redisPassword",
      ],
    ];
    for (const name of names) {
      assert.deepEqual(await variable(name, "x"), [`mandatory ${ENV}: a literal value for "${name}" (hidden)`]);
    }
  });

  it("knows the shapes of secrets whatever their name", async () => {
    for (const [shape, value] of Object.entries(SHAPES)) {
      assert.deepEqual(await variable("OPTION", value), [`mandatory ${ENV}: ${shape} (hidden)`]);
      assert.deepEqual(await configMap({ "app.conf": `a = 1\nb = "${value}"\n` }), [
        `mandatory data["app.conf"]: ${shape} (hidden)`,
      ]);
    }
  });

  it("accepts an absent and an empty value, and values just short of a secret's shape", async () => {
    assert.deepEqual(await variable("WALLET_KEY", undefined), []);
    assert.deepEqual(await variable("WALLET_KEY", ""), []);
    assert.deepEqual(await variable("DIGEST", `0x${"4f".repeat(31)}`), []);
    assert.deepEqual(await variable("DATABASE_HOST", "http://postgres:5432/app@1"), []);
    assert.deepEqual(await verdict(POLICY, deployment({ env: undefined })), []);
  });

  it("reports values that are not known yet and goes on", async () => {
    const env = [
      { name: "WALLET_KEY", value: UNKNOWN },
      { name: UNKNOWN, value: "x" },
      { name: "API_TOKEN", value: "x" },
    ];
    assert.deepEqual(await verdict(POLICY, deployment({ env })), [
      'mandatory spec.template.spec.containers[0].env[2].value: a literal value for "API_TOKEN" (hidden)',
      "advisory not evaluated: spec.template.spec.containers[0].env[0].value",
      "advisory not evaluated: spec.template.spec.containers[0].env[1].name",
    ]);
  });

  it("reads init containers, command lines and ECS", async () => {
    const password = SHAPES["a URL with a password"];
    const spec = podSpec({
      containers: [container({ args: ["--database", password] })],
      initContainers: [container({ env: [{ name: "PGPASSWORD", value: "x" }] })],
    });
    assert.deepEqual(await verdict(POLICY, workload(spec)), [
      "mandatory spec.template.spec.containers[0].args[1]: a URL with a password (hidden)",
    ]);
    const environment = [{ name: "JWT_SECRET", value: "x" }];
    assert.deepEqual(await verdict(POLICY, taskDefinition([ecsContainer({ environment })])), [
      'mandatory containerDefinitions[0].environment[0].value: a literal value for "JWT_SECRET" (hidden)',
    ]);
    assert.deepEqual(await verdict(POLICY, taskDefinition([ecsContainer({ command: ["run", password] })])), [
      "mandatory containerDefinitions[0].command[1]: a URL with a password (hidden)",
    ]);
  });

  it("reads ConfigMaps, encoded data too", async () => {
    assert.deepEqual(await configMap({ "tls.key": "x", "ca.crt": "x", "users.json": '{"passwordFile":"/run/p"}' }), [
      'mandatory data["tls.key"]: a literal value for "tls.key" (hidden)',
    ]);
    const binaryData = { blob: Buffer.from(SHAPES["an AWS access key"] ?? "").toString("base64") };
    assert.deepEqual(await configMap({}, { binaryData }), ["mandatory binaryData.blob: an AWS access key (hidden)"]);
  });

  it("allows names that its configuration explains, but no value with a secret's shape", async () => {
    const parameters = { allowNames: ["CACHE_KEY"] };
    assert.deepEqual(await variable("CACHE_KEY", "by-user", parameters), []);
    const key = SHAPES["an Anthropic API key"];
    assert.deepEqual(await variable("CACHE_KEY", key, parameters), [`mandatory ${ENV}: an Anthropic API key (hidden)`]);
  });

  it("accepts no exemption", async () => {
    const exemptions = [
      { policy: "POL-SECRET-NO-PLAINTEXT", urn: "*payment-server", reason: "r", owner: "o", expires: "2099-01-01" },
    ];
    const resource = deployment({ env: [{ name: "WALLET_KEY", value: "x" }] });
    const report = await reportOf("secret-no-plaintext", resource, { exemptions: { parameters: { exemptions } } });
    assert.equal(report?.level, "mandatory");
    assert.match(report.message, /exemptions\[0\] does not apply: POL-SECRET-NO-PLAINTEXT accepts no exemption/);
  });

  it("never shows a value, marked secret or not", async function () {
    this.timeout(20_000);
    const text = fc.stringMatching(/^[A-Za-z][A-Za-z0-9+/=_-]{12,40}$/);
    await fc.assert(
      fc.asyncProperty(text, fc.boolean(), async (value, marked) => {
        const url = `https://user:${value}@host/`;
        const wrap = (plain: string) => (marked ? secret(plain) : plain);
        const reports = [
          ...(await analyze(
            deployment({
              image: wrap(`https://user:${value}@registry/image:latest`),
              env: [
                { name: "API_TOKEN", value: wrap(value) },
                { name: "OPTION", value: wrap(url) },
              ],
              args: [wrap(url)],
            }),
          )),
          ...(await analyze(kubernetes("core/v1:ConfigMap", { data: { password: wrap(value), "a.conf": wrap(url) } }))),
          ...(await analyze(kubernetes("core/v1:Secret", { stringData: { token: wrap(value) } }))),
          ...(await analyze(
            taskDefinition([ecsContainer({ environment: [{ name: "API_TOKEN", value }], command: [url] })]),
          )),
        ];
        assert.ok(reports.length >= 8);
        assert.ok(reports.every(({ message }) => !message.includes(value)));
      }),
      { numRuns: 40 },
    );
  });
});
