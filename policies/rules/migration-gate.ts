import { textOf } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { isDevelopment } from "../workloads/environment.ts";
import { type Job, jobsOf } from "../workloads/job-texts.ts";
import { podOf } from "../workloads/kubernetes.ts";
import { systemOf } from "../workloads/system.ts";

interface Parameters {
  commands: Readonly<Record<string, string>>;
  poolerPorts: number[];
}

const SERVICE = "aws:ecs/service:Service";
const WORKLOADS = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"];

/** New code never meets an old schema: what changes it has ended well before anything is released. */
export const migrationGate = definePolicy<Parameters>({
  id: "POL-MIGRATION-GATE",
  title: "Schema migration runs before the rollout",
  severity: "high",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: { pci: ["6.5.1"], soc2: ["CC8.1"] },
  requirements: ["AR-SEC-38", "CC-SEC-14", "RB-SEC-28"],
  remediation: "Add a job that runs before a release, and let the services depend on it.",
  parameters: {
    commands: {
      type: "object",
      additionalProperties: { type: "string" },
      description: "What the migration job of a system runs: text within its name, image, command or arguments.",
      default: { archesai: "goose", "car-loans": "db:push", "retail-brain": "migrat" },
    },
    poolerPorts: {
      type: "array",
      items: { type: "integer" },
      description: "Ports of poolers, through which a migration must not go.",
      default: [6432],
    },
  },
  checkStack(stack, { commands, poolerPorts }) {
    for (const [system, command] of Object.entries(commands)) {
      const own = stack.resources.filter((one) => systemOf(one) === system);
      const services = own.filter((one) => !isDevelopment(one) && isService(one));
      const jobs = jobsOf(stack).filter(({ kind, resource }) => kind === "once" && own.includes(resource));
      const gates = jobs.filter(({ words }) => words.some((word) => word.includes(command)));
      const [first] = services;
      if (gates.length === 0 && first !== undefined && !jobs.some(({ unknown }) => unknown)) {
        stack.check(first).object(first.properties, {
          found: `no job that runs ${command}`,
          expected: `a job that runs ${command} before ${system} is released`,
        });
      }
      gates.forEach((gate) => checkAddress(stack, gate, poolerPorts));
      if (gates.length > 0) {
        services.forEach((service) => checkOrder(stack, service, gates));
      }
    }
  },
});

function isService(resource: StackResource): boolean {
  return resource.type === SERVICE || WORKLOADS.includes(podOf(resource)?.kind ?? "");
}

/** A pooler in transaction mode breaks what migrations do. */
function checkAddress(stack: Stack, { resource, words }: Job, ports: readonly number[]): void {
  const pooled = words.find(
    (word) => ports.some((port) => new RegExp(`(?:^|:)${port}(?:/|$)`).test(word)) || /pgbouncer/i.test(word),
  );
  if (pooled !== undefined) {
    stack.check(resource).object(resource.properties.get("metadata", "name"), {
      found: "a job that talks to the pooler",
      expected: "the address of the database itself",
      fix: "Give the migration job the address of the database, not of the pooler.",
    });
  }
}

/** Stores and other third-party servers that the schema does not concern come first and need not wait. */
function checkOrder(stack: Stack, service: StackResource, gates: readonly Job[]): void {
  const before = new Set(allBefore(stack, service));
  const waits = gates.some(({ resource, starter }) => before.has(resource.urn) || before.has(starter.urn));
  const serves = gates.some(({ resource }) => allBefore(stack, resource).includes(service.urn));
  if (!waits && !serves) {
    stack.check(service).object(service.properties, {
      found: `a service that does not wait for ${gates.map(({ resource }) => textOf(resource.name)).join(", ")}`,
      expected: "a service that is released after the migration",
      fix: "Add the job to the service's dependsOn.",
    });
  }
}

/** The URNs of everything that comes before a resource, however far. */
function allBefore(stack: Stack, resource: StackResource): string[] {
  const found = new Set<string>();
  const open = [resource];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const urns = [...(next.dependencies ?? []), ...Object.values(next.propertyDependencies).flat()];
    for (const urn of urns.filter((one) => !found.has(one))) {
      found.add(urn);
      const known = stack.index.byUrn(urn);
      open.push(...(known === undefined ? [] : [known]));
    }
  }
  return [...found];
}
