import type { Check, Resource } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { refersTo } from "../workloads/links.ts";
import { longestPause } from "../workloads/schedules.ts";
import { isSecretName } from "../workloads/secret-names.ts";

interface Parameters {
  maxAgeDays: number;
  neverRotated: string[];
  automatic: boolean;
}

const SECRET = "aws:secretsmanager/secret:Secret";
const ROTATION = "aws:secretsmanager/secretRotation:SecretRotation";
const CLUSTER_SECRET = /^kubernetes:(?:bitnami\.com\/v\w+:SealedSecret|external-secrets\.io\/v\w+:ExternalSecret)$/;
const ANNOTATION = "rotation.agent-commerce/";
const MINUTES_A_DAY = 24 * 60;

/** Somebody or something exchanges every secret in time, except what an exchange would destroy. */
export const secretRotation = definePolicy<Parameters>({
  id: "POL-SECRET-ROTATION",
  title: "Secrets have a rotation schedule or dated annotation",
  severity: "medium",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: { fsbp: ["SecretsManager.1", "SecretsManager.4"], pci: ["8.3.9", "8.6.3"], soc2: ["CC6.1"] },
  requirements: ["WS-SEC-10", "EB-SEC-22", "EB-SEC-32", "RB-SEC-13"],
  remediation: "Rotate the secret by a function (SecretRotation), or say in its tag or annotation how often people do.",
  parameters: {
    maxAgeDays: { type: "integer", minimum: 1, description: "Days for which a secret may stay the same.", default: 90 },
    neverRotated: {
      type: "array",
      items: { type: "string" },
      description: "Secrets whose exchange would lose the identity or data that they stand for, or which others renew.",
      default: ["WALLET_KEY", "ENCRYPTION_KEY", "FIELD_ENCRYPTION_KEY", "tls.key"],
    },
    automatic: {
      type: "boolean",
      description: "Accept only rotation by a function on AWS, not by people.",
      default: false,
    },
  },
  check(check, resource, parameters) {
    if (resource.type === ROTATION) {
      checkRules(check, resource.properties.get("rotationRules"), parameters.maxAgeDays);
    }
    if (CLUSTER_SECRET.test(resource.type)) {
      checkClusterSecret(check, resource, parameters);
    }
  },
  checkStack(stack, parameters) {
    const rotations = stack.index.ofType(ROTATION);
    for (const secret of stack.index.ofType(SECRET)) {
      const rotated = rotations.some((one) =>
        refersTo(one, one.properties.get("secretId"), secret, ["id", "arn", "name"]),
      );
      if (!rotated) {
        checkTag(stack, secret, parameters);
      }
    }
  },
  remediate(draft, { maxAgeDays }) {
    const days = draft.get("rotationRules", "automaticallyAfterDays");
    if (draft.type === ROTATION && typeof days.value === "number" && days.value > maxAgeDays) {
      days.set(maxAgeDays);
    }
  },
});

function checkRules(check: Check, rules: Field, maxAgeDays: number): void {
  const [days, schedule] = [rules.get("automaticallyAfterDays"), rules.get("scheduleExpression")];
  if (!days.absent || schedule.absent) {
    check.expect(days, (value) => Number(value) >= 1 && Number(value) <= maxAgeDays, {
      expected: `at most ${maxAgeDays} days`,
    });
  } else {
    check.expect(schedule, (value) => (longestPause(textOf(value)) ?? Infinity) <= maxAgeDays * MINUTES_A_DAY, {
      expected: `a schedule that runs at least every ${maxAgeDays} days`,
    });
  }
}

function checkTag(stack: Stack, secret: StackResource, parameters: Parameters): void {
  const { properties } = secret;
  const check = stack.check(secret);
  const [tag, name] = [properties.get("tags", "rotation"), properties.get("name")];
  if (check.known(tag) && check.known(name)) {
    const excepted = isExcepted(textOf(name.value).split("/").at(-1) ?? "", parameters.neverRotated);
    const reason = textOf(properties.get("tags", "rotation-reason").value);
    const never = excepted && tag.value === "never" && reason !== "";
    if (!never && (parameters.automatic || !isInTime(tag.value, parameters.maxAgeDays))) {
      check.object(tag, {
        expected: parameters.automatic
          ? "a SecretRotation of the secret"
          : `a SecretRotation, or at most "${parameters.maxAgeDays} d"; "never" with a reason only for ${parameters.neverRotated.join(", ")}`,
      });
    }
  }
}

function checkClusterSecret(check: Check, { properties }: Resource, { maxAgeDays, neverRotated }: Parameters): void {
  const sealed = check.entries(properties.get("spec", "encryptedData")).map(([key]) => key);
  const external = check
    .items(properties.get("spec", "data"))
    .map((entry) => entry.get("secretKey"))
    .filter((key) => check.known(key))
    .map((key) => textOf(key.value));
  for (const key of [...sealed, ...external].filter((name) => holdsSecret(name) && !isExcepted(name, neverRotated))) {
    check.expect(properties.get("metadata", "annotations", ANNOTATION + key), (value) => isInTime(value, maxAgeDays), {
      expected: `how often people exchange it, at most "${maxAgeDays} d"`,
    });
  }
}

/** A secret by its name, or the address of a store, which carries a password. */
function holdsSecret(name: string): boolean {
  return isSecretName(name) || /^(?:DATABASE|MONGO\w*|POSTGRES\w*|QUEUE|REDIS)_UR[IL]$/.test(name);
}

/** Instances of a service have a number behind the name: WALLET_KEY_0. */
function isExcepted(name: string, neverRotated: readonly string[]): boolean {
  return neverRotated.includes(name) || neverRotated.includes(name.replace(/_\d+$/, ""));
}

/** A length of time such as "90 d". */
function isInTime(value: unknown, maxAgeDays: number): boolean {
  const days = /^([1-9]\d*) ?d(?:ays?)?$/.exec(textOf(value))?.[1];
  return days !== undefined && Number(days) <= maxAgeDays;
}
