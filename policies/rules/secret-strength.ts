import type { Check, Resource } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack } from "../frame/stack.ts";
import { refersTo } from "../workloads/links.ts";
import { isSecretName } from "../workloads/secret-names.ts";

interface Parameters {
  minBytes: number;
  hexKeys: string[];
  hexLists: string[];
}

const BYTES = "random:index/randomBytes:RandomBytes";
const PASSWORD = "random:index/randomPassword:RandomPassword";
const SECRET = "aws:secretsmanager/secret:Secret";
const VERSION = "aws:secretsmanager/secretVersion:SecretVersion";

/** What stands for a secret of a saved state that nobody here can decrypt. */
const UNREADABLE = "[secret]";

/** Random values that Pulumi does not keep as secrets. */
const OPEN_VALUES = /^random:index\/random(?:Id|Integer|Pet|String|Uuid):/;

/** Characters that a random password draws from, by the option that adds them; absent options are on. */
const ALPHABETS: Readonly<Record<string, number>> = { lower: 26, upper: 26, numeric: 10, special: 21 };

/** Nobody guesses what the program generates. */
export const secretStrength = definePolicy<Parameters>({
  id: "POL-SECRET-STRENGTH",
  title: "Generated secrets have at least 256 bits",
  severity: "high",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: { pci: ["3.6.1", "8.6.3"], soc2: ["CC6.1"] },
  requirements: ["WS-SEC-18", "AR-SEC-19", "CC-SEC-03", "CC-SEC-09", "RB-SEC-07"],
  remediation: "Generate at least 32 random bytes (RandomBytes), or a password of at least 43 letters and digits.",
  parameters: {
    minBytes: { type: "integer", minimum: 16, description: "Fewest random bytes of a secret.", default: 32 },
    hexKeys: {
      type: "array",
      items: { type: "string" },
      description: "Secrets that are exactly so many bytes in hexadecimal.",
      default: ["ENCRYPTION_KEY"],
    },
    hexLists: {
      type: "array",
      items: { type: "string" },
      description: "Secrets that are a list, by commas, of at least one such text.",
      default: ["API_GATEWAY_API_KEYS"],
    },
  },
  check(check, resource, parameters) {
    const { minBytes, hexKeys } = parameters;
    const length = resource.properties.get("length");
    if (resource.type === BYTES) {
      const exact = hexKeys.some((key) => resource.name.toLowerCase().endsWith(kebab(key)));
      check.expect(length, (value) => (exact ? Number(value) === minBytes : Number(value) >= minBytes), {
        expected: exact ? `exactly ${minBytes} bytes` : `at least ${minBytes} bytes`,
      });
    }
    if (resource.type === PASSWORD && check.known(length)) {
      checkPassword(check, resource, minBytes);
    }
    if (OPEN_VALUES.test(resource.type) && isSecretName(resource.name)) {
      check.object(resource.properties, {
        found: "a random value that is kept in the open",
        expected: "RandomBytes or RandomPassword",
        fix: "Generate secrets with RandomBytes, whose results are kept as secrets.",
      });
    }
  },
  checkStack(stack, parameters) {
    for (const version of stack.index.ofType(VERSION)) {
      const secret = stack.index.ofType(SECRET).find((one) => {
        return refersTo(version, version.properties.get("secretId"), one, ["id", "arn", "name"]);
      });
      if (secret !== undefined) {
        checkValue(stack, secret, version.properties.get("secretString"), version, parameters);
      }
    }
  },
  remediate(draft, { minBytes }) {
    const length = draft.get("length");
    if (draft.type === BYTES && typeof length.value === "number" && length.value < minBytes) {
      length.set(minBytes);
    }
  },
});

function checkPassword(check: Check, { properties }: Resource, minBytes: number): void {
  const length = properties.get("length");
  const own = textOf(properties.get("overrideSpecial").value);
  const sizes = Object.entries(ALPHABETS).map(([option, size]) => {
    const off = properties.get(option).value === false;
    return off ? 0 : option === "special" && own !== "" ? new Set(own).size : size;
  });
  const bits = Number(length.value ?? 0) * Math.log2(sizes.reduce((sum, size) => sum + size, 0) || 1);
  if (!(bits >= minBytes * 8)) {
    check.object(length, {
      found: `${textOf(length.value) || "no"} characters, ${Math.floor(bits) || 0} bits`,
      expected: `a length that gives at least ${minBytes * 8} bits: 43 letters and digits`,
    });
  }
}

function checkValue(
  stack: Stack,
  secret: Resource,
  value: Field,
  version: Resource,
  { minBytes, hexKeys, hexLists }: Parameters,
): void {
  const name = textOf(secret.properties.get("name").value).split("/").at(-1) ?? "";
  const one = `[0-9a-fA-F]{${minBytes * 2}}`;
  const shape = hexKeys.includes(name)
    ? `^${one}$`
    : hexLists.includes(name)
      ? `^${one}(?:\\s*,\\s*${one})*$`
      : undefined;
  if (shape !== undefined) {
    stack.check(version).expect(value, (text) => text === UNREADABLE || new RegExp(shape).test(textOf(text)), {
      found: value.absent ? "nothing" : `${textOf(value.value).length} characters (hidden)`,
      expected: `${minBytes * 2} hexadecimal digits${hexLists.includes(name) ? " each" : ""}`,
    });
  }
}

/** Names of resources are written so: ENCRYPTION_KEY becomes encryption-key. */
function kebab(name: string): string {
  return name.toLowerCase().replaceAll("_", "-");
}
