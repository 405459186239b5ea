import assert from "node:assert/strict";
import { UNKNOWN } from "../testing/analyzer.ts";
import { deployment, ecsContainer, kubernetes, taskDefinition } from "../testing/fixtures.ts";
import { aws, httpsListener, ingress, ofSystem } from "../testing/network-fixtures.ts";
import { verdict } from "../testing/pack.ts";

const POLICY = "cors";
const PATH = "spec.template.spec.containers[0].env[0].value";
const origin = (value: unknown, name = "CORS_ORIGIN") => verdict(POLICY, deployment({ env: [{ name, value }] }));

describe("POL-CORS (AR-SEC-17, CC-SEC-06, CC-SEC-12)", () => {
  it("accepts origins that begin with https, in a list too", async () => {
    for (const value of [
      "https://app.archesai.com",
      "https://app.archesai.com:8443",
      "https://a.example.net, https://b.example.net",
      '["https://a.example.net","https://b.example.net"]',
    ]) {
      assert.deepEqual(await origin(value), [], value);
    }
  });

  it("rejects wildcards, other schemes, examples and what is no origin", async () => {
    for (const value of [
      "*",
      "",
      "http://app.archesai.com",
      "https://*.archesai.com",
      "https://your-domain.com",
      "https://www.your-domain.com",
      "https://app.archesai.com,*",
      "https://localhost",
      "https://app.archesai.com/path",
      "app.archesai.com",
      "xhttps://app.archesai.com",
    ]) {
      assert.deepEqual(await origin(value), [`mandatory ${PATH}: ${JSON.stringify(value)}`], value);
    }
    assert.deepEqual(await origin("https://notyour-domain.com"), []);
  });

  it("reads every name of the variable, on ECS and in ConfigMaps too, and leaves other variables alone", async () => {
    for (const name of ["CORS_ORIGIN", "CORS_ORIGINS", "CORS_ALLOWED_ORIGINS", "ALLOWED_ORIGINS"]) {
      assert.deepEqual(await origin("*", name), [`mandatory ${PATH}: "*"`]);
    }
    assert.deepEqual(await origin("*", "GLOB"), []);
    const task = taskDefinition([ecsContainer({ environment: [{ name: "CORS_ORIGIN", value: "*" }] })]);
    assert.deepEqual(await verdict(POLICY, task), ['mandatory containerDefinitions[0].environment[0].value: "*"']);
    const map = kubernetes("core/v1:ConfigMap", { data: { CORS_ORIGINS: "*" } });
    assert.deepEqual(await verdict(POLICY, map), ['mandatory data.CORS_ORIGINS: "*"']);
  });

  it("goes on past references and what is not known yet", async () => {
    const env = [
      { name: "CORS_ORIGIN", valueFrom: { configMapKeyRef: { name: "app", key: "origins" } } },
      { name: UNKNOWN, value: "*" },
      { name: "CORS_ORIGINS", value: UNKNOWN },
      { name: "ALLOWED_ORIGINS", value: "*" },
    ];
    assert.deepEqual(await verdict(POLICY, deployment({ env })), [
      'mandatory spec.template.spec.containers[0].env[3].value: "*"',
      "advisory not evaluated: spec.template.spec.containers[0].env[1].name",
      "advisory not evaluated: spec.template.spec.containers[0].env[2].value",
    ]);
  });

  it("is set for the components that answer browsers", async () => {
    const found = ["mandatory spec.template.spec.containers: no origins"];
    const api = (system: string, component: string, env: unknown = []) =>
      verdict(POLICY, ofSystem(system, deployment({ env }), component));
    assert.deepEqual(await api("archesai", "api"), found);
    assert.deepEqual(await api("ccl", "app"), found);
    assert.deepEqual(await api("archesai", "platform"), []);
    assert.deepEqual(await api("worldstore", "api"), []);
    assert.deepEqual(await api("ccl", "app", [{ name: "CORS_ORIGIN", value: "https://ccl.example.net" }]), []);
    assert.deepEqual(await api("ccl", "app", UNKNOWN), [
      "advisory not evaluated: spec.template.spec.containers[0].env",
    ]);
    const task = ofSystem("ccl", taskDefinition(), "app");
    assert.deepEqual(await verdict(POLICY, task), ["mandatory containerDefinitions: no origins"]);
  });

  it("reads what AWS answers browsers with by itself", async () => {
    const header = "routingHttpResponseAccessControlAllowOriginHeaderValue";
    assert.deepEqual(await verdict(POLICY, httpsListener({ [header]: "*" })), [`mandatory ${header}: "*"`]);
    const lists = [
      ["apigatewayv2/api:Api", ["corsConfiguration", "allowOrigins"]],
      ["lambda/functionUrl:FunctionUrl", ["cors", "allowOrigins"]],
    ] as const;
    for (const [type, [outer, inner]] of lists) {
      const found = (value: unknown) => verdict(POLICY, aws(type, { [outer]: { [inner]: value } }));
      assert.deepEqual(await found(["https://a.example.net", "*"]), [`mandatory ${outer}.${inner}[1]: "*"`]);
      assert.deepEqual(await found(["https://a.example.net"]), []);
      assert.deepEqual(await found(undefined), []);
      assert.deepEqual(await found(UNKNOWN), [`advisory not evaluated: ${outer}.${inner}`]);
    }
    const headers = aws("cloudfront/responseHeadersPolicy:ResponseHeadersPolicy", {
      corsConfig: { accessControlAllowOrigins: { items: ["*"] } },
    });
    assert.deepEqual(await verdict(POLICY, headers), ['mandatory corsConfig.accessControlAllowOrigins.items[0]: "*"']);
    for (const type of [
      "s3/bucketCorsConfiguration:BucketCorsConfiguration",
      "s3/bucketCorsConfigurationV2:BucketCorsConfigurationV2",
    ]) {
      const rules = aws(type, { corsRules: [{ allowedOrigins: ["*"] }] });
      assert.deepEqual(await verdict(POLICY, rules), ['mandatory corsRules[0].allowedOrigins[0]: "*"']);
    }
  });

  it("reads the annotations of nginx, whose default is every origin", async () => {
    const enabled = "nginx.ingress.kubernetes.io/enable-cors";
    const allowed = "nginx.ingress.kubernetes.io/cors-allow-origin";
    const found = (annotations: Record<string, unknown>) => verdict(POLICY, ingress({}, annotations));
    assert.deepEqual(await found({}), []);
    assert.deepEqual(await found({ [enabled]: "false" }), []);
    assert.deepEqual(await found({ [enabled]: "true" }), [`mandatory metadata.annotations["${allowed}"]: nothing`]);
    assert.deepEqual(await found({ [enabled]: "true", [allowed]: "https://a.example.net" }), []);
    assert.deepEqual(await found({ [enabled]: UNKNOWN }), [
      `advisory not evaluated: metadata.annotations["${enabled}"]`,
    ]);
  });

  it("takes names and examples from its configuration", async () => {
    const config = { [POLICY]: { parameters: { variables: ["ORIGINS"], placeholders: ["example.net"] } } };
    const found = (name: string) =>
      verdict(POLICY, deployment({ env: [{ name, value: "https://a.example.net" }] }), config);
    assert.deepEqual(await found("ORIGINS"), [`mandatory ${PATH}: "https://a.example.net"`]);
    assert.deepEqual(await found("CORS_ORIGIN"), []);
  });
});
