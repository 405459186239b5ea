import assert from "node:assert/strict";
import { UNKNOWN } from "../testing/analyzer.ts";
import { kubernetes } from "../testing/fixtures.ts";
import { remediated, verdictRemediated } from "../testing/in-process.ts";
import {
  aws,
  distribution,
  httpListener,
  httpsListener,
  ingress,
  listenerRule,
  loadBalancer,
  targetGroup,
} from "../testing/network-fixtures.ts";
import { stackVerdict, verdict } from "../testing/pack.ts";
import { tlsEdge } from "./tls-edge.ts";

const POLICY = "tls-edge";
const forward = [{ type: "forward", targetGroupArn: "arn:group" }];

const REQUIREMENTS =
  "EB-SEC-01, EB-SEC-15, EB-SEC-17, AR-SEC-05, AR-SEC-08, AR-SEC-25, CC-SEC-11, CC-SEC-35, RB-SEC-08";

describe(`POL-TLS-EDGE (${REQUIREMENTS})`, () => {
  describe("listeners of load balancers", () => {
    const https = (overrides: object) => verdict(POLICY, httpsListener({ ...overrides }));

    it("serve TLS 1.2 and 1.3 with a certificate, under every name that AWS gave their type", async () => {
      for (const type of [
        "lb/listener:Listener",
        "alb/listener:Listener",
        "elasticloadbalancingv2/listener:Listener",
      ]) {
        assert.deepEqual(await verdict(POLICY, aws(type, httpsListener().properties)), []);
        assert.deepEqual(await verdict(POLICY, aws(type, { port: 443, protocol: "HTTPS" })), [
          "mandatory certificateArn: nothing",
          "mandatory sslPolicy: nothing",
        ]);
      }
      assert.deepEqual(await https({ protocol: "TLS" }), []);
    });

    it("accept no policy with old protocols or ciphers", async () => {
      assert.deepEqual(await https({ sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06" }), []);
      for (const sslPolicy of [
        "ELBSecurityPolicy-2016-08",
        "ELBSecurityPolicy-TLS13-1-0-2021-06",
        "ELBSecurityPolicy-TLS13-1-2-Ext2-2021-06",
      ]) {
        assert.deepEqual(await https({ sslPolicy }), [`mandatory sslPolicy: "${sslPolicy}"`]);
      }
      const config = { [POLICY]: { parameters: { policyPrefixes: ["ELBSecurityPolicy-TLS13-1-3"] } } };
      assert.equal((await verdict(POLICY, httpsListener(), config)).length, 1);
    });

    it("redirect plain HTTP, the protocol of a listener that names none", async () => {
      assert.deepEqual(await verdict(POLICY, httpListener()), []);
      const answers = ["mandatory defaultActions: answers without TLS"];
      assert.deepEqual(await verdict(POLICY, httpListener({ defaultActions: forward })), answers);
      assert.deepEqual(await verdict(POLICY, httpListener({ defaultActions: undefined })), answers);
      assert.deepEqual(await verdict(POLICY, httpListener({ protocol: undefined, defaultActions: forward })), answers);
      const toHttp = [{ type: "redirect", redirect: { protocol: "HTTP", port: "8080" } }];
      assert.deepEqual(await verdict(POLICY, httpListener({ defaultActions: toHttp })), answers);
      const noRedirect = [{ type: "forward", redirect: { protocol: "HTTPS" } }];
      assert.deepEqual(await verdict(POLICY, httpListener({ defaultActions: noRedirect })), answers);
    });

    it("speak no plain TCP or UDP; gateway load balancers have no protocol", async () => {
      assert.deepEqual(await verdict(POLICY, httpListener({ protocol: "TCP" })), ['mandatory protocol: "TCP"']);
      assert.deepEqual(await verdict(POLICY, httpListener({ protocol: undefined, port: undefined })), []);
    });

    it("are judged as far as they are known", async () => {
      assert.deepEqual(await verdict(POLICY, httpListener({ protocol: UNKNOWN })), [
        "advisory not evaluated: protocol",
      ]);
      assert.deepEqual(await verdict(POLICY, httpListener({ defaultActions: UNKNOWN })), [
        "advisory not evaluated: defaultActions",
      ]);
      assert.deepEqual(await https({ certificateArn: UNKNOWN, sslPolicy: "old" }), [
        'mandatory sslPolicy: "old"',
        "advisory not evaluated: certificateArn",
      ]);
    });

    it("have rules that redirect, too", async () => {
      const rule = (overrides: object = {}) => listenerRule(httpListener(), targetGroup(), { ...overrides });
      const stack = (one: ReturnType<typeof rule>) => stackVerdict(POLICY, [loadBalancer(), httpListener(), one]);
      assert.deepEqual(await stack(rule()), ["mandatory actions: an answer without TLS on http"]);
      assert.deepEqual(await stack(rule({ actions: httpListener().properties["defaultActions"] })), []);
      assert.deepEqual(await stack(rule({ actions: UNKNOWN })), ["advisory not evaluated: actions"]);
      const onHttps = listenerRule(httpsListener(), targetGroup());
      assert.deepEqual(await stackVerdict(POLICY, [loadBalancer(), httpsListener(), onHttps]), []);
    });

    it("get a good policy in place of a bad one, and keep a good one", () => {
      const old = httpsListener({ sslPolicy: "ELBSecurityPolicy-2016-08" });
      assert.deepEqual(verdictRemediated(tlsEdge, old), { verdict: [], idempotent: true });
      assert.deepEqual(verdictRemediated(tlsEdge, httpsListener({ sslPolicy: undefined })).verdict, []);
      for (const resource of [
        httpsListener(),
        httpsListener({ sslPolicy: UNKNOWN }),
        httpListener({ sslPolicy: "ELBSecurityPolicy-2016-08" }),
        aws("ec2/vpc:Vpc", { protocol: "HTTPS" }),
      ]) {
        assert.deepEqual(remediated(tlsEdge, resource), resource);
      }
    });
  });

  it("wants TLS and a certificate from load balancers of the first generation", async () => {
    const classic = (listener: object) =>
      verdict(POLICY, aws("elb/loadBalancer:LoadBalancer", { listeners: [listener] }));
    assert.deepEqual(await classic({ lbProtocol: "https", sslCertificateId: "arn" }), []);
    assert.deepEqual(await classic({ lbProtocol: "SSL", sslCertificateId: "arn" }), []);
    assert.deepEqual(await classic({ lbProtocol: "http" }), ['mandatory listeners[0].lbProtocol: "http"']);
    assert.deepEqual(await classic({}), ["mandatory listeners[0].lbProtocol: nothing"]);
    assert.deepEqual(await classic({ lbProtocol: "https" }), ["mandatory listeners[0].sslCertificateId: nothing"]);
    assert.deepEqual(await classic({ lbProtocol: UNKNOWN }), ["advisory not evaluated: listeners[0].lbProtocol"]);
  });

  describe("distributions", () => {
    const found = (overrides: object) => verdict(POLICY, distribution({ ...overrides }));
    const certificate = distribution().properties["viewerCertificate"] as object;

    it("serve viewers over HTTPS alone, on every path", async () => {
      assert.deepEqual(await found({}), []);
      assert.deepEqual(
        await found({
          defaultCacheBehavior: { viewerProtocolPolicy: "allow-all" },
          orderedCacheBehaviors: [{ viewerProtocolPolicy: "https-only" }, {}],
        }),
        [
          'mandatory defaultCacheBehavior.viewerProtocolPolicy: "allow-all"',
          "mandatory orderedCacheBehaviors[1].viewerProtocolPolicy: nothing",
        ],
      );
      assert.deepEqual(await found({ defaultCacheBehavior: UNKNOWN }), [
        "advisory not evaluated: defaultCacheBehavior",
      ]);
    });

    it("have a certificate of their own, by SNI, and TLS 1.2", async () => {
      const own = "CloudFront's own certificate, which accepts TLS 1.0";
      assert.deepEqual(await found({ viewerCertificate: undefined }), [`mandatory viewerCertificate: ${own}`]);
      assert.deepEqual(await found({ viewerCertificate: { cloudfrontDefaultCertificate: true } }), [
        `mandatory viewerCertificate.cloudfrontDefaultCertificate: ${own}`,
      ]);
      assert.deepEqual(await found({ viewerCertificate: { ...certificate, sslSupportMethod: "vip" } }), [
        'mandatory viewerCertificate.sslSupportMethod: "vip"',
      ]);
      assert.deepEqual(await found({ viewerCertificate: { ...certificate, minimumProtocolVersion: "TLSv1.1_2016" } }), [
        'mandatory viewerCertificate.minimumProtocolVersion: "TLSv1.1_2016"',
      ]);
      assert.deepEqual(await found({ viewerCertificate: { iamCertificateId: "1" } }), [
        "mandatory viewerCertificate.sslSupportMethod: nothing",
        "mandatory viewerCertificate.minimumProtocolVersion: nothing",
      ]);
      assert.deepEqual(await found({ viewerCertificate: { ...certificate, acmCertificateArn: UNKNOWN } }), [
        "advisory not evaluated: viewerCertificate.acmCertificateArn",
      ]);
      assert.deepEqual(await found({ viewerCertificate: UNKNOWN }), ["advisory not evaluated: viewerCertificate"]);
    });
  });

  it("wants TLS 1.2 from the domains of APIs", async () => {
    const v1 = (securityPolicy: unknown) =>
      verdict(POLICY, aws("apigateway/domainName:DomainName", { securityPolicy }));
    assert.deepEqual(await v1("TLS_1_2"), []);
    assert.deepEqual(await v1("SecurityPolicy_TLS13_1_3_2025_09"), []);
    assert.deepEqual(await v1("TLS_1_0"), ['mandatory securityPolicy: "TLS_1_0"']);
    const v2 = aws("apigatewayv2/domainName:DomainName", { domainNameConfiguration: {} });
    assert.deepEqual(await verdict(POLICY, v2), ["mandatory domainNameConfiguration.securityPolicy: nothing"]);
  });

  describe("an Ingress", () => {
    const found = (overrides: object, annotations: object = {}) =>
      verdict(POLICY, ingress({ ...overrides }, { ...annotations }));

    it("has a certificate for each host, names below a star included", async () => {
      assert.deepEqual(await found({}), []);
      assert.deepEqual(await found({ tls: [] }), ["mandatory spec.tls: []"]);
      assert.deepEqual(await found({ tls: [{ hosts: ["other.example.com"], secretName: "s" }] }), [
        'mandatory spec.rules[0].host: "pay.shop.example.com"',
      ]);
      assert.deepEqual(await found({ tls: [{ hosts: ["*.shop.example.com"], secretName: "s" }] }), []);
      assert.deepEqual(await found({ tls: [{ hosts: ["*.example.com"], secretName: "s" }] }), [
        'mandatory spec.rules[0].host: "pay.shop.example.com"',
      ]);
      assert.deepEqual(await found({ tls: [{ hosts: ["pay.shop.example.com"] }] }), [
        "mandatory spec.tls[0].secretName: nothing",
      ]);
    });

    it("names who issues the certificate", async () => {
      const none = { "cert-manager.io/cluster-issuer": undefined };
      assert.deepEqual(await found({}, none), ["mandatory metadata.annotations: no issuer of the certificate"]);
      assert.deepEqual(await found({}, { ...none, "cert-manager.io/issuer": "own" }), []);
      const alb = { ...none, "alb.ingress.kubernetes.io/certificate-arn": "arn:certificate" };
      assert.deepEqual(await found({ tls: undefined }, alb), []);
    });

    it("redirects, and lets no controller take old protocols", async () => {
      for (const prefix of ["nginx.ingress.kubernetes.io", "ingress.kubernetes.io"]) {
        const name = `${prefix}/ssl-redirect`;
        assert.deepEqual(await found({}, { [name]: "false" }), [`mandatory metadata.annotations["${name}"]: "false"`]);
        assert.deepEqual(await found({}, { [name]: "true" }), []);
      }
      const policy = "alb.ingress.kubernetes.io/ssl-policy";
      assert.deepEqual(await found({}, { [policy]: "ELBSecurityPolicy-TLS13-1-2-2021-06" }), []);
      assert.equal((await found({}, { [policy]: "ELBSecurityPolicy-2016-08" })).length, 1);
      const snippet = "nginx.ingress.kubernetes.io/server-snippet";
      assert.deepEqual(await found({}, { [snippet]: "ssl_protocols TLSv1.2 TLSv1.3;" }), []);
      for (const old of ["TLSv1 TLSv1.2", "TLSv1.1 TLSv1.2", "SSLv3"]) {
        assert.deepEqual(await found({}, { [snippet]: `ssl_protocols ${old};` }), [
          `mandatory metadata.annotations["${snippet}"]: protocols older than TLS 1.2`,
        ]);
      }
    });

    it("is judged as far as it is known", async () => {
      assert.deepEqual(await found({ tls: UNKNOWN }), ["advisory not evaluated: spec.tls"]);
      assert.deepEqual(await found({ tls: [{ hosts: [UNKNOWN], secretName: "s" }] }), []);
      assert.deepEqual(await found({ tls: [{ hosts: UNKNOWN, secretName: UNKNOWN }] }), [
        'mandatory spec.rules[0].host: "pay.shop.example.com"',
        "advisory not evaluated: spec.tls[0].secretName",
        "advisory not evaluated: spec.tls[0].hosts",
      ]);
    });
  });

  describe("a Gateway", () => {
    const gateway = (listeners: unknown, annotations: object = { "cert-manager.io/issuer": "own" }) =>
      kubernetes("gateway.networking.k8s.io/v1:Gateway", {
        metadata: { name: "edge", namespace: "worldstore", annotations },
        spec: { listeners },
      });
    const https = { name: "https", protocol: "HTTPS", tls: { certificateRefs: [{ name: "edge-tls" }] } };

    it("ends TLS with a certificate of a named issuer", async () => {
      assert.deepEqual(await verdict(POLICY, gateway([https])), []);
      assert.deepEqual(await verdict(POLICY, gateway([{ ...https, tls: {} }])), [
        "mandatory spec.listeners[0].tls.certificateRefs: nothing",
      ]);
      assert.deepEqual(await verdict(POLICY, gateway([{ protocol: "TLS", tls: { mode: "Passthrough" } }])), []);
      assert.deepEqual(await verdict(POLICY, gateway([{ protocol: "TCP" }])), [
        'mandatory spec.listeners[0].protocol: "TCP"',
      ]);
      assert.deepEqual(await verdict(POLICY, gateway([https], {})), [
        "mandatory metadata.annotations: no issuer of the certificate",
      ]);
      assert.deepEqual(await verdict(POLICY, gateway(UNKNOWN)), ["advisory not evaluated: spec.listeners"]);
    });

    it("leads plain HTTP only to redirects", async () => {
      const plain = gateway([https, { name: "http", protocol: "HTTP" }]);
      const route = (rules: unknown, parent: object = { name: "edge" }) =>
        kubernetes("gateway.networking.k8s.io/v1:HTTPRoute", { spec: { parentRefs: [parent], rules } });
      const answer = [{ backendRefs: [{ name: "payment-server", port: 80 }] }];
      const redirect = [{ filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https" } }] }];
      const found = ["mandatory spec.rules[0]: an answer without TLS"];
      assert.deepEqual(await stackVerdict(POLICY, [plain, route(answer)]), found);
      assert.deepEqual(
        await stackVerdict(POLICY, [plain, route(answer, { name: "edge", sectionName: "http" })]),
        found,
      );
      assert.deepEqual(await stackVerdict(POLICY, [plain, route(redirect)]), []);
      assert.deepEqual(await stackVerdict(POLICY, [plain, route(answer, { name: "edge", sectionName: "https" })]), []);
      assert.deepEqual(await stackVerdict(POLICY, [plain, route(answer, { name: "other" })]), []);
      assert.deepEqual(await stackVerdict(POLICY, [plain, route(answer, { name: "edge", namespace: "other" })]), []);
      assert.deepEqual(await stackVerdict(POLICY, [gateway([https]), route(answer)]), []);
      assert.deepEqual(await stackVerdict(POLICY, [plain, route([{ filters: UNKNOWN }])]), [
        "advisory not evaluated: spec.rules[0].filters",
      ]);
    });
  });
});
