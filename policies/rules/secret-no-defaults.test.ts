import assert from "node:assert/strict";
import { UNKNOWN } from "../testing/analyzer.ts";
import { deployment, ecsContainer, kubernetes, taskDefinition } from "../testing/fixtures.ts";
import { verdict } from "../testing/pack.ts";
import { firstReport } from "../testing/report.ts";

const POLICY = "secret-no-defaults";
const AT = "spec.template.spec.containers[0].env[0].value";
const FOUND = "a known default or a placeholder (hidden)";

const variable = (name: unknown, value: unknown, parameters = {}) =>
  verdict(POLICY, deployment({ env: [{ name, value }] }), { [POLICY]: { parameters } });
const configMap = (data: unknown) => verdict(POLICY, kubernetes("core/v1:ConfigMap", { data }));
const rejected = [`mandatory ${AT}: ${FOUND}`];

describe("POL-SECRET-NO-DEFAULTS (EB-SEC-30, CC-SEC-08, RB-SEC-26)", () => {
  it("accepts values of their own and common words that are no secret", async () => {
    for (const [name, value] of [
      ["API_KEY", "3f9a"],
      ["DB_USER", "admin"],
      ["MODE", "password"],
      ["DATABASE_URL", "postgres://app:$(DB_PASSWORD)@postgres:5432/app"],
      ["GREETING", "use <b> for bold"],
      ["API_KEY", ""],
    ]) {
      assert.deepEqual(await variable(name, value), [], `${name} ${value}`);
    }
    assert.deepEqual(await variable("API_KEY", undefined), []);
  });

  it("says what is wrong and what to do, without the value", async () => {
    assert.deepEqual(await firstReport(POLICY, deployment({ env: [{ name: "JWT_SECRET", value: "changeme" }] })), [
      "mandatory",
      "POL-SECRET-NO-DEFAULTS: Known default or placeholder credentials rejected",
      "  resource: payment-server (kubernetes:apps/v1:Deployment)",
      `  property: ${AT}`,
      `  found:    ${FOUND}`,
      "  expected: a value of its own",
      "  fix:      Generate the value, or give the real one as a secret of the stack's configuration.",
      "  required: EB-SEC-30, CC-SEC-08, RB-SEC-26; PCI DSS 2.2.2; SOC 2 CC6.1",
    ]);
  });

  it("rejects known defaults of secrets in any case", async () => {
    for (const value of [
      "admin",
      "Password",
      "CHANGEME",
      "admin/admin",
      "user:pass",
      "ccl-internal-2025",
      "your-key",
    ]) {
      assert.deepEqual(await variable("DB_PASSWORD", value), rejected, value);
    }
    assert.deepEqual(await variable("DB_PASSWORD", "hunter2", { denied: ["hunter2"] }), rejected);
    assert.deepEqual(await variable("DB_PASSWORD", "admin", { denied: [] }), []);
  });

  it("rejects what nobody means under any name", async () => {
    for (const value of ["ccl-internal-2025", "admin/admin", "your-registry.com", "YOUR_KEY_HERE", "<token>"]) {
      assert.deepEqual(await variable("OPTION", value), rejected, value);
    }
    assert.deepEqual(await variable("OPTION", "<a><b>"), []);
    assert.deepEqual(await variable("OPTION", "see your-registry.com"), []);
  });

  it("rejects defaults within an address", async () => {
    assert.deepEqual(await variable("TARGET", "redis://user:pass@redis:6379"), rejected);
    assert.deepEqual(await variable("TARGET", "redis://app:changeme@redis:6379"), rejected);
    assert.deepEqual(await variable("TARGET", "redis://app:other@redis:6379"), []);
    assert.deepEqual(await variable("TARGET", "http://admin@host/password"), []);
  });

  it("reads settings in files, ECS, secrets and charts", async () => {
    for (const text of [
      "[security]\nadmin_user = x\nadmin_password = admin\n",
      '{\n  "password": "changeme"\n}',
      "password=admin",
    ]) {
      assert.deepEqual(await configMap({ file: text }), [`mandatory data.file: ${FOUND}`], text);
    }
    assert.deepEqual(
      await configMap({ file: "admin_user = admin\nadmin_password = $__file{/run/p}\npassword =\n" }),
      [],
    );
    const environment = [{ name: "API_KEY", value: "changeme" }];
    assert.deepEqual(await verdict(POLICY, taskDefinition([ecsContainer({ environment })])), [
      `mandatory containerDefinitions[0].environment[0].value: ${FOUND}`,
    ]);
    const data = { password: Buffer.from("admin").toString("base64"), token: "admin" };
    const secret = kubernetes("core/v1:Secret", { data, stringData: { token: "changeme" } });
    assert.deepEqual(await verdict(POLICY, secret), [
      `mandatory data.password: ${FOUND}`,
      `mandatory stringData.token: ${FOUND}`,
    ]);
    const values = { grafana: { adminPassword: "admin", users: [{ password: "password" }], adminUser: "admin" } };
    assert.deepEqual(await verdict(POLICY, { type: "kubernetes:helm.sh/v3:Release", properties: { values } }), [
      `mandatory values.grafana.adminPassword: ${FOUND}`,
      `mandatory values.grafana.users[0].password: ${FOUND}`,
    ]);
    assert.deepEqual(
      await verdict(POLICY, { type: "kubernetes:apps/v1:ControllerRevision", properties: { values } }),
      [],
    );
  });

  it("reads the passwords of AWS resources", async () => {
    for (const [type, key] of [
      ["aws:rds/instance:Instance", "password"],
      ["aws:rds/cluster:Cluster", "masterPassword"],
      ["aws:docdb/cluster:Cluster", "masterPassword"],
      ["aws:elasticache/replicationGroup:ReplicationGroup", "authToken"],
      ["aws:ssm/parameter:Parameter", "value"],
      ["aws:secretsmanager/secretVersion:SecretVersion", "secretString"],
    ] as const) {
      assert.deepEqual(await verdict(POLICY, { type, properties: { [key]: "changeme" } }), [
        `mandatory ${key}: ${FOUND}`,
      ]);
      assert.deepEqual(await verdict(POLICY, { type, properties: { [key]: "0af3" } }), []);
    }
    const json = { secretString: '{"username":"app","password":"changeme"}' };
    assert.deepEqual(
      await verdict(POLICY, { type: "aws:secretsmanager/secretVersion:SecretVersion", properties: json }),
      [`mandatory secretString: ${FOUND}`],
    );
  });

  it("accepts no exemption, and goes on past values that are not known yet", async () => {
    const exemptions = [{ policy: "POL-SECRET-NO-DEFAULTS", urn: "*", reason: "r", owner: "o", expires: "2099-01-01" }];
    const resource = deployment({
      env: [
        { name: "A", value: UNKNOWN },
        { name: "B_KEY", value: "admin" },
      ],
    });
    assert.deepEqual(await verdict(POLICY, resource, { exemptions: { parameters: { exemptions } } }), [
      `mandatory spec.template.spec.containers[0].env[1].value: ${FOUND}`,
      "advisory not evaluated: spec.template.spec.containers[0].env[0].value",
    ]);
  });
});
