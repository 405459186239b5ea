import assert from "node:assert/strict";
import { ResourceDraft } from "../frame/draft.ts";
import { UNKNOWN } from "../testing/analyzer.ts";
import { deployment, ecsContainer, kubernetes, taskDefinition } from "../testing/fixtures.ts";
import { verdict } from "../testing/pack.ts";
import { firstReport } from "../testing/report.ts";
import { poolerAuth } from "./pooler-auth.ts";

const POLICY = "pooler-auth";
const FILE = 'mandatory data["pgbouncer.ini"]';
const IMAGE = "images.local/pgbouncer:1.25.0";

const map = (data: unknown, parameters = {}, system?: string) =>
  verdict(
    POLICY,
    kubernetes("core/v1:ConfigMap", {
      data,
      metadata: { labels: system === undefined ? {} : { "app.kubernetes.io/part-of": system } },
    }),
    { [POLICY]: { parameters } },
  );
const ini = (text: unknown, parameters = {}, system?: string) => map({ "pgbouncer.ini": text }, parameters, system);
const pod = (overrides: Record<string, unknown>) => verdict(POLICY, deployment({ image: IMAGE, ...overrides }));
const service = (spec: unknown, name = "subject") => verdict(POLICY, kubernetes("core/v1:Service", { spec }, name));

