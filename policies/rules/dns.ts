import type { Check } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { StackResource } from "../frame/stack.ts";
import { annotation, gatewayKind, isIngress, routesOf } from "../workloads/ingresses.ts";
import { LISTENER_RULE } from "../workloads/load-balancers.ts";
import { ofType } from "../workloads/references.ts";
import { systemOf } from "../workloads/system.ts";

interface Parameters {
  placeholders: string[];
  hosts: Readonly<Record<string, readonly string[]>>;
}

const RECORD = /^aws:route53\/record:/;
const DISTRIBUTION = /^aws:cloudfront\/distribution:/;
const EXTERNAL_DNS = "external-dns.alpha.kubernetes.io/hostname";

/** Whoever is told a host finds it. */
export const dns = definePolicy<Parameters>({
  id: "POL-DNS",
  title: "DNS record for every public host",
  severity: "low",
  level: "advisory",
  targets: ["kubernetes", "aws"],
  controls: { soc2: ["A1.1"] },
  requirements: ["EB-SEC-18"],
  remediation: "Add an aws:route53:Record for the host, or the annotation by which external-dns makes one.",
  parameters: {
    placeholders: {
      type: "array",
      items: { type: "string" },
      description: "Domains of examples that nobody replaced.",
      default: ["your-domain.com", "yourdomain.com"],
    },
    hosts: {
      type: "object",
      description: "Hosts by system that some entry answers for; their Ingress names a record itself.",
      default: {
        "ecommerce-bot": ["api.ecommerce-bot.com"],
        archesai: ["api.archesai.com", "app.archesai.com"],
      },
    },
  },
  checkStack(stack, { placeholders, hosts }) {
    const records = ofType(stack, RECORD);
    for (const resource of stack.resources) {
      const check = stack.check(resource);
      for (const host of hostsOf(check, resource)) {
        const name = textOf(host.value).toLowerCase();
        check.expect(host, () => !placeholders.some((one) => name === one || name.endsWith(`.${one}`)), {
          expected: "a host of the system's own",
          fix: "Replace the example by the host that is really served.",
        });
        // On a cluster, external-dns may read the hosts of an Ingress without being told to: only stated hosts are asked for.
        const asked =
          !resource.type.startsWith("kubernetes:") || hosts[systemOf(resource) ?? ""]?.includes(name) === true;
        if (asked && !host.unknown && name !== "" && !isNamed(resource, name) && !hasRecord(records, name)) {
          check.object(host, { expected: `a DNS record for ${name}` });
        }
      }
    }
  },
});

/** The hosts for which a resource answers. */
function hostsOf(check: Check, resource: StackResource): Field[] {
  if (isIngress(resource) || gatewayKind(resource)?.endsWith("Route") === true) {
    const hosts = routesOf(check, resource).map(({ host }) => host);
    return hosts.filter(
      (host, index) => hosts.findIndex(({ path }) => path === host.path) === index && check.known(host),
    );
  }
  if (LISTENER_RULE.test(resource.type)) {
    return check
      .items(resource.properties.get("conditions"))
      .flatMap((condition) => check.items(condition.get("hostHeader", "values")))
      .filter((host) => check.known(host));
  }
  return DISTRIBUTION.test(resource.type) ? check.items(resource.properties.get("aliases")) : [];
}

function isNamed(resource: StackResource, host: string): boolean {
  const names = annotation(resource, EXTERNAL_DNS);
  return (
    names.unknown ||
    textOf(names.value)
      .toLowerCase()
      .split(/\s*,\s*/)
      .includes(host)
  );
}

/** A record may be written with the dot at the end, be one for all names below, or not be known yet. */
function hasRecord(records: readonly StackResource[], host: string): boolean {
  return records.some(({ properties }) => {
    const name = properties.get("name");
    const text = textOf(name.value).toLowerCase().replace(/\.$/, "");
    const wild = text.startsWith("*.") && host.replace(/^[^.]+/, "*") === text;
    return (
      ["A", "AAAA", "CNAME"].includes(textOf(properties.get("type").value)) &&
      (name.unknown || text === host || wild || isRelative(text, host))
    );
  });
}

/** Route 53 completes a name by its zone. */
function isRelative(name: string, host: string): boolean {
  return name !== "" && !name.includes(".") && host.startsWith(`${name}.`);
}
