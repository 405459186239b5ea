import type { Check, Resource } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import { annotation, isIngress } from "../workloads/ingresses.ts";
import { LISTENER } from "../workloads/load-balancers.ts";
import { podOf } from "../workloads/kubernetes.ts";
import { componentOf } from "../workloads/components.ts";
import { taskOf } from "../workloads/ecs.ts";
import { systemOf } from "../workloads/system.ts";
import { variablesOf } from "../workloads/variables.ts";

interface Parameters {
  variables: string[];
  placeholders: string[];
  required: Readonly<Record<string, readonly string[]>>;
}

/** Where resources that answer browsers name the origins that may read the answers. */
const PLACES: readonly { type: RegExp; path: readonly string[] }[] = [
  { type: LISTENER, path: ["routingHttpResponseAccessControlAllowOriginHeaderValue"] },
  { type: /^aws:cloudfront\/responseHeadersPolicy:/, path: ["corsConfig", "accessControlAllowOrigins", "items"] },
  { type: /^aws:apigatewayv2\/api:/, path: ["corsConfiguration", "allowOrigins"] },
  { type: /^aws:lambda\/functionUrl:/, path: ["cors", "allowOrigins"] },
];

/** Only pages of known hosts may read answers in a browser. */
export const cors = definePolicy<Parameters>({
  id: "POL-CORS",
  title: "CORS origins explicit https",
  severity: "medium",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: { pci: ["6.2.4"], soc2: ["CC6.6"] },
  requirements: ["AR-SEC-17", "CC-SEC-06", "CC-SEC-12"],
  remediation: "Name the origins of the system's own pages, each as https://host.",
  parameters: {
    variables: {
      type: "array",
      items: { type: "string" },
      description: "Environment variables that hold origins.",
      default: ["CORS_ORIGIN", "CORS_ORIGINS", "CORS_ALLOWED_ORIGINS", "ALLOWED_ORIGINS"],
    },
    placeholders: {
      type: "array",
      items: { type: "string" },
      description: "Domains of examples that nobody replaced.",
      default: ["your-domain.com", "yourdomain.com", "localhost"],
    },
    required: {
      type: "object",
      description: "Components by system of which one of the variables must be set.",
      default: { archesai: ["api"], ccl: ["app"] },
    },
  },
  check(check, resource, { variables, placeholders, required }) {
    const set = variablesOf(check, resource).filter(({ name }) => variables.includes(name));
    for (const { value, bound } of set) {
      if (!bound) {
        expectOrigins(check, value, placeholders);
      }
    }
    const needed = required[systemOf(resource) ?? ""] ?? [];
    if (set.length === 0 && needed.includes(componentOf(resource)) && check.notEvaluated.length === 0) {
      requireVariable(check, resource, variables);
    }
    for (const { path } of PLACES.filter((place) => place.type.test(resource.type))) {
      const field = resource.properties.get(...path);
      const origins = field.items().length > 0 ? field.items() : [field];
      origins.filter(({ absent }) => !absent).forEach((origin) => expectOrigins(check, origin, placeholders));
    }
    for (const rule of /^aws:s3\/bucketCors/.test(resource.type)
      ? check.items(resource.properties.get("corsRules"))
      : []) {
      check.items(rule.get("allowedOrigins")).forEach((origin) => expectOrigins(check, origin, placeholders));
    }
    checkIngress(check, resource, placeholders);
  },
});

/** Origins are listed with commas or as a JSON list. */
function expectOrigins(check: Check, field: Field, placeholders: readonly string[]): void {
  check.expect(
    field,
    (value) => textOf(value) !== "" && originsIn(textOf(value)).every((one) => isFine(one, placeholders)),
    {
      expected: "origins such as https://app.archesai.com, none of them * or an example",
    },
  );
}

function originsIn(text: string): string[] {
  return text.split(/[\s,[\]"']+/).filter((origin) => origin !== "");
}

function isFine(origin: string, placeholders: readonly string[]): boolean {
  const host = /^https:\/\/([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?::\d+)?$/i.exec(origin)?.[1]?.toLowerCase();
  return host !== undefined && !placeholders.some((example) => host === example || host.endsWith(`.${example}`));
}

function requireVariable(check: Check, resource: Resource, variables: readonly string[]): void {
  const pod = podOf(resource);
  const field = pod ? pod.spec.get("containers") : taskOf(resource)?.properties.get("containerDefinitions");
  if (field !== undefined) {
    check.object(field, { found: "no origins", expected: `one of the variables ${variables.join(", ")}` });
  }
}

/** nginx allows every origin once CORS is on and no origin is named. */
function checkIngress(check: Check, resource: Resource, placeholders: readonly string[]): void {
  const enabled = annotation(resource, "nginx.ingress.kubernetes.io/enable-cors");
  if (isIngress(resource) && check.known(enabled) && textOf(enabled.value) === "true") {
    expectOrigins(check, annotation(resource, "nginx.ingress.kubernetes.io/cors-allow-origin"), placeholders);
  }
}