describe("POL-POOLER-AUTH (AR-SEC-22)", () => {
  it("accepts SCRAM in files and variables", async () => {
    assert.deepEqual(await ini("auth_type = md5\nauth_type = scram-sha-256\n"), []);
    assert.deepEqual(await pod({ env: [{ name: "AUTH_TYPE", value: "scram-sha-256" }] }), []);
    assert.deepEqual(await map({ "redis.conf": "auth_type = md5" }), []);
  });

  it("says what is wrong and what to do", async () => {
    const resource = kubernetes("core/v1:ConfigMap", { data: { "pgbouncer.ini": "auth_type = md5" } }, "pgbouncer");
    assert.deepEqual(await firstReport(POLICY, resource), [
      "mandatory",
      "POL-POOLER-AUTH: Pooler authentication is not md5",
      "  resource: pgbouncer (kubernetes:core/v1:ConfigMap)",
      '  property: data["pgbouncer.ini"]',
      "  found:    auth_type = md5",
      "  expected: auth_type = scram-sha-256",
      "  fix:      Set auth_type = scram-sha-256 and keep SCRAM secrets in the user list.",
      "  required: AR-SEC-22; PCI DSS 8.3.2; SOC 2 CC6.1",
    ]);
  });

  it("rejects md5, trust and any, and reads nothing as md5", async () => {
    for (const type of ["md5", "trust", "any"]) {
      assert.deepEqual(await ini(`auth_type = ${type}`), [`${FILE}: auth_type = ${type}`]);
    }
    assert.deepEqual(await ini("[pgbouncer]"), [`${FILE}: no auth_type, which is md5`]);
    assert.deepEqual(await ini("auth_type = cert", { authTypes: ["cert"] }), []);
    assert.deepEqual(await map({ "userlist.txt": `"app" "md5${"0a".repeat(16)}"` }), [
      'mandatory data["userlist.txt"]: md5 hashes (hidden)',
    ]);
    assert.deepEqual(await map({ "userlist.txt": '"app" "SCRAM-SHA-256$4096:x"' }), []);
  });

  it("asks the pooler of a system for its mode and port", async () => {
    const scram = "auth_type = scram-sha-256\n";
    assert.deepEqual(await ini(`${scram}pool_mode = transaction`, {}, "arches-ai"), []);
    assert.deepEqual(await ini(`${scram}listen_port = 5432`, {}, "arches-ai"), [
      `${FILE}: pool_mode = session`,
      `${FILE}: listen_port = 5432`,
    ]);
    assert.deepEqual(await ini(`${scram}listen_port = 5432`, {}, "retail-brain"), []);
    assert.deepEqual(await ini(scram, { poolModes: { default: "statement" } }), [`${FILE}: pool_mode = session`]);
  });

  it("reads variables of poolers on both targets; neither variable nor file is md5", async () => {
    const at = "mandatory spec.template.spec.containers[0].env";
    assert.deepEqual(await pod({ env: [{ name: "PGBOUNCER_AUTH_TYPE", value: "any" }] }), [`${at}[0].value: "any"`]);
    assert.deepEqual(await pod({ env: [] }), [`${at}: no AUTH_TYPE, which is md5`]);
    assert.deepEqual(await pod({ env: [], volumeMounts: [{ name: "settings", mountPath: "/etc/pgbouncer" }] }), []);
    assert.deepEqual(await pod({ env: [], image: "images.local/app:1" }), []);
    const task = (overrides: Record<string, unknown>) =>
      verdict(POLICY, taskDefinition([ecsContainer({ name: "pgbouncer", ...overrides })]));
    assert.deepEqual(await task({}), ["mandatory containerDefinitions[0].environment: no AUTH_TYPE, which is md5"]);
    assert.deepEqual(await task({ mountPoints: [{ containerPath: "/etc/pgbouncer" }] }), []);
  });

  it("rejects poolers that are reached from outside", async () => {
    const ports = [{ port: 6432 }];
    assert.deepEqual(await service({ type: "LoadBalancer", ports }), ['mandatory spec.type: "LoadBalancer"']);
    assert.deepEqual(await service({ type: "NodePort", ports: [{ port: 5432 }] }, "pgbouncer"), [
      'mandatory spec.type: "NodePort"',
    ]);
    assert.deepEqual(await service({ ports }), []);
    assert.deepEqual(await service({ type: "LoadBalancer", ports: [{ port: 443 }] }), []);
  });

  it("asks proxies of RDS for SCRAM", async () => {
    const proxy = (engineFamily: string, auth: unknown) =>
      verdict(POLICY, { type: "aws:rds/proxy:Proxy", properties: { engineFamily, auths: [auth] } });
    assert.deepEqual(await proxy("POSTGRESQL", { clientPasswordAuthType: "POSTGRES_SCRAM_SHA_256" }), []);
    assert.deepEqual(await proxy("POSTGRESQL", { clientPasswordAuthType: "POSTGRES_MD5" }), [
      'mandatory auths[0].clientPasswordAuthType: "POSTGRES_MD5"',
    ]);
    assert.deepEqual(await proxy("POSTGRESQL", {}), ["mandatory auths[0].clientPasswordAuthType: nothing"]);
    assert.deepEqual(await proxy("MYSQL", {}), []);
  });

  it("waits for values that are not known yet", async () => {
    assert.deepEqual(await ini(UNKNOWN), ['advisory not evaluated: data["pgbouncer.ini"]']);
    assert.deepEqual(await pod({ env: [{ name: "AUTH_TYPE", value: UNKNOWN }] }), [
      "advisory not evaluated: spec.template.spec.containers[0].env[0].value",
    ]);
  });

  it("remediates proxies of RDS", () => {
    const remediated = (properties: Record<string, unknown>) => {
      const draft = new ResourceDraft({ type: "aws:rds/proxy:Proxy", name: "n" }, properties);
      poolerAuth.remediate?.(draft, {});
      return draft.properties;
    };
    const right = { engineFamily: "POSTGRESQL", auths: [{ clientPasswordAuthType: "POSTGRES_SCRAM_SHA_256" }] };
    assert.deepEqual(remediated({ engineFamily: "POSTGRESQL", auths: [{}] }), right);
    assert.deepEqual(remediated(structuredClone(right)), right);
    assert.deepEqual(remediated({ engineFamily: "MYSQL", auths: [{}] }), { engineFamily: "MYSQL", auths: [{}] });
  });
});
