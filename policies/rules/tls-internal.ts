import type { Check, Resource } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import { isIngress, annotation } from "../workloads/ingresses.ts";
import { TARGET_GROUP } from "../workloads/load-balancers.ts";
import { systemOf } from "../workloads/system.ts";
import { isOn } from "../workloads/values.ts";
import { variablesOf } from "../workloads/variables.ts";
import { plainTextUrl, weakSslMode } from "./tls-internal/addresses.ts";
import { checkParameterGroup, checkServer } from "./tls-internal/databases.ts";

interface Parameters {
  sslmodeMin: string;
  endToEnd: string[];
}

const PLAIN_BACKENDS = ["HTTP", "GRPC", "AUTO_HTTP", "FCGI"];

/** What travels between the parts of a system is encrypted where it meets a data store, and to the pod where that is asked. */
export const tlsInternal = definePolicy<Parameters>({
  id: "POL-TLS-INTERNAL",
  title: "Encrypted traffic to data stores",
  severity: "high",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: {
    fsbp: ["ElastiCache.5", "ELB.21", "ELB.22", "RDS.38", "RDS.39", "RDS.41", "RDS.44"],
    pci: ["4.2.1"],
    soc2: ["CC6.7"],
  },
  requirements: ["WS-SEC-25", "EB-SEC-01", "AR-SEC-16", "CC-SEC-02", "RB-SEC-08"],
  remediation: "Turn TLS on in the store and use addresses that ask for it: rediss://, sslmode=verify-full, tls=true.",
  parameters: {
    sslmodeMin: {
      type: "string",
      enum: ["require", "verify-ca", "verify-full"],
      description: "The weakest sslmode of PostgreSQL that is accepted.",
      default: "require",
    },
    endToEnd: {
      type: "array",
      items: { type: "string" },
      description: "Systems in which the edge, too, talks TLS to the pods; * stands for all.",
      default: ["ecommerce-bot", "retail-brain"],
    },
  },
  check(check, resource, { sslmodeMin, endToEnd }) {
    checkCache(check, resource);
    checkServer(check, resource);
    checkParameterGroup(check, resource);
    for (const { name, value } of variablesOf(check, resource)) {
      checkVariable(check, name, value, sslmodeMin);
    }
    if (endToEnd.includes("*") || endToEnd.includes(systemOf(resource) ?? "")) {
      checkBackend(check, resource);
    }
  },
  remediate(draft) {
    if (draft.type.startsWith("aws:elasticache/replicationGroup:")) {
      const enabled = draft.get("transitEncryptionEnabled");
      if (enabled.absent || textOf(enabled.value) === "false") {
        enabled.set(true);
      }
      if (draft.get("transitEncryptionMode").value === "preferred") {
        draft.get("transitEncryptionMode").set("required");
      }
    }
  },
});

function checkCache(check: Check, { type, properties }: Resource): void {
  const replicas = type.startsWith("aws:elasticache/replicationGroup:");
  // A cluster within a replication group has the group's settings; one of Redis alone cannot be encrypted at all.
  if (replicas || (type.startsWith("aws:elasticache/cluster:") && properties.get("replicationGroupId").absent)) {
    check.expect(properties.get("transitEncryptionEnabled"), isOn, { expected: "true" });
  }
  if (replicas) {
    check.expect(properties.get("transitEncryptionMode"), (value) => value !== "preferred", {
      expected: "required, which refuses plain connections",
    });
  }
  if (/^aws:memorydb\/cluster:/.test(type)) {
    check.expect(properties.get("tlsEnabled"), (value) => value === undefined || isOn(value), { expected: "true" });
  }
}

function checkVariable(check: Check, name: string, value: Field, sslmodeMin: string): void {
  check.expect(value, (text) => plainTextUrl(textOf(text), sslmodeMin) === undefined, {
    found: plainTextUrl(textOf(value.value), sslmodeMin) ?? "",
    expected: "an address that asks for TLS",
  });
  if (/(?:^|_)(?:PG|DB|POSTGRES|DATABASE)_?SSL_?MODE$/i.test(name)) {
    check.expect(value, (text) => textOf(text) === "" || !weakSslMode(textOf(text), sslmodeMin), {
      expected: `${sslmodeMin} or stronger`,
    });
  }
}

/** The way from the edge to the pods. */
function checkBackend(check: Check, resource: Resource): void {
  const { type, properties } = resource;
  if (TARGET_GROUP.test(type) && textOf(properties.get("targetType").value) !== "lambda") {
    const encrypted = (value: unknown) => ["HTTPS", "TLS"].includes(textOf(value).toUpperCase());
    check.expect(properties.get("protocol"), encrypted, { expected: "HTTPS or TLS" });
    check.expect(properties.get("healthCheck", "protocol"), (value) => textOf(value).toUpperCase() === "HTTPS", {
      expected: "HTTPS",
    });
  }
  if (isIngress(resource)) {
    const [nginx, alb] = ["nginx.ingress.kubernetes.io", "alb.ingress.kubernetes.io"].map((prefix) =>
      annotation(resource, `${prefix}/backend-protocol`),
    ) as [Field, Field];
    const meshed = !annotation(resource, "nginx.ingress.kubernetes.io/service-upstream").absent;
    const protocol = alb.absent ? nginx : alb;
    check.expect(protocol, (value) => meshed || !PLAIN_BACKENDS.includes(textOf(value ?? "HTTP").toUpperCase()), {
      expected: "HTTPS or GRPCS, or a mesh (service-upstream)",
    });
  }
}
