import type { Resource } from "../frame/check.ts";
import { isRecord, textOf } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { valueFor } from "../workloads/by-system.ts";
import { isDevelopment } from "../workloads/environment.ts";
import { refersTo } from "../workloads/links.ts";

interface Parameters {
  stable: Record<string, string[]>;
  external: string[];
}

const RANDOM = /^random:index\/random/;
const SECRET = "aws:secretsmanager/secret:Secret";
const VERSION = "aws:secretsmanager/secretVersion:SecretVersion";

/** What a key identifies or encrypts is lost with the key, so nothing makes it anew. */
export const secretStable = definePolicy<Parameters>({
  id: "POL-SECRET-STABLE",
  title: "Identity and encryption keys never regenerate or vanish",
  severity: "critical",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: { pci: ["3.6.1"], soc2: ["CC6.1", "A1.2"] },
  requirements: ["WS-SEC-08", "WS-SEC-18", "AR-SEC-19"],
  remediation: "Protect the key, give it no keepers, and take keys of identities from the stack's configuration.",
  parameters: {
    stable: {
      type: "object",
      description: "Keys that must stay the same, by system.",
      default: {
        worldstore: ["ENCRYPTION_KEY", "WALLET_KEY"],
        "arches-ai": ["ENCRYPTION_KEY"],
        default: ["ENCRYPTION_KEY", "WALLET_KEY"],
      },
    },
    external: {
      type: "array",
      items: { type: "string" },
      description: "Keys that people make offline and the program never generates.",
      default: ["WALLET_KEY"],
    },
  },
  check(check, resource, { stable, external }) {
    const keys = valueFor(stable, resource) ?? [];
    const { name, properties } = resource;
    if (RANDOM.test(resource.type) && isNamed(kebab(name), keys.map(kebab))) {
      // Nothing in its entries may change, or the key is made anew.
      check.expect(
        properties.get("keepers"),
        (value) => value === undefined || (isRecord(value) && Object.keys(value).length === 0),
        {
          found: "keepers",
          expected: "none: a change of one makes another key",
        },
      );
      const given = isNamed(kebab(name), external.map(kebab));
      if (given && !isDevelopment(resource)) {
        check.object(properties, { found: "a generated key of an identity", expected: "a key from the configuration" });
      }
    }
    const variable = textOf(properties.get("name").value).split("/").at(-1) ?? "";
    const holds = resource.type === SECRET ? isNamed(kebab(variable), keys.map(kebab)) : isKey(resource, keys);
    if (holds && resource.protect !== true && !isDevelopment(resource)) {
      check.object(properties, { found: "no protect option", expected: "the option protect: true" });
    }
  },
  checkStack(stack, { external }) {
    for (const version of stack.index.ofType(VERSION)) {
      const secret = stack.index
        .ofType(SECRET)
        .find((one) => refersTo(version, version.properties.get("secretId"), one, ["id", "arn", "name"]));
      const variable = textOf(secret?.properties.get("name").value).split("/").at(-1) ?? "";
      if (isNamed(kebab(variable), external.map(kebab)) && !isDevelopment(version)) {
        expectGiven(stack, version);
      }
    }
  },
});

/** A random value that is one of the keys. */
function isKey({ type, name }: Resource, keys: readonly string[]): boolean {
  return RANDOM.test(type) && isNamed(kebab(name), keys.map(kebab));
}

/** Whether a name ends with that of a key, or of the key of one instance: `agent-wallet-key-0`. */
function isNamed(name: string, keys: readonly string[]): boolean {
  const plain = name.replace(/-\d+$/, "");
  return keys.some((key) => plain === key || plain.endsWith(`-${key}`));
}

function expectGiven(stack: Stack, version: StackResource): void {
  const sources = version.propertyDependencies["secretString"] ?? [];
  if (sources.some((urn) => RANDOM.test(stack.index.byUrn(urn)?.type ?? ""))) {
    stack.check(version).object(version.properties.get("secretString"), {
      found: "a generated key of an identity",
      expected: "a key from the configuration",
    });
  }
}

function kebab(name: string): string {
  return name.toLowerCase().replaceAll("_", "-");
}
