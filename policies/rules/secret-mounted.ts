import { definePolicy } from "../frame/policy.ts";
import { containersOf, podOf } from "../workloads/kubernetes.ts";
import { systemOf } from "../workloads/system.ts";

interface Parameters {
  systems: string[];
}

/** Variables reach every child process, crash report and debug page; a file reaches who opens it. */
export const secretMounted = definePolicy<Parameters>({
  id: "POL-SECRET-MOUNTED",
  title: "Secrets mounted as files",
  severity: "low",
  level: "advisory",
  targets: ["kubernetes"],
  controls: { cis: ["5.4.1"], soc2: ["CC6.1"] },
  requirements: ["WS-SEC-06"],
  remediation: "Mount the secret as a volume and read the file.",
  parameters: {
    systems: {
      type: "array",
      items: { type: "string" },
      description: "Systems whose secrets are files; what names no system is judged too.",
      default: ["worldstore"],
    },
  },
  check(check, resource, { systems }) {
    const pod = podOf(resource);
    if (pod === undefined || !systems.includes(systemOf(resource) ?? systems[0] ?? "")) {
      return;
    }
    for (const { field } of containersOf(check, pod)) {
      const variables = check.items(field.get("env")).map((variable) => variable.get("valueFrom", "secretKeyRef"));
      const wholes = check.items(field.get("envFrom")).map((source) => source.get("secretRef"));
      for (const reference of [...variables, ...wholes]) {
        check.expect(reference, (value) => value === undefined, {
          found: "a secret in a variable",
          expected: "a file of a mounted secret",
        });
      }
    }
  },
});
