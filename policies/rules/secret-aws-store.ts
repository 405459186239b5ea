import type { Check, Resource } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import { describe, secretShape } from "../frame/redact.ts";
import { taskOf } from "../workloads/ecs.ts";
import { isSecretName } from "../workloads/secret-names.ts";

interface Parameters {
  recoveryWindowDays: number;
}

const SECRET = "aws:secretsmanager/secret:Secret";
const PARAMETER = "aws:ssm/parameter:Parameter";

/** What Secrets Manager does when nothing says how long a secret waits for its deletion. */
const DEFAULT_WINDOW = 30;

/** Secrets on AWS stand in a store for secrets, under a key of the account, and tasks name them there. */
export const secretAwsStore = definePolicy<Parameters>({
  id: "POL-SECRET-AWS-STORE",
  title: "ECS secrets by reference to Secrets Manager or SSM SecureString",
  severity: "high",
  level: "mandatory",
  targets: ["aws"],
  controls: { pci: ["3.5.1", "8.6.2"], soc2: ["CC6.1"] },
  requirements: ["WS-SEC-04", "EB-SEC-02", "EB-SEC-22", "AR-SEC-09"],
  remediation: "Keep the value in Secrets Manager under a customer key, and name it by its ARN.",
  parameters: {
    recoveryWindowDays: {
      type: "integer",
      minimum: 1,
      maximum: 30,
      description: "Fewest days for which a deleted secret can be brought back.",
      default: 7,
    },
  },
  check(check, resource, { recoveryWindowDays }) {
    for (const container of taskOf(resource)?.containers(check) ?? []) {
      const lists = [container.get("secrets"), container.get("logConfiguration", "secretOptions")];
      lists.flatMap((list) => check.items(list)).forEach((secret) => expectReference(check, secret.get("valueFrom")));
      const credentials = container.get("repositoryCredentials", "credentialsParameter");
      if (!credentials.absent) {
        expectReference(check, credentials);
      }
    }
    if (resource.type === SECRET) {
      expectCustomerKey(check, resource.properties.get("kmsKeyId"));
      check.expect(
        resource.properties.get("recoveryWindowInDays"),
        (days) => Number(days ?? DEFAULT_WINDOW) >= recoveryWindowDays,
        { expected: `at least ${recoveryWindowDays} days`, fix: "Let a deleted secret be brought back for some days." },
      );
    }
    if (resource.type === PARAMETER) {
      checkParameter(check, resource);
    }
  },
  remediate(draft, { recoveryWindowDays }) {
    const window = draft.get("recoveryWindowInDays");
    if (draft.type === SECRET && typeof window.value === "number" && window.value < recoveryWindowDays) {
      window.set(Math.max(recoveryWindowDays, 7));
    }
  },
});

function expectReference(check: Check, field: Field): void {
  const shape = /^arn:aws[\w-]*:(?:secretsmanager:[\w-]+:\d{12}:secret:.+|ssm:[\w-]+:\d{12}:parameter\/.+)$/;
  check.expect(field, (value) => shape.test(textOf(value)), {
    found: foundIn(field.value),
    expected: "the ARN of a secret in Secrets Manager or of a parameter of SSM",
  });
}

/** A value that is no ARN may be the secret itself. */
function foundIn(value: unknown): string {
  return /^(?:$|arn:)/.test(textOf(value)) ? describe(value) : "a value that is no ARN (hidden)";
}

function expectCustomerKey(check: Check, field: Field): void {
  check.expect(field, (key) => !/^$|(?:^|:)alias\/aws\//.test(textOf(key)), {
    expected: "a customer key of KMS",
    fix: "Encrypt it with a key whose policy names who may decrypt.",
  });
}

/** A parameter that holds a secret by its name or value is a SecureString under a customer key. */
function checkParameter(check: Check, { properties }: Resource): void {
  const [type, name] = [properties.get("type"), properties.get("name")];
  if (type.value === "SecureString") {
    expectCustomerKey(check, properties.get("keyId"));
    return;
  }
  const named = check.known(name) && isSecretName(textOf(name.value).split("/").at(-1) ?? "");
  const shaped = ["value", "insecureValue"].some((key) => secretShape(textOf(properties.get(key).value)) !== undefined);
  if (named || shaped) {
    check.expect(type, (value) => value === "SecureString", { expected: "SecureString" });
  }
}
