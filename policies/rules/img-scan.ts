import { definePolicy } from "../frame/policy.ts";
import { ofType, referenced } from "../workloads/references.ts";

const REPOSITORY = "aws:ecr/repository:Repository";

interface Parameters {
  requireKms: boolean;
}

/** An image is looked at when it arrives, and what a tag means never changes afterwards. */
export const imgScan = definePolicy<Parameters>({
  id: "POL-IMG-SCAN",
  title: "Image repositories scan on push and forbid tag rewriting",
  severity: "high",
  level: "mandatory",
  targets: ["aws"],
  controls: { fsbp: ["ECR.1", "ECR.2", "ECR.3"], pci: ["6.3.1", "11.3.1"], soc2: ["CC7.1", "CC8.1"] },
  requirements: ["EB-SEC-25", "EB-SEC-33", "AR-SEC-12"],
  remediation: "Set imageScanningConfiguration: { scanOnPush: true } and imageTagMutability: IMMUTABLE.",
  parameters: {
    requireKms: { type: "boolean", description: "Demand encryption with a key of KMS.", default: true },
  },
  check(check, { type, properties }, { requireKms }) {
    if (type !== REPOSITORY) {
      return;
    }
    check.expect(properties.get("imageScanningConfiguration", "scanOnPush"), (value) => value === true, {
      expected: "true",
    });
    check.expect(properties.get("imageTagMutability"), (value) => value === "IMMUTABLE", { expected: '"IMMUTABLE"' });
    const encryption = properties.get("encryptionConfigurations");
    if (requireKms && check.known(encryption)) {
      const [first] = encryption.items();
      check.expect(
        first?.get("encryptionType") ?? encryption,
        (value) => typeof value === "string" && value.startsWith("KMS"),
        { expected: '"KMS"', fix: "Set encryptionConfigurations: [{ encryptionType: KMS, kmsKey: ... }]." },
      );
    }
  },
  checkStack(stack) {
    const cleaned = ofType(stack, /^aws:ecr\/lifecyclePolicy:/).flatMap((policy) =>
      referenced(stack, policy, ["repository"], /^aws:ecr\/repository:/),
    );
    for (const repository of ofType(stack, /^aws:ecr\/repository:/).filter((one) => !cleaned.includes(one))) {
      stack.check(repository).object(repository.properties, {
        found: "a repository without a lifecycle policy",
        expected: "an aws.ecr.LifecyclePolicy that names the repository",
        fix: "Add a LifecyclePolicy that lets untagged and old images expire.",
      });
    }
  },
  remediate(draft) {
    if (draft.type === REPOSITORY) {
      draft.get("imageScanningConfiguration", "scanOnPush").set(true);
      draft.get("imageTagMutability").set("IMMUTABLE");
    }
  },
});
