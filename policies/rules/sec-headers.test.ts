import assert from "node:assert/strict";
import { UNKNOWN } from "../testing/analyzer.ts";
import { aws, httpListener, httpsListener, ingress, ofSystem } from "../testing/network-fixtures.ts";
import { verdict } from "../testing/pack.ts";
import { examples } from "./sec-headers.examples.ts";

const POLICY = "sec-headers";
const FRAME = "routingHttpResponseXFrameOptionsHeaderValue";
const HSTS = "routingHttpResponseStrictTransportSecurityHeaderValue";
const SNIPPET = "nginx.ingress.kubernetes.io/configuration-snippet";

describe("POL-SEC-HEADERS (AR-SEC-26, CC-SEC-12, CC-SEC-25)", () => {
  describe("listeners of HTTPS", () => {
    it("add the headers that load balancers can", async () => {
      assert.deepEqual(await verdict(POLICY, httpsListener()), []);
      const bare = aws("lb/listener:Listener", { protocol: "HTTPS", port: 443 });
      assert.deepEqual(await verdict(POLICY, bare), [
        `mandatory ${FRAME}: nothing`,
        "mandatory routingHttpResponseXContentTypeOptionsHeaderValue: nothing",
        `mandatory ${HSTS}: nothing`,
        "mandatory routingHttpResponseContentSecurityPolicyHeaderValue: nothing",
      ]);
      assert.deepEqual(await verdict(POLICY, httpsListener({ [FRAME]: UNKNOWN, [HSTS]: "max-age=1" })), [
        `mandatory ${HSTS}: "max-age=1"`,
        `advisory not evaluated: ${FRAME}`,
      ]);
    });

    it("add the values of their system", async () => {
      assert.deepEqual(await verdict(POLICY, ofSystem("archesai", httpsListener())), [
        `mandatory ${FRAME}: "DENY"`,
        `mandatory ${HSTS}: "max-age=31536000"`,
      ]);
      const own = { [FRAME]: "SAMEORIGIN", [HSTS]: "max-age=31536000;includesubdomains" };
      assert.deepEqual(await verdict(POLICY, ofSystem("archesai", httpsListener(own))), []);
      assert.deepEqual(await verdict(POLICY, ofSystem("ccl", httpsListener())), []);
    });

    it("are those of HTTPS alone", async () => {
      assert.deepEqual(await verdict(POLICY, httpListener()), []);
      assert.deepEqual(await verdict(POLICY, httpsListener({ protocol: "TLS", [FRAME]: undefined })), []);
    });

    it("take their headers from the configuration", async () => {
      const config = { [POLICY]: { parameters: { headers: { default: { "X-Frame-Options": "SAMEORIGIN" } } } } };
      assert.deepEqual(await verdict(POLICY, httpsListener(), config), [`mandatory ${FRAME}: "DENY"`]);
      const none = { [POLICY]: { parameters: { headers: {} } } };
      assert.deepEqual(await verdict(POLICY, httpsListener({ [FRAME]: undefined }), none), []);
    });
  });

  describe("policies of CloudFront", () => {
    const security = {
      frameOptions: { frameOption: "DENY", override: true },
      contentTypeOptions: { override: true },
      xssProtection: { protection: true, modeBlock: true, override: true },
      strictTransportSecurity: { accessControlMaxAgeSec: 31536000, override: true },
      referrerPolicy: { referrerPolicy: "strict-origin-when-cross-origin", override: true },
      contentSecurityPolicy: { contentSecurityPolicy: "default-src 'self'", override: true },
    };
    const found = (securityHeadersConfig: unknown, more = {}) =>
      verdict(
        POLICY,
        aws("cloudfront/responseHeadersPolicy:ResponseHeadersPolicy", { securityHeadersConfig, ...more }),
      );

    it("hold the whole list", async () => {
      assert.deepEqual(await found(security), []);
      assert.deepEqual(await found({}), [
        "mandatory securityHeadersConfig.frameOptions.frameOption: nothing",
        "mandatory securityHeadersConfig.contentTypeOptions: nothing",
        "mandatory securityHeadersConfig.xssProtection: nothing",
        "mandatory securityHeadersConfig.strictTransportSecurity: nothing",
        "mandatory securityHeadersConfig.referrerPolicy.referrerPolicy: nothing",
        "mandatory securityHeadersConfig.contentSecurityPolicy.contentSecurityPolicy: nothing",
      ]);
      assert.deepEqual(await found(UNKNOWN), ["advisory not evaluated: securityHeadersConfig"]);
    });

    it("hold the right values", async () => {
      const lines = await found({
        ...security,
        frameOptions: { frameOption: "SAMEORIGIN" },
        xssProtection: { protection: true, modeBlock: false },
        strictTransportSecurity: { accessControlMaxAgeSec: 1 },
      });
      assert.deepEqual(
        lines.map((line) => line.split(":")[0]),
        [
          "mandatory securityHeadersConfig.frameOptions.frameOption",
          "mandatory securityHeadersConfig.xssProtection",
          "mandatory securityHeadersConfig.strictTransportSecurity",
        ],
      );
      assert.equal((await found({ ...security, xssProtection: { protection: false, modeBlock: true } })).length, 1);
      const wide = {
        ...security,
        strictTransportSecurity: { accessControlMaxAgeSec: 31536000, includeSubdomains: true },
      };
      assert.equal((await found(wide)).length, 1);
    });

    it("may hold them as headers of their own", async () => {
      const { frameOptions: _, ...rest } = security;
      const items = (value: string) => ({ customHeadersConfig: { items: [{ header: "x-frame-options", value }] } });
      assert.deepEqual(await found(rest, items("DENY")), []);
      assert.deepEqual(await found(rest, items("SAMEORIGIN")), [
        'mandatory customHeadersConfig.items[0].value: "SAMEORIGIN"',
      ]);
    });
  });

  describe("an Ingress", () => {
    const found = (snippet: unknown, name = SNIPPET) =>
      verdict(POLICY, ofSystem("archesai", ingress({}, { [name]: snippet })));
    const [good] = examples.good.slice(1);
    const metadata = good?.resources[0]?.properties["metadata"] as { annotations: Record<string, string> };
    const whole = metadata.annotations[SNIPPET] ?? "";

    it("sets the list of its system, in either way that nginx has", async () => {
      assert.deepEqual(await found(whole), []);
      assert.deepEqual(await found(whole, "nginx.ingress.kubernetes.io/server-snippet"), []);
      const added = whole.replaceAll(/more_set_headers "([\w-]+): (.*)";/g, 'add_header $1 "$2" always;');
      assert.deepEqual(await found(added), []);
    });

    it("is rejected without one of them, or with another value", async () => {
      const path = `mandatory metadata.annotations["${SNIPPET}"]`;
      assert.deepEqual(await found(whole.split("\n").slice(1).join("\n")), [`${path}: no X-Frame-Options as asked`]);
      assert.deepEqual(await found(whole.replace("SAMEORIGIN", "DENY")), [`${path}: no X-Frame-Options as asked`]);
      assert.deepEqual(await found(undefined), [
        `${path}: no X-Frame-Options, X-Content-Type-Options, X-XSS-Protection, Strict-Transport-Security, Content-Security-Policy as asked`,
      ]);
      assert.deepEqual(await found(UNKNOWN), [`advisory not evaluated: metadata.annotations["${SNIPPET}"]`]);
    });

    it("has no headers of its own where the system states none", async () => {
      assert.deepEqual(await verdict(POLICY, ofSystem("worldstore", ingress())), []);
      assert.deepEqual(await verdict(POLICY, ingress()), []);
    });
  });
});
