import { textOf } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import { kubernetesKind } from "../workloads/kubernetes.ts";

interface Parameters {
  allowedTypes: string[];
}

const CERT_MANAGER = "cert-manager.io/certificate-name";

/** A plain Secret leaves its values in the program's state and in whatever renders its manifests. */
export const secretSealed = definePolicy<Parameters>({
  id: "POL-SECRET-SEALED",
  title: "Kubernetes secrets only through SealedSecret or ExternalSecret",
  severity: "critical",
  level: "mandatory",
  targets: ["kubernetes"],
  controls: { cis: ["5.4.2"] },
  requirements: ["WS-SEC-05", "EB-SEC-02", "EB-SEC-22", "AR-SEC-09", "AR-SEC-29"],
  remediation: "Seal the values into a SealedSecret (bitnami.com/v1alpha1), or let an ExternalSecret fetch them.",
  exemptable: false,
  parameters: {
    allowedTypes: {
      type: "array",
      items: { type: "string" },
      description: "Secret types that the cluster itself fills in.",
      default: ["kubernetes.io/service-account-token"],
    },
  },
  check(check, resource, { allowedTypes }) {
    const { properties } = resource;
    if (kubernetesKind(resource, "core")?.match(/^Secret(?:Patch)?$/)) {
      const type = properties.get("type");
      const certificate =
        type.value === "kubernetes.io/tls" && !properties.get("metadata", "annotations", CERT_MANAGER).absent;
      if (certificate || allowedTypes.includes(String(type.value))) {
        return;
      }
      for (const key of ["data", "stringData"]) {
        const keys = check.entries(properties.get(key)).map(([name]) => name);
        if (keys.length > 0) {
          check.object(properties.get(key), {
            found: `a plain Secret with ${keys.length === 1 ? "the key" : "the keys"} ${keys.join(", ")}`,
            expected: "a SealedSecret or an ExternalSecret",
          });
        }
      }
    }
    if (kubernetesKind(resource, "bitnami.com")?.startsWith("SealedSecret") === true) {
      for (const [key, value] of check.entries(properties.get("spec", "template", "data"))) {
        check.expect(value, (text) => textOf(text).includes("{{"), {
          found: `the plain key ${key}`,
          expected: "only templates over sealed values",
        });
      }
    }
  },
});
