import type { Check, Resource } from "../frame/check.ts";
import { textOf } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import { checkClassicBalancer, checkDistribution, checkListener, isModernPolicy } from "./tls-edge/aws.ts";
import { checkGateway, checkIngress, checkPlainGateways } from "./tls-edge/kubernetes.ts";
import { balancersOf, listenerProtocol, redirectsToHttps } from "../workloads/load-balancers.ts";

/** What configuration may change about TLS at the edge. */
export interface Parameters {
  policyPrefixes: string[];
  cloudfrontProtocols: string[];
  issuerAnnotations: string[];
}

/** Whoever comes from outside comes over TLS 1.2 or 1.3, with a certificate that renews itself. */
export const tlsEdge = definePolicy<Parameters>({
  id: "POL-TLS-EDGE",
  title: "TLS at the edge with certificates, redirect and modern protocols",
  severity: "high",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: {
    fsbp: ["ELB.1", "ELB.17", "ELB.18", "CloudFront.3", "CloudFront.7", "CloudFront.8", "CloudFront.15"],
    pci: ["4.2.1", "2.2.7"],
    soc2: ["CC6.7"],
  },
  requirements: [
    "EB-SEC-01",
    "EB-SEC-15",
    "EB-SEC-17",
    "AR-SEC-05",
    "AR-SEC-08",
    "AR-SEC-25",
    "CC-SEC-11",
    "CC-SEC-35",
    "RB-SEC-08",
  ],
  remediation: "Serve HTTPS with a certificate and a TLS 1.2/1.3 policy; let port 80 do nothing but redirect to it.",
  parameters: {
    policyPrefixes: {
      type: "array",
      items: { type: "string" },
      description:
        "How the names of accepted policies of load balancers begin; weaker extensions (-Ext) are never accepted.",
      default: ["ELBSecurityPolicy-TLS13-1-2", "ELBSecurityPolicy-TLS13-1-3"],
    },
    cloudfrontProtocols: {
      type: "array",
      items: { type: "string" },
      description: "Accepted minimum protocol versions of CloudFront.",
      default: ["TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025"],
    },
    issuerAnnotations: {
      type: "array",
      items: { type: "string" },
      description: "Annotations of which one names who issues the certificate of an Ingress or Gateway.",
      default: [
        "cert-manager.io/cluster-issuer",
        "cert-manager.io/issuer",
        "kubernetes.io/tls-acme",
        "alb.ingress.kubernetes.io/certificate-arn",
      ],
    },
  },
  check(check, resource, parameters) {
    checkIngress(check, resource, parameters);
    checkGateway(check, resource, parameters);
    checkListener(check, resource, parameters);
    checkClassicBalancer(check, resource);
    checkDistribution(check, resource, parameters);
    checkApiDomain(check, resource);
  },
  checkStack(stack) {
    checkPlainGateways(stack);
    for (const { resource: listener, rules } of balancersOf(stack).flatMap(({ listeners }) => listeners)) {
      for (const rule of listenerProtocol(listener) === "HTTP" ? rules : []) {
        const check = stack.check(rule);
        const actions = rule.properties.get("actions");
        if (check.known(actions) && !redirectsToHttps(check.items(actions))) {
          check.object(actions, {
            found: `an answer without TLS on ${listener.name}`,
            expected: "a redirect to HTTPS",
          });
        }
      }
    }
  },
  remediate(draft, { policyPrefixes }) {
    const policy = draft.get("sslPolicy");
    const tls = ["HTTPS", "TLS"].includes(textOf(draft.get("protocol").value).toUpperCase());
    if (
      /\/listener:Listener$/.test(draft.type) &&
      tls &&
      !policy.unknown &&
      !isModernPolicy(policy.value, policyPrefixes)
    ) {
      policy.set("ELBSecurityPolicy-TLS13-1-2-2021-06");
    }
  },
});

const API_DOMAINS: readonly { type: RegExp; path: readonly string[] }[] = [
  { type: /^aws:apigatewayv2\/domainName:/, path: ["domainNameConfiguration", "securityPolicy"] },
  { type: /^aws:apigateway\/domainName:/, path: ["securityPolicy"] },
];

function checkApiDomain(check: Check, { type, properties }: Resource): void {
  for (const { path } of API_DOMAINS.filter((place) => place.type.test(type))) {
    check.expect(properties.get(...path), (value) => /^(?:TLS_1_2$|SecurityPolicy_TLS1[23])/.test(textOf(value)), {
      expected: "TLS_1_2",
    });
  }
}
