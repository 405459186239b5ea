import assert from "node:assert/strict";
import { UNKNOWN } from "../testing/analyzer.ts";
import { kubernetes } from "../testing/fixtures.ts";
import { remediated, verdictRemediated } from "../testing/in-process.ts";
import { distribution, ingress, loadBalancer } from "../testing/network-fixtures.ts";
import { verdict } from "../testing/pack.ts";
import { http2 } from "./http2.ts";

const POLICY = "http2";

describe("POL-HTTP2 (AR-SEC-27, RB-SEC-17)", () => {
  it("accepts load balancers unless it is turned off", async () => {
    const balancer = (enableHttp2: unknown) => verdict(POLICY, loadBalancer({ enableHttp2 }));
    assert.deepEqual(await balancer(true), []);
    assert.deepEqual(await balancer(undefined), []);
    assert.deepEqual(await balancer(false), ["mandatory enableHttp2: false"]);
    assert.deepEqual(await balancer("false"), ['mandatory enableHttp2: "false"']);
    assert.deepEqual(await balancer(UNKNOWN), ["advisory not evaluated: enableHttp2"]);
  });

  it("wants version 2 or newer of distributions, which is the default", async () => {
    const cdn = (httpVersion: unknown) => verdict(POLICY, distribution({ httpVersion }));
    for (const version of ["http2", "http2and3", "http3", undefined]) {
      assert.deepEqual(await cdn(version), []);
    }
    assert.deepEqual(await cdn("http1.1"), ['mandatory httpVersion: "http1.1"']);
    assert.deepEqual(await cdn(UNKNOWN), ["advisory not evaluated: httpVersion"]);
  });

  it("reads the attributes of an Ingress's load balancer", async () => {
    const attributes = "alb.ingress.kubernetes.io/load-balancer-attributes";
    const found = (value: unknown) => verdict(POLICY, ingress({}, { [attributes]: value }));
    assert.deepEqual(await found("idle_timeout.timeout_seconds=60,routing.http2.enabled=true"), []);
    const off = "idle_timeout.timeout_seconds=60,routing.http2.enabled=false";
    assert.deepEqual(await found(off), [`mandatory metadata.annotations["${attributes}"]: "${off}"`]);
  });

  it("reads the settings of controllers and the configuration of nginx", async () => {
    const map = (data: unknown) => verdict(POLICY, kubernetes("core/v1:ConfigMap", { data }));
    const off = "a server with TLS and without HTTP/2";
    assert.deepEqual(await map({ "use-http2": "true" }), []);
    assert.deepEqual(await map({ "use-http2": "false" }), ['mandatory data.use-http2: "false"']);
    assert.deepEqual(await map({ "nginx.conf": "server {\n  listen 443 ssl;\n  http2 on;\n}" }), []);
    assert.deepEqual(await map({ "nginx.conf": "server {\n  listen 443 ssl http2;\n}" }), []);
    assert.deepEqual(await map({ "nginx.conf": "server {\n  listen 80;\n}" }), []);
    assert.deepEqual(await map({ "nginx.conf": "server {\n  listen 443 ssl;\n  # http2 on;\n}" }), [
      `mandatory data["nginx.conf"]: ${off}`,
    ]);
    assert.deepEqual(await map({ "notes.txt": "listen 443 ssl;" }), []);
    assert.deepEqual(await map({ "nginx.conf": UNKNOWN }), ['advisory not evaluated: data["nginx.conf"]']);
    assert.deepEqual(await verdict(POLICY, kubernetes("core/v1:Secret", { data: { "use-http2": "false" } })), []);
  });

  it("is turned on again", () => {
    for (const resource of [loadBalancer({ enableHttp2: false }), distribution({ httpVersion: "http1.1" })]) {
      assert.deepEqual(verdictRemediated(http2, resource), { verdict: [], idempotent: true });
    }
    for (const resource of [
      loadBalancer(),
      loadBalancer({ enableHttp2: undefined, httpVersion: "http1.1" }),
      loadBalancer({ enableHttp2: UNKNOWN }),
      distribution(),
      distribution({ httpVersion: undefined, enableHttp2: false }),
      distribution({ httpVersion: UNKNOWN }),
    ]) {
      assert.deepEqual(remediated(http2, resource), resource);
    }
  });
});
