import type { Check } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import { isReference, secretShape } from "../frame/redact.ts";
import { taskOf } from "../workloads/ecs.ts";
import { containersOf, kubernetesKind, podOf } from "../workloads/kubernetes.ts";
import { isSecretName } from "../workloads/secret-names.ts";

interface Parameters {
  allowNames: string[];
}

/** Names may be explained away, values that have the shape of a secret may not. */
export const secretNoPlaintext = definePolicy<Parameters>({
  id: "POL-SECRET-NO-PLAINTEXT",
  title: "No secret value written as a literal",
  severity: "critical",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: { nsa: ["C-0012"], fsbp: ["ECS.8"] },
  requirements: ["WS-SEC-01", "WS-SEC-02", "EB-SEC-02", "AR-SEC-09", "AR-SEC-19", "CC-SEC-03"],
  remediation:
    "Declare it as a secret of the specification: it is then mounted from a SealedSecret or ExternalSecret, or read from Secrets Manager by ARN.",
  exemptable: false,
  parameters: {
    allowNames: {
      type: "array",
      items: { type: "string" },
      description: "Variable names that sound secret and are not.",
      default: ["OPENAI_MAX_TOKENS"],
    },
  },
  check(check, resource, { allowNames }) {
    const pod = podOf(resource);
    if (pod) {
      for (const { field } of containersOf(check, pod)) {
        check.items(field.get("env")).forEach((variable) => expectNoSecret(check, variable, allowNames));
        expectPlainCommand(check, field, ["command", "args"]);
      }
    }
    for (const container of taskOf(resource)?.containers(check) ?? []) {
      check.items(container.get("environment")).forEach((variable) => expectNoSecret(check, variable, allowNames));
      expectPlainCommand(check, container, ["command", "entryPoint"]);
    }
    if (kubernetesKind(resource, "core")?.startsWith("ConfigMap") === true) {
      checkConfigMap(check, resource.properties, allowNames);
    }
  },
});

function expectNoSecret(check: Check, variable: Field, allowNames: readonly string[]): void {
  const name = variable.get("name");
  if (check.known(name) && !variable.get("value").absent) {
    expectNoSecretValue(check, variable.get("value"), textOf(name.value), allowNames);
  }
}

function expectNoSecretValue(check: Check, field: Field, name: string, allowNames: readonly string[]): void {
  const named = isSecretName(name) && !allowNames.includes(name);
  check.expect(field, (value) => !holdsSecret(value, named), {
    found: foundIn(field.value, `a literal value for ${JSON.stringify(name)} (hidden)`),
    expected: "no secret: a reference to one, or a value that is not secret",
  });
}

/** A literal for a secret name counts unless it is empty, a switch or only a reference to another variable. */
function holdsSecret(value: unknown, named: boolean): boolean {
  const text = textOf(value);
  const harmless = text === "" || /^(?:true|false)$/i.test(text) || isReference(text);
  return secretShape(text) !== undefined || (named && !harmless);
}

function expectPlainCommand(check: Check, container: Field, keys: readonly string[]): void {
  for (const word of keys.flatMap((key) => check.items(container.get(key)))) {
    check.expect(word, (value) => secretShape(textOf(value)) === undefined, {
      found: foundIn(word.value, "a secret (hidden)"),
      expected: "no secret on a command line",
    });
  }
}

function checkConfigMap(check: Check, properties: Field, allowNames: readonly string[]): void {
  for (const [key, value] of check.entries(properties.get("data"))) {
    expectNoSecretValue(check, value, key, allowNames);
  }
  for (const [key, value] of check.entries(properties.get("binaryData"))) {
    check.expect(value, (data) => !holdsSecret(decode(data), isSecretName(key) && !allowNames.includes(key)), {
      found: foundIn(decode(value.value), `a literal value for ${JSON.stringify(key)} (hidden)`),
      expected: "no secret: a reference to one, or a value that is not secret",
    });
  }
}

function foundIn(value: unknown, otherwise: string): string {
  const shape = secretShape(textOf(value));
  return shape === undefined ? otherwise : `${shape} (hidden)`;
}

function decode(data: unknown): string {
  return Buffer.from(textOf(data), "base64").toString("latin1");
}
