import type { Check, Resource } from "../../frame/check.ts";
import { textOf } from "../../frame/field.ts";
import { behavioursOf, DISTRIBUTION } from "../../workloads/distributions.ts";
import { CLASSIC_LOAD_BALANCER, LISTENER, listenerProtocol, redirectsToHttps } from "../../workloads/load-balancers.ts";
import { isOn } from "../../workloads/values.ts";
import type { Parameters } from "../tls-edge.ts";

/** A policy without the ciphers of old clients, which the names with -Ext bring back. */
export function isModernPolicy(name: unknown, prefixes: readonly string[]): boolean {
  const text = textOf(name);
  return prefixes.some((prefix) => text.startsWith(prefix)) && !/-Ext\d/.test(text);
}

/** HTTPS with a certificate and a modern policy, or nothing but a redirect to it. */
export function checkListener(check: Check, resource: Resource, { policyPrefixes }: Parameters): void {
  const { properties } = resource;
  if (!LISTENER.test(resource.type) || !check.known(properties.get("protocol"))) {
    return;
  }
  const protocol = listenerProtocol(resource);
  if (protocol === "HTTP") {
    const actions = properties.get("defaultActions");
    if (check.known(actions) && !redirectsToHttps(check.items(actions))) {
      check.object(actions, { found: "answers without TLS", expected: "a redirect to HTTPS" });
    }
  } else if (["HTTPS", "TLS"].includes(protocol)) {
    check.expect(properties.get("certificateArn"), (value) => textOf(value) !== "", {
      expected: "the ARN of a certificate of ACM",
    });
    check.expect(properties.get("sslPolicy"), (value) => isModernPolicy(value, policyPrefixes), {
      expected: `a policy that begins with ${policyPrefixes.join(" or ")}, without an extension for old clients`,
    });
  } else if (protocol !== "") {
    check.object(properties.get("protocol"), { expected: "HTTPS or TLS" });
  }
}

/** Load balancers of the first generation have their listeners within. */
export function checkClassicBalancer(check: Check, { type, properties }: Resource): void {
  for (const listener of CLASSIC_LOAD_BALANCER.test(type) ? check.items(properties.get("listeners")) : []) {
    const protocol = listener.get("lbProtocol");
    check.expect(protocol, (value) => /^(?:https|ssl)$/i.test(textOf(value)), { expected: "https or ssl" });
    if (/^(?:https|ssl)$/i.test(textOf(protocol.value))) {
      check.expect(listener.get("sslCertificateId"), (value) => textOf(value) !== "", {
        expected: "the ARN of a certificate",
      });
    }
  }
}

/** CloudFront answers plain HTTP too unless it is told otherwise, and with its own certificate accepts TLS 1.0. */
export function checkDistribution(check: Check, resource: Resource, { cloudfrontProtocols }: Parameters): void {
  if (!DISTRIBUTION.test(resource.type)) {
    return;
  }
  for (const behaviour of behavioursOf(check, resource)) {
    check.expect(
      behaviour.get("viewerProtocolPolicy"),
      (value) => /^(?:redirect-to-https|https-only)$/.test(textOf(value)),
      {
        expected: "redirect-to-https or https-only",
      },
    );
  }
  const certificate = resource.properties.get("viewerCertificate");
  const [acm, iam] = [certificate.get("acmCertificateArn"), certificate.get("iamCertificateId")];
  if (!check.known(certificate) || !check.known(acm) || !check.known(iam)) {
    return;
  }
  if (acm.absent && iam.absent) {
    check.object(
      isOn(certificate.get("cloudfrontDefaultCertificate").value)
        ? certificate.get("cloudfrontDefaultCertificate")
        : certificate,
      {
        found: "CloudFront's own certificate, which accepts TLS 1.0",
        expected: "a certificate of ACM",
      },
    );
    return;
  }
  check.expect(certificate.get("sslSupportMethod"), (value) => value === "sni-only", { expected: "sni-only" });
  check.expect(certificate.get("minimumProtocolVersion"), (value) => cloudfrontProtocols.includes(textOf(value)), {
    expected: cloudfrontProtocols.join(" or "),
  });
}
