import type { Check, Resource } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import { seconds } from "../workloads/alerts.ts";
import { valueFor, type BySystem } from "../workloads/by-system.ts";
import { documentsOf } from "../workloads/documents.ts";
import { kubernetesKind } from "../workloads/kubernetes.ts";
import { LOG_GROUP } from "../workloads/logs.ts";
import { readQuantity } from "../workloads/quantity.ts";
import { CONFIG_MAP } from "../workloads/settings-files.ts";
import { systemOf } from "../workloads/system.ts";

interface Parameters {
  days: number;
  levels: BySystem<Readonly<Record<string, number>>>;
  auditDays: number;
  auditNames: string[];
  volumes: BySystem<string>;
}

const DAY = 86_400;
const STREAM = /\blevel\s*=\s*"(\w+)"/;

/** Logs are kept as long as they are asked for and no longer: by default CloudWatch and Loki never delete one. */
export const logRetention = definePolicy<Parameters>({
  id: "POL-LOG-RETENTION",
  title: "Log retention set",
  severity: "medium",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: { fsbp: ["CloudWatch.16"], pci: ["10.5.1"] },
  requirements: ["WS-SEC-31", "EB-SEC-40", "AR-SEC-04", "CC-SEC-19", "CC-SEC-34", "RB-SEC-05"],
  remediation: "Set how many days the logs are kept, and the key that encrypts them.",
  parameters: {
    days: { type: "integer", minimum: 1, description: "Days for which logs are kept at least.", default: 30 },
    levels: {
      type: "object",
      description: "Days for which the logs of a level are kept, by system; log groups end with the level's name.",
      default: { worldstore: { error: 30, warn: 14, info: 7, debug: 1 } },
    },
    auditDays: {
      type: "integer",
      minimum: 1,
      description: "Days for which logs are kept at least that tell who did what.",
      default: 365,
    },
    auditNames: {
      type: "array",
      items: { type: "string" },
      description: "Last parts of the names of such log groups.",
      default: ["audit", "trail", "flow-logs", "waf"],
    },
    volumes: {
      type: "object",
      description: "How large a volume for logs is at least, by system; its name has the word logs.",
      default: { archesai: "20G" },
    },
  },
  check(check, resource, parameters) {
    if (resource.type === LOG_GROUP) {
      checkLogGroup(check, resource, parameters);
    } else if (resource.type === CONFIG_MAP) {
      const levels = levelsOf(resource, parameters);
      documentsOf(check, resource, "limits_config").forEach((root) => checkLoki(check, root, parameters.days, levels));
    } else {
      checkVolumes(check, resource, valueFor(parameters.volumes, resource));
    }
  },
  remediate(draft, parameters) {
    const [days, name] = [draft.get("retentionInDays"), draft.get("name")];
    const unset = !days.unknown && !days.secret && Number(days.value ?? 0) === 0;
    if (draft.type === LOG_GROUP && unset && !name.unknown) {
      const text = textOf(name.value);
      const system = textOf(draft.get("tags", "system").value) || firstPart(text);
      days.set(wantedDays(text, parameters.levels[system] ?? {}, parameters).days);
    }
  },
});

function checkLogGroup(check: Check, resource: Resource, parameters: Parameters): void {
  const { properties } = resource;
  const name = properties.get("name");
  const levels = check.known(name) ? levelsOf(resource, parameters) : {};
  const { days, exactly } = wantedDays(textOf(name.value), levels, parameters);
  check.expect(properties.get("retentionInDays"), (value) => (exactly ? value === days : Number(value ?? 0) >= days), {
    expected: exactly ? `${days}, as the requirements say for this level` : `${days} or more`,
    fix: `Set retentionInDays to ${days}.`,
  });
  check.expect(properties.get("kmsKeyId"), (value) => textOf(value) !== "", {
    expected: "a key of the account that encrypts the logs",
    fix: "Set kmsKeyId to the ARN of a key that CloudWatch Logs may use.",
  });
}

function wantedDays(
  name: string,
  levels: Readonly<Record<string, number>>,
  { days, auditDays, auditNames }: Parameters,
): { days: number; exactly: boolean } {
  const purpose = name.split("/").at(-1) ?? "";
  const ofLevel = Object.hasOwn(levels, purpose) ? levels[purpose] : undefined;
  return { days: ofLevel ?? (auditNames.includes(purpose) ? auditDays : days), exactly: ofLevel !== undefined };
}

/** The levels of the system that a resource belongs to; the name of a log group begins with its system. */
function levelsOf(resource: Resource, { levels }: Parameters): Readonly<Record<string, number>> {
  const name = systemOf(resource) ?? firstPart(textOf(resource.properties.get("name").value));
  return (Object.hasOwn(levels, name) ? levels[name] : undefined) ?? {};
}

function firstPart(name: string): string {
  return name.split("/").find((part) => part !== "") ?? "";
}

/** Loki keeps everything until its compactor is told to delete. */
function checkLoki(check: Check, root: Field, days: number, levels: Readonly<Record<string, number>>): void {
  const period = root.get("limits_config", "retention_period");
  check.expect(root.get("compactor", "retention_enabled"), (value) => value === true, {
    expected: "true, without which Loki deletes nothing",
  });
  check.expect(period, (value) => seconds(textOf(value)) >= days * DAY, { expected: `${days * 24}h or more` });
  const streams = root.get("limits_config", "retention_stream");
  const kept = new Map(
    check.items(streams).map((stream) => {
      const level = STREAM.exec(textOf(stream.get("selector").value))?.[1] ?? "";
      return [level, stream.get("period")] as const;
    }),
  );
  for (const [level, wanted] of Object.entries(levels)) {
    check.expect(kept.get(level) ?? streams, (value) => seconds(textOf(value)) === wanted * DAY, {
      ...(!kept.has(level) && { found: `nothing for the level ${level}` }),
      expected: `a period of ${wanted * 24}h for {level="${level}"}`,
    });
  }
}

function checkVolumes(check: Check, resource: Resource, least: string | undefined): void {
  const isSet = kubernetesKind(resource, "apps") === "StatefulSet";
  const isClaim = kubernetesKind(resource, "core") === "PersistentVolumeClaim";
  if (least === undefined || !(isSet || isClaim)) {
    return;
  }
  const claims = isClaim ? [resource.properties] : check.items(resource.properties.get("spec", "volumeClaimTemplates"));
  for (const claim of claims.filter((field) => /\blogs?\b/.test(textOf(field.get("metadata", "name").value)))) {
    check.expect(
      claim.get("spec", "resources", "requests", "storage"),
      (value) => (readQuantity(value) ?? 0) >= (readQuantity(least) ?? 0),
      { expected: `${least} or more`, fix: `Ask for a volume of ${least}.` },
    );
  }
}
