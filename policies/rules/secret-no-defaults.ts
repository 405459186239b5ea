import type { Check } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import { taskOf } from "../workloads/ecs.ts";
import { containersOf, kubernetesKind, podOf } from "../workloads/kubernetes.ts";
import { isSecretName } from "../workloads/secret-names.ts";

interface Parameters {
  denied: string[];
}

/** Properties of AWS resources that hold a password, or a text with one. */
const PASSWORDS: Readonly<Record<string, readonly string[]>> = {
  "aws:secretsmanager/secretVersion:SecretVersion": ["secretString"],
  "aws:ssm/parameter:Parameter": ["value"],
  "aws:rds/instance:Instance": ["password"],
  "aws:rds/cluster:Cluster": ["masterPassword"],
  "aws:docdb/cluster:Cluster": ["masterPassword"],
  "aws:elasticache/replicationGroup:ReplicationGroup": ["authToken"],
};

/** What stands in an example file until somebody replaces it. */
const PLACEHOLDER = /^(?:your[-_].*|<[^<>\n]+>)$/i;

/** A line of a settings file, such as `password = admin` or `password: "admin"`. */
const SETTING = /^[\s-]*([\w.-]+)\s*[=:]\s*"?([^"]*?)"?\s*$/;

/** A password that everybody knows keeps nobody out. */
export const secretNoDefaults = definePolicy<Parameters>({
  id: "POL-SECRET-NO-DEFAULTS",
  title: "Known default or placeholder credentials rejected",
  severity: "critical",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: { pci: ["2.2.2"], soc2: ["CC6.1"] },
  requirements: ["EB-SEC-30", "CC-SEC-08", "RB-SEC-26"],
  remediation: "Generate the value, or give the real one as a secret of the stack's configuration.",
  exemptable: false,
  parameters: {
    denied: {
      type: "array",
      items: { type: "string" },
      description: "Values that no secret may have, in any case.",
      default: ["ccl-internal-2025", "admin/admin", "admin", "password", "changeme", "user:pass"],
    },
  },
  check(check, resource, { denied }) {
    const { type, properties } = resource;
    const pod = podOf(resource);
    const variables = pod
      ? containersOf(check, pod).flatMap(({ field }) => check.items(field.get("env")))
      : (taskOf(resource)?.containers(check) ?? []).flatMap((container) => check.items(container.get("environment")));
    for (const variable of variables) {
      expectOwn(check, variable.get("value"), textOf(variable.get("name").value), denied);
    }
    const kind = kubernetesKind(resource, "core");
    if (kind === "ConfigMap" || kind === "Secret") {
      for (const [key, value] of [
        ...check.entries(properties.get("data")),
        ...check.entries(properties.get("stringData")),
      ]) {
        const encoded = kind === "Secret" && value.path.startsWith("data");
        expectOwn(check, value, key, denied, encoded ? decode : textOf);
      }
    }
    if (type.startsWith("kubernetes:helm.sh/")) {
      checkValues(check, properties.get("values"), denied);
    }
    for (const key of Object.hasOwn(PASSWORDS, type) ? (PASSWORDS[type] ?? []) : []) {
      expectOwn(check, properties.get(key), "password", denied);
    }
  },
});

/** Objects to a known default; what is no secret by its name may only be no placeholder for one. */
function expectOwn(
  check: Check,
  field: Field,
  name: string,
  denied: readonly string[],
  read: (value: unknown) => string = textOf,
): void {
  if (!field.absent) {
    check.expect(field, (value) => !isDefault(read(value), name, denied), {
      found: "a known default or a placeholder (hidden)",
      expected: "a value of its own",
    });
  }
}

function isDefault(text: string, name: string, denied: readonly string[]): boolean {
  if (/^\s*\{/.test(text)) {
    return entriesOf(text).some(([key, value]) => isDefault(textOf(value), key, denied));
  }
  if (text.includes("\n")) {
    return text.split("\n").some((line) => isDefaultSetting(line, denied));
  }
  const secret = isSecretName(name) || /password|passwd/i.test(name);
  const pair = /^[a-z][\w+.-]*:\/\/([^\s:/@]*:[^\s/@]*)@/i.exec(text)?.[1];
  return (
    (secret && isDenied(text, denied)) ||
    (pair !== undefined && (isDenied(pair, denied) || isDenied(pair.split(":")[1] ?? "", denied))) ||
    isDistinctive(text, denied) ||
    isDefaultSetting(text, denied)
  );
}

function isDefaultSetting(line: string, denied: readonly string[]): boolean {
  const [, name = "", value = ""] = SETTING.exec(line) ?? [];
  return isSecretName(name.replaceAll(".", "_")) && value !== "" && isDenied(value.trim(), denied);
}

function isDenied(text: string, denied: readonly string[]): boolean {
  return PLACEHOLDER.test(text) || denied.some((value) => value.toLowerCase() === text.toLowerCase());
}

/** Words such as "admin" may stand in other variables; pairs, longer values and placeholders are never meant. */
function isDistinctive(text: string, denied: readonly string[]): boolean {
  return (
    PLACEHOLDER.test(text) ||
    denied.some((value) => /[^a-z]/i.test(value) && value.toLowerCase() === text.toLowerCase())
  );
}

/** Values of a chart, such as Grafana's `adminPassword`. */
function checkValues(check: Check, values: Field, denied: readonly string[]): void {
  for (const [key, value] of check.entries(values)) {
    expectOwn(check, value, key, denied);
    checkValues(check, value, denied);
  }
  values.items().forEach((item) => checkValues(check, item, denied));
}

/** The entries of a JSON object and of those within it. */
function entriesOf(text: string): [string, unknown][] {
  const entries: [string, unknown][] = [];
  try {
    JSON.parse(text, (key, value: unknown) => {
      entries.push([key, value]);
      return value;
    });
  } catch {
    return [];
  }
  return entries;
}

function decode(data: unknown): string {
  return Buffer.from(textOf(data), "base64").toString("utf8");
}
