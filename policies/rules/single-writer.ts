import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { isComponent } from "../workloads/component-values.ts";
import { namesOf } from "../workloads/components.ts";
import { copiesOf, ECS_SERVICE, isMultiple, replicatedOf, scalersOf } from "../workloads/copies.ts";
import { TASK_DEFINITION, taskOf } from "../workloads/ecs.ts";
import { containersOf, podOf } from "../workloads/kubernetes.ts";
import { ofType } from "../workloads/references.ts";
import { systemOf } from "../workloads/system.ts";

interface Parameters {
  system: string;
  components: string[];
  secrets: string[];
}

/** Two writers on one database of the messenger, or with one wallet, break it: that cannot be undone. */
export const singleWriter = definePolicy<Parameters>({
  id: "POL-SINGLE-WRITER",
  title: "One XMTP agent process per wallet and per SQLite volume",
  severity: "critical",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: { soc2: ["A1.2", "PI1.2"] },
  requirements: ["WS-SEC-24"],
  remediation:
    "Run each agent as a StatefulSet, or as an ECS service that stops before it starts, with a wallet and a volume of its own.",
  parameters: {
    system: { type: "string", description: "The system whose components write alone.", default: "worldstore" },
    components: { type: "array", items: { type: "string" }, description: "Those components.", default: ["agent"] },
    secrets: {
      type: "array",
      items: { type: "string" },
      description: "Variables whose secret belongs to one process.",
      default: ["WALLET_KEY"],
    },
  },
  checkStack(stack, { system, components, secrets }) {
    const writers = replicatedOf(stack).filter(
      (workload) =>
        systemOf(workload) === system && components.some((component) => isComponent(namesOf(workload), component)),
    );
    const claims: Claim[] = [];
    for (const writer of writers) {
      const claimed = writer.type === ECS_SERVICE ? checkService(stack, writer) : checkWorkload(stack, writer);
      claims.push(...claimed.filter(({ secret }) => secret === undefined || secrets.includes(secret)));
    }
    checkClaims(stack, claims);
  },
});

/** What one process must have for itself: a volume or, by the name of its variable, a secret. */
interface Claim {
  owner: StackResource;
  field: Field;
  /** What it is; equal for two that share it. */
  key: string;
  secret?: string;
  /** Several copies of the owner share it. */
  shared: boolean;
}

function checkWorkload(stack: Stack, writer: StackResource): Claim[] {
  const check = stack.check(writer);
  const copies = copiesOf(stack, writer);
  const many = isMultiple(stack.check(copies.resource), copies);
  const kind = writer.type.split(":").at(-1);
  const strategy = writer.properties.get("spec", "strategy", "type");
  if (kind !== "StatefulSet" && many) {
    stack.check(copies.resource).object(copies.field, { expected: "a StatefulSet, or one copy" });
  } else if (kind !== "StatefulSet") {
    check.expect(strategy, (value) => value === "Recreate", {
      expected: 'a StatefulSet, or "Recreate": a rolling update runs two at once',
    });
  }
  const pod = podOf(writer);
  const namespace = textOf(writer.properties.get("metadata", "namespace").value);
  const volumes = check
    .items(pod?.spec.get("volumes") ?? strategy)
    .map((volume) => volume.get("persistentVolumeClaim", "claimName"));
  const environment = pod ? containersOf(check, pod).flatMap(({ field }) => check.items(field.get("env"))) : [];
  return [
    ...volumes
      .filter(({ value }) => value !== undefined)
      .map((field) => ({ owner: writer, field, key: `volume ${namespace}/${textOf(field.value)}`, shared: many })),
    ...environment.flatMap((variable) => {
      const secret = variable.get("valueFrom", "secretKeyRef");
      const key = `secret ${namespace}/${textOf(secret.get("name").value)}/${textOf(secret.get("key").value)}`;
      const name = textOf(variable.get("name").value);
      return secret.absent || secret.get("name").unknown
        ? []
        : [{ owner: writer, field: secret, key, secret: name, shared: many }];
    }),
  ];
}

function checkService(stack: Stack, writer: StackResource): Claim[] {
  const check = stack.check(writer);
  const { properties } = writer;
  check.expect(properties.get("deploymentMaximumPercent"), (value) => value === 100, {
    expected: "100: the old process ends before the new one starts",
  });
  check.expect(properties.get("desiredCount"), (value) => Number(value ?? 0) <= 1, {
    expected: "1: one service for each process",
  });
  for (const scaler of scalersOf(stack, writer)) {
    stack.check(scaler).object(scaler.properties, { found: `an autoscaler of ${writer.name}`, expected: "none" });
  }
  const sources = writer.propertyDependencies["taskDefinition"] ?? [];
  return ofType(stack, /^aws:ecs\/taskDefinition:/)
    .filter(({ type, urn, properties: own }) => {
      const named = own.get("arn").value ?? own.get("family").value;
      return type === TASK_DEFINITION && (sources.includes(urn) || named === properties.get("taskDefinition").value);
    })
    .flatMap((definition) => taskClaims(stack, definition));
}

function taskClaims(stack: Stack, definition: StackResource): Claim[] {
  const check = stack.check(definition);
  const task = taskOf(definition);
  const volumes = check.items(definition.properties.get("volumes")).flatMap((volume) => {
    const files = volume.get("efsVolumeConfiguration");
    const [system, point] = [files.get("fileSystemId"), files.get("authorizationConfig", "accessPointId")];
    const place = [system, point, files.get("rootDirectory")].map(({ value }) => textOf(value)).join(" ");
    return files.absent || system.unknown || point.unknown
      ? []
      : [{ owner: definition, field: files, key: `files ${place}`, shared: false }];
  });
  const secrets = (task?.containers(check) ?? []).flatMap((container) => check.items(container.get("secrets")));
  return [
    ...volumes,
    ...secrets
      .map((secret) => ({ secret, source: secret.get("valueFrom") }))
      .filter(({ source }) => source.value !== undefined)
      .map(({ secret, source }) => ({
        owner: definition,
        field: source,
        key: `secret ${textOf(source.value)}`,
        secret: textOf(secret.get("name").value),
        shared: false,
      })),
  ];
}

function checkClaims(stack: Stack, claims: readonly Claim[]): void {
  for (const claim of claims) {
    const other = claims.find(({ key, owner }) => key === claim.key && owner !== claim.owner);
    if (claim.shared || other !== undefined) {
      stack.check(claim.owner).object(claim.field, {
        found: other === undefined ? "shared by all copies" : `shared with ${other.owner.name}`,
        expected: claim.secret === undefined ? "a volume of its own" : "a secret of its own",
      });
    }
  }
}
