import type { Check, Resource } from "../frame/check.ts";
import { textOf } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import { DISTRIBUTION } from "../workloads/distributions.ts";
import { annotation, isIngress } from "../workloads/ingresses.ts";
import { kubernetesKind } from "../workloads/kubernetes.ts";
import { LOAD_BALANCER } from "../workloads/load-balancers.ts";

const VERSIONS = ["http2", "http2and3", "http3"];
const ATTRIBUTES = "alb.ingress.kubernetes.io/load-balancer-attributes";

/** Browsers ask for much at once, which HTTP/2 carries over one connection. */
export const http2 = definePolicy({
  id: "POL-HTTP2",
  title: "HTTP/2 enabled",
  severity: "low",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: {},
  requirements: ["AR-SEC-27", "RB-SEC-17"],
  remediation: "Leave HTTP/2 on, which is the default of load balancers, of CloudFront and of ingress controllers.",
  check(check, resource) {
    const { type, properties } = resource;
    if (LOAD_BALANCER.test(type)) {
      check.expect(properties.get("enableHttp2"), (value) => textOf(value) !== "false", { expected: "true" });
    }
    if (DISTRIBUTION.test(type)) {
      check.expect(properties.get("httpVersion"), (value) => VERSIONS.includes(textOf(value ?? "http2")), {
        expected: VERSIONS.join(" or "),
      });
    }
    if (isIngress(resource)) {
      check.expect(annotation(resource, ATTRIBUTES), (value) => !/routing\.http2\.enabled=false/.test(textOf(value)), {
        expected: "routing.http2.enabled=true",
      });
    }
    if (kubernetesKind(resource, "core") === "ConfigMap") {
      checkConfigMap(check, resource);
    }
  },
  remediate(draft) {
    if (LOAD_BALANCER.test(draft.type) && textOf(draft.get("enableHttp2").value) === "false") {
      draft.get("enableHttp2").set(true);
    }
    const version = draft.get("httpVersion");
    if (
      DISTRIBUTION.test(draft.type) &&
      !version.absent &&
      !version.unknown &&
      !VERSIONS.includes(textOf(version.value))
    ) {
      version.set("http2");
    }
  },
});

/** The settings of an ingress controller, and configurations of nginx that end TLS. */
function checkConfigMap(check: Check, { properties }: Resource): void {
  check.expect(properties.get("data", "use-http2"), (value) => textOf(value) !== "false", { expected: "true" });
  for (const [name, file] of check.entries(properties.get("data"))) {
    if (name.endsWith(".conf")) {
      check.expect(file, (value) => !endsTlsWithoutHttp2(textOf(value)), {
        found: "a server with TLS and without HTTP/2",
        expected: "http2 on;",
      });
    }
  }
}

function endsTlsWithoutHttp2(configuration: string): boolean {
  const plain = configuration.replaceAll(/#.*$/gm, "");
  return /^\s*listen\s[^;]*\bssl\b/m.test(plain) && !/\bhttp2\s+on\s*;|^\s*listen\s[^;]*\bhttp2\b/m.test(plain);
}
