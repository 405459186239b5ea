import type { Check, Resource } from "../frame/check.ts";
import { textOf } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import { covers, isEverything, policiesOf, publicPart, statementsOf, type Statement } from "../workloads/iam.ts";

interface Parameters {
  deletionWindowDays: number;
  keyStorePurposes: string[];
}

const KEY = "aws:kms/key:Key";
const KEYS = [KEY, "aws:kms/externalKey:ExternalKey", "aws:kms/replicaKey:ReplicaKey"];

/** What KMS does when nothing says how long a key waits for its deletion. */
const DEFAULT_WINDOW = 30;

/** What turns ciphertext into something readable. */
const DECRYPTING = ["kms:decrypt", "kms:reencryptfrom"];

/** Customer keys rotate, wait before they vanish, and are used by those whom their policy names. */
export const kms = definePolicy<Parameters>({
  id: "POL-KMS",
  title: "Customer managed KMS keys with rotation",
  severity: "high",
  level: "mandatory",
  targets: ["aws"],
  controls: { fsbp: ["KMS.1", "KMS.2", "KMS.4", "KMS.5"], pci: ["3.6.1", "3.7.4"], soc2: ["CC6.1"] },
  requirements: ["WS-SEC-09", "WS-SEC-38"],
  remediation: "Enable the rotation of the key, give it a deletion window, and name who may use it in its policy.",
  parameters: {
    deletionWindowDays: {
      type: "integer",
      minimum: 7,
      maximum: 30,
      description: "Fewest days for which a key that is to be deleted can be brought back.",
      default: 7,
    },
    keyStorePurposes: {
      type: "array",
      items: { type: "string" },
      description: "Values of the tag `purpose` whose keys stand in a CloudHSM key store.",
      default: [],
    },
  },
  check(check, resource, { deletionWindowDays, keyStorePurposes }) {
    if (KEYS.includes(resource.type)) {
      checkKey(check, resource, deletionWindowDays, keyStorePurposes);
    }
    for (const policy of policiesOf(resource)) {
      if (policy.use === "identity") {
        statementsOf(check, policy).forEach((statement) => checkDecryption(check, statement));
      } else if (resource.type.startsWith("aws:kms/")) {
        statementsOf(check, policy).forEach((statement) => checkPublic(check, statement));
      }
    }
  },
  remediate(draft, { deletionWindowDays }) {
    if (draft.type !== KEY) {
      return;
    }
    const rotation = draft.get("enableKeyRotation");
    if (
      rotates(textOf(draft.get("customerMasterKeySpec").value), textOf(draft.get("keyUsage").value)) &&
      draft.get("customKeyStoreId").absent
    ) {
      rotation.set(true);
    }
    const window = draft.get("deletionWindowInDays");
    if (typeof window.value === "number" && window.value < deletionWindowDays) {
      window.set(deletionWindowDays);
    }
  },
});

function checkKey(
  check: Check,
  { type, properties }: Resource,
  window: number,
  keyStorePurposes: readonly string[],
): void {
  check.expect(properties.get("deletionWindowInDays"), (value) => Number(value ?? DEFAULT_WINDOW) >= window, {
    expected: `at least ${window} days`,
  });
  check.expect(properties.get("bypassPolicyLockoutSafetyCheck"), (value) => value !== true, {
    expected: "false: a policy that locks its own administrators out is refused",
  });
  if (type !== KEY) {
    return;
  }
  const [spec, usage, store] = ["customerMasterKeySpec", "keyUsage", "customKeyStoreId"].map((key) =>
    properties.get(key),
  );
  if (spec && usage && store && rotates(textOf(spec.value), textOf(usage.value)) && store.absent) {
    check.expect(properties.get("enableKeyRotation"), (value) => value === true, { expected: "true" });
  }
  if (store && keyStorePurposes.includes(textOf(properties.get("tags", "purpose").value))) {
    check.expect(store, (value) => textOf(value) !== "", { expected: "the id of a CloudHSM key store" });
  }
}

/** KMS rotates symmetric keys for encryption; others and those of a key store never. */
function rotates(spec: string, usage: string): boolean {
  return ["", "SYMMETRIC_DEFAULT"].includes(spec) && ["", "ENCRYPT_DECRYPT"].includes(usage);
}

function checkDecryption(check: Check, { allows, actions, resources }: Statement): void {
  const action = actions.find(({ text }) => covers(text, DECRYPTING));
  const everything = resources.find(
    ({ text }) => isEverything(text) && (text.startsWith("*") || /^arn:[^:]*:(?:kms|\*):/.test(text)),
  );
  if (allows && action && everything) {
    check.object(everything.field, {
      found: `${action.text} on ${everything.text}`,
      expected: "the ARNs of the keys, or no word of KMS: a key's own policy can grant its use",
    });
  }
}

function checkPublic(check: Check, statement: Statement): void {
  const part = publicPart(check, statement);
  if (part) {
    check.object(part, {
      found: "everyone, of every AWS account",
      expected: "named principals, or a condition such as kms:CallerAccount",
    });
  }
}
