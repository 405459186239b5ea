import type { Check, Resource } from "../../frame/check.ts";
import { textOf, type Field } from "../../frame/field.ts";
import type { Stack, StackResource } from "../../frame/stack.ts";
import { annotation, gatewayKind, isIngress } from "../../workloads/ingresses.ts";
import { namespaceOf } from "../../workloads/services.ts";
import type { Parameters } from "../tls-edge.ts";

const REDIRECT_SWITCHES = ["nginx.ingress.kubernetes.io/ssl-redirect", "ingress.kubernetes.io/ssl-redirect"];

/** Every host of an Ingress has a certificate, from a named issuer, and plain HTTP is redirected. */
export function checkIngress(check: Check, resource: Resource, parameters: Parameters): void {
  if (!isIngress(resource)) {
    return;
  }
  const tls = resource.properties.get("spec", "tls");
  const byController = !annotation(resource, "alb.ingress.kubernetes.io/certificate-arn").absent;
  if (check.known(tls) && tls.items().length === 0 && !byController) {
    check.object(tls, { expected: "a secret with a certificate for every host" });
  }
  const covered = check.items(tls).flatMap((entry) => {
    check.expect(entry.get("secretName"), (value) => textOf(value) !== "", {
      expected: "the secret of the certificate",
    });
    return check.items(entry.get("hosts"));
  });
  for (const host of check.items(resource.properties.get("spec", "rules")).map((rule) => rule.get("host"))) {
    const names = covered.map(({ value }) => textOf(value));
    const undecided = tls.unknown || covered.some(({ unknown }) => unknown) || tls.items().length === 0;
    check.expect(host, (value) => undecided || isCovered(textOf(value), names), {
      expected: `one of the hosts with a certificate: ${names.join(", ")}`,
      fix: "Name the host in spec.tls too.",
    });
  }
  checkIssuer(check, resource, parameters);
  for (const name of REDIRECT_SWITCHES) {
    check.expect(annotation(resource, name), (value) => textOf(value) !== "false", {
      expected: "true, or nothing: plain HTTP is redirected",
    });
  }
  check.expect(
    annotation(resource, "alb.ingress.kubernetes.io/ssl-policy"),
    (value) => value === undefined || /^ELBSecurityPolicy-TLS13-1-[23](?!-Ext)/.test(textOf(value)),
    { expected: "a policy that begins with ELBSecurityPolicy-TLS13-1-2" },
  );
  check.expect(
    annotation(resource, "nginx.ingress.kubernetes.io/server-snippet"),
    (value) => !/ssl_protocols[^;]*(?:SSLv|TLSv1(?:\.[01])?(?![.\d]))/.test(textOf(value)),
    { found: "protocols older than TLS 1.2", expected: "TLSv1.2 and TLSv1.3" },
  );
}

function checkIssuer(check: Check, resource: Resource, { issuerAnnotations }: Parameters): void {
  const annotations = resource.properties.get("metadata", "annotations");
  if (check.known(annotations) && issuerAnnotations.every((name) => annotations.get(name).absent)) {
    check.object(annotations, {
      found: "no issuer of the certificate",
      expected: `one of the annotations ${issuerAnnotations.join(", ")}`,
    });
  }
}

/** A certificate for *.example.com is one for each name a level below. */
function isCovered(host: string, names: readonly string[]): boolean {
  return names.some((name) => name === host || (name.startsWith("*.") && host.replace(/^[^.]+/, "*") === name));
}

/** The listeners of a Gateway end TLS with a certificate; those of plain HTTP are judged with their routes. */
export function checkGateway(check: Check, resource: Resource, parameters: Parameters): void {
  if (gatewayKind(resource) !== "Gateway") {
    return;
  }
  for (const listener of check.items(resource.properties.get("spec", "listeners"))) {
    const protocol = listener.get("protocol");
    check.expect(protocol, (value) => ["HTTPS", "TLS", "HTTP"].includes(textOf(value)), { expected: "HTTPS or TLS" });
    if (["HTTPS", "TLS"].includes(textOf(protocol.value)) && listener.get("tls", "mode").value !== "Passthrough") {
      const certificates = listener.get("tls", "certificateRefs");
      check.expect(certificates, () => certificates.items().length > 0, { expected: "a secret with a certificate" });
    }
  }
  checkIssuer(check, resource, parameters);
}

/** A listener of plain HTTP leads only to routes that redirect. */
export function checkPlainGateways(stack: Stack): void {
  const routes = stack.resources.filter((resource) => gatewayKind(resource) === "HTTPRoute");
  for (const gateway of stack.resources.filter((resource) => gatewayKind(resource) === "Gateway")) {
    for (const listener of gateway.properties.get("spec", "listeners").items()) {
      if (listener.get("protocol").value === "HTTP") {
        routes
          .filter((route) => attaches(route, gateway, listener))
          .forEach((route) => checkRedirects(stack.check(route), route));
      }
    }
  }
}

function attaches(route: StackResource, gateway: StackResource, listener: Field): boolean {
  return route.properties
    .get("spec", "parentRefs")
    .items()
    .some((parent) => {
      const namespace = textOf(parent.get("namespace").value) || namespaceOf(route);
      const section = parent.get("sectionName");
      return (
        parent.get("name").value === gateway.properties.get("metadata", "name").value &&
        namespace === namespaceOf(gateway) &&
        (section.absent || section.value === listener.get("name").value)
      );
    });
}

function checkRedirects(check: Check, route: StackResource): void {
  for (const rule of check.items(route.properties.get("spec", "rules"))) {
    const filters = check.items(rule.get("filters"));
    const redirects = filters.some((filter) => filter.get("requestRedirect", "scheme").value === "https");
    if (!redirects && check.known(rule.get("filters"))) {
      check.object(rule, { found: "an answer without TLS", expected: "a redirect to https" });
    }
  }
}
