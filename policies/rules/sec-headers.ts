import type { Check, Resource } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import { valueFor, type BySystem } from "../workloads/by-system.ts";
import { annotation, isIngress } from "../workloads/ingresses.ts";
import { LISTENER, listenerProtocol } from "../workloads/load-balancers.ts";
import { systemOf } from "../workloads/system.ts";

type Headers = Readonly<Record<string, string>>;

interface Parameters {
  headers: BySystem<Headers>;
}

/** What a load balancer can set by itself; the others are left to the application or the CDN. */
const LISTENER_HEADERS: Headers = {
  "X-Frame-Options": "routingHttpResponseXFrameOptionsHeaderValue",
  "X-Content-Type-Options": "routingHttpResponseXContentTypeOptionsHeaderValue",
  "Strict-Transport-Security": "routingHttpResponseStrictTransportSecurityHeaderValue",
  "Content-Security-Policy": "routingHttpResponseContentSecurityPolicyHeaderValue",
};

const SNIPPETS = ["configuration-snippet", "server-snippet"].map((name) => `nginx.ingress.kubernetes.io/${name}`);
const HEADERS_POLICY = /^aws:cloudfront\/responseHeadersPolicy:/;

const CCL = {
  "X-Frame-Options": "DENY",
  "X-Content-Type-Options": "nosniff",
  "X-XSS-Protection": "1; mode=block",
  "Strict-Transport-Security": "max-age=31536000",
  "Referrer-Policy": "strict-origin-when-cross-origin",
  "Content-Security-Policy": "default-src 'self'",
};

/** Browsers are told at the edge what they may do with an answer. */
export const secHeaders = definePolicy<Parameters>({
  id: "POL-SEC-HEADERS",
  title: "Security headers set at the edge",
  severity: "medium",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: { pci: ["6.4.2"], soc2: ["CC6.6"] },
  requirements: ["AR-SEC-26", "CC-SEC-12", "CC-SEC-25"],
  remediation: "Set the headers of the system's list, with its values, where requests come in.",
  parameters: {
    headers: {
      type: "object",
      description: "The headers by system; default is the list of systems that state none.",
      default: {
        archesai: {
          "X-Frame-Options": "SAMEORIGIN",
          "X-Content-Type-Options": "nosniff",
          "X-XSS-Protection": "1; mode=block",
          "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
          "Content-Security-Policy": "default-src 'self'",
        },
        ccl: CCL,
        default: CCL,
      },
    },
  },
  check(check, resource, { headers }) {
    const wanted = valueFor(headers, resource) ?? {};
    checkListener(check, resource, wanted);
    checkHeadersPolicy(check, resource, wanted);
    // An Ingress has no headers of its own: only systems that state a list must say how their controller sets them.
    if (
      isIngress(resource) &&
      Object.hasOwn(headers, systemOf(resource) ?? "default") &&
      systemOf(resource) !== undefined
    ) {
      checkIngress(check, resource, wanted);
    }
  },
});

function checkListener(check: Check, resource: Resource, wanted: Headers): void {
  if (!LISTENER.test(resource.type) || listenerProtocol(resource) !== "HTTPS") {
    return;
  }
  for (const [name, property] of Object.entries(LISTENER_HEADERS)) {
    if (wanted[name] !== undefined) {
      expectHeader(check, resource.properties.get(property), name, wanted[name]);
    }
  }
}

function expectHeader(check: Check, field: Field, name: string, wanted: string): void {
  check.expect(field, (value) => sameHeader(textOf(value), wanted), { expected: `${name}: ${wanted}` });
}

/** Spaces after a semicolon, and the case of words, mean nothing. */
function sameHeader(a: string, b: string): boolean {
  const plain = (text: string) =>
    text
      .replaceAll(/\s*;\s*/g, ";")
      .replace(/;$/, "")
      .toLowerCase();
  return plain(a) === plain(b);
}

function checkHeadersPolicy(check: Check, { type, properties }: Resource, wanted: Headers): void {
  if (!HEADERS_POLICY.test(type)) {
    return;
  }
  const security = properties.get("securityHeadersConfig");
  const custom = check.items(properties.get("customHeadersConfig", "items"));
  for (const [name, value] of Object.entries(wanted)) {
    const own = custom.find((item) => textOf(item.get("header").value).toLowerCase() === name.toLowerCase());
    const field = own?.get("value") ?? security.get(...securityPath(name));
    if (check.known(field) && !sameHeader(own ? textOf(field.value) : securityText(name, security), value)) {
      check.object(field, { expected: `${name}: ${value}` });
    }
  }
}

function securityPath(name: string): string[] {
  const paths: Record<string, string[]> = {
    "X-Frame-Options": ["frameOptions", "frameOption"],
    "X-Content-Type-Options": ["contentTypeOptions"],
    "X-XSS-Protection": ["xssProtection"],
    "Strict-Transport-Security": ["strictTransportSecurity"],
    "Referrer-Policy": ["referrerPolicy", "referrerPolicy"],
    "Content-Security-Policy": ["contentSecurityPolicy", "contentSecurityPolicy"],
  };
  return paths[name] ?? [name];
}

/** The header that CloudFront makes of its settings. */
function securityText(name: string, security: Field): string {
  const field = security.get(...securityPath(name));
  if (name === "X-Content-Type-Options") {
    return field.absent ? "" : "nosniff";
  }
  if (name === "X-XSS-Protection") {
    const block = textOf(field.get("modeBlock").value) === "true" ? "; mode=block" : "";
    return textOf(field.get("protection").value) === "true" ? `1${block}` : "";
  }
  if (name === "Strict-Transport-Security") {
    const all = textOf(field.get("includeSubdomains").value) === "true" ? "; includeSubDomains" : "";
    return `max-age=${textOf(field.get("accessControlMaxAgeSec").value)}${all}`;
  }
  return textOf(field.value);
}

/** nginx sets headers in a snippet: `more_set_headers "Name: value"` or `add_header Name "value" always`. */
function checkIngress(check: Check, resource: Resource, wanted: Headers): void {
  const snippets = SNIPPETS.map((name) => annotation(resource, name));
  if (!snippets.every((snippet) => check.known(snippet))) {
    return;
  }
  const text = snippets.map(({ value }) => textOf(value)).join("\n");
  const missing = Object.entries(wanted).filter(([name, value]) => !setsHeader(text, name, value));
  if (missing.length > 0) {
    check.object(snippets.find(({ absent }) => !absent) ?? (snippets[0] as Field), {
      found: `no ${missing.map(([name]) => name).join(", ")} as asked`,
      expected: missing.map(([name, value]) => `${name}: ${value}`).join(", "),
    });
  }
}

function setsHeader(snippet: string, name: string, value: string): boolean {
  const headers = [...snippet.matchAll(/(?:more_set_headers\s+|add_header\s+)(.*)$/gm)].map(([, rest = ""]) =>
    rest.replace(/\s*(?:always)?\s*;\s*$/, "").replaceAll(/^["']|["']$/g, ""),
  );
  return headers.some((header) => {
    const [, found = "", text = ""] = /^([\w-]+)["']?(?::|\s)\s*["']?(.*)$/.exec(header) ?? [];
    return found.toLowerCase() === name.toLowerCase() && sameHeader(text, value);
  });
}
