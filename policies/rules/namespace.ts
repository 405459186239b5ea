import type { Check, Resource } from "../frame/check.ts";
import { textOf } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { BySystem } from "../workloads/by-system.ts";
import { systemOf } from "../workloads/system.ts";

interface Parameters {
  forbidden: string[];
  namespaces: BySystem<string>;
  podSecurity: string;
}

const NAMESPACE = "kubernetes:core/v1:Namespace";
const ENFORCE = "pod-security.kubernetes.io/enforce";
const LEVELS = ["privileged", "baseline", "restricted"];

/** Kinds that stand beside all namespaces. */
const CLUSTER_KINDS = new Set(
  [
    "Namespace Node PersistentVolume ClusterRole ClusterRoleBinding StorageClass VolumeAttachment CSIDriver CSINode",
    "IngressClass PriorityClass RuntimeClass CustomResourceDefinition APIService CertificateSigningRequest GatewayClass",
    "MutatingWebhookConfiguration ValidatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding",
    "MutatingAdmissionPolicy MutatingAdmissionPolicyBinding FlowSchema PriorityLevelConfiguration ClusterTrustBundle",
    "ClusterIssuer ClusterSecretStore ClusterExternalSecret ClusterPolicy VolumeSnapshotClass VolumeAttributesClass",
    "DeviceClass ResourceSlice ServiceCIDR IPAddress NodePool EC2NodeClass ComponentStatus TokenReview",
  ]
    .join(" ")
    .split(" "),
);

/** Tokens of the provider that stand for no object of the cluster. */
const NO_OBJECTS = /^kubernetes:(?:helm\.sh|yaml|kustomize|index)\//;

/** What a system may do ends at the border of its namespace, so it has one of its own. */
export const namespace = definePolicy<Parameters>({
  id: "POL-NAMESPACE",
  title: "Each system in its own namespace, never default",
  severity: "medium",
  level: "mandatory",
  targets: ["kubernetes"],
  controls: { cis: ["5.2.1", "5.6.1", "5.6.4"], soc2: ["CC6.1"] },
  requirements: ["EB-SEC-29"],
  remediation: "Set metadata.namespace to the namespace of the system.",
  parameters: {
    forbidden: {
      type: "array",
      items: { type: "string" },
      description: "Namespaces that belong to nobody or to the cluster.",
      default: ["default", "kube-system", "kube-public", "kube-node-lease"],
    },
    namespaces: {
      type: "object",
      additionalProperties: { type: "string" },
      description: "The namespace of each system.",
      default: {
        worldstore: "worldstore",
        "ecommerce-bot": "ecommerce-bot",
        archesai: "production",
        ccl: "ccl",
        "retail-brain": "retail-brain",
      },
    },
    podSecurity: {
      type: "string",
      enum: LEVELS,
      description: "Level of the Pod Security Standards that a namespace enforces at least.",
      default: "restricted",
    },
  },
  check(check, resource, parameters) {
    const { type, properties } = resource;
    if (type === NAMESPACE) {
      const wanted = LEVELS.indexOf(parameters.podSecurity);
      check.expect(
        properties.get("metadata", "labels", ENFORCE),
        (level) => wanted === 0 || LEVELS.indexOf(textOf(level)) >= wanted,
        { expected: LEVELS.slice(wanted).join(" or "), fix: `Set the label ${ENFORCE}: ${parameters.podSecurity}.` },
      );
      checkName(check, resource, parameters);
    } else if (type.startsWith("kubernetes:helm.sh/v3:Release")) {
      checkPlace(check, resource, [], parameters);
    } else if (isNamespaced(type)) {
      checkPlace(check, resource, ["metadata"], parameters);
    }
  },
  remediate(draft, { podSecurity }) {
    if (draft.type === NAMESPACE) {
      const enforced = draft.get("metadata", "labels", ENFORCE);
      if (LEVELS.indexOf(textOf(enforced.value)) < LEVELS.indexOf(podSecurity)) {
        enforced.set(podSecurity);
      }
    }
  },
});

function isNamespaced(type: string): boolean {
  const kind = /^kubernetes:[^:]+\/[^:]+:(\w+?)(?:Patch)?$/.exec(type)?.[1];
  return kind !== undefined && !NO_OBJECTS.test(type) && !CLUSTER_KINDS.has(kind.replace(/List$/, ""));
}

function checkPlace(check: Check, resource: Resource, path: readonly string[], parameters: Parameters): void {
  const field = resource.properties.get(...path, "namespace");
  const own = ownNamespace(resource, parameters);
  check.expect(field, (value) => !parameters.forbidden.includes(textOf(value) || "default"), {
    expected: "a namespace of its own",
  });
  check.expect(field, (value) => own === undefined || value === undefined || textOf(value) === own, {
    expected: `the namespace of its system: ${own}`,
  });
}

/** The namespace of a system bears the name by which its resources know it. */
function checkName(check: Check, resource: Resource, parameters: Parameters): void {
  const own = ownNamespace(resource, parameters);
  check.expect(resource.properties.get("metadata", "name"), (value) => own === undefined || textOf(value) === own, {
    expected: `the namespace of its system: ${own}`,
  });
}

function ownNamespace(resource: Resource, { namespaces }: Parameters): string | undefined {
  const system = systemOf(resource) ?? "";
  return Object.hasOwn(namespaces, system) ? namespaces[system] : undefined;
}
