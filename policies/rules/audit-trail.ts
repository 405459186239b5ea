import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import type { BySystem } from "../workloads/by-system.ts";
import { isDevelopment } from "../workloads/environment.ts";
import { LOG_GROUP } from "../workloads/logs.ts";
import { bySystemIn, ECS_SERVICE, lastingWorkloads } from "../workloads/stack-systems.ts";

/** How the audit log of a system is kept. */
interface Kept {
  /** In a bucket where no one can change or delete an object before its time. */
  objectLock?: boolean;
  /** Days of that time. */
  days?: number;
}

interface Parameters {
  systems: BySystem<Kept>;
  trail: boolean;
}

const TRAIL = "aws:cloudtrail/trail:Trail";
const BUCKET = /^aws:s3\/bucket(?:V2)?:/;
const LOCK = /^aws:s3\/bucketObjectLockConfiguration(?:V2)?:/;
const DAYS_A_YEAR = 365;

/** Who did what is written down where nobody can take it back. */
export const auditTrail = definePolicy<Parameters>({
  id: "POL-AUDIT-TRAIL",
  title: "Audit log destination protected",
  severity: "high",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: { pci: ["10.2.1", "10.3.2"], soc2: ["CC7.2"] },
  requirements: ["WS-SEC-34", "AR-SEC-39", "CC-SEC-26"],
  remediation: "Keep the audit log in a bucket with object lock, and let CloudTrail note what happens in the account.",
  parameters: {
    systems: {
      type: "object",
      description: "Systems that must keep an audit log, whether its bucket must be locked, and for how many days.",
      default: { worldstore: { objectLock: true, days: 2555 }, archesai: {}, ccl: {} },
    },
    trail: {
      type: "boolean",
      description: "Whether a stack on ECS makes the account's CloudTrail itself; false where another stack does.",
      default: true,
    },
  },
  check(check, { type, properties }) {
    if (type === TRAIL) {
      const off = (key: string) => properties.get(key);
      check.expect(off("enableLogging"), (value) => value !== false, { expected: "true" });
      check.expect(off("includeGlobalServiceEvents"), (value) => value !== false, { expected: "true" });
      check.expect(off("isMultiRegionTrail"), (value) => value === true, { expected: "true" });
      check.expect(off("enableLogFileValidation"), (value) => value === true, { expected: "true" });
      check.expect(off("kmsKeyId"), (value) => textOf(value) !== "", { expected: "a key that encrypts the trail" });
    }
  },
  checkStack(stack, { systems, trail }) {
    for (const [system, workloads] of bySystemIn(stack, lastingWorkloads(stack))) {
      const kept = Object.hasOwn(systems, system) ? systems[system] : undefined;
      const [first] = workloads;
      if (kept === undefined || first === undefined || workloads.some(isDevelopment)) {
        continue;
      }
      checkDestination(stack, first, kept);
      const task = workloads.find(({ type }) => type === ECS_SERVICE);
      if (trail && task !== undefined && !stack.resources.some(({ type }) => type === TRAIL)) {
        stack.check(task).object(task.properties, {
          found: "no CloudTrail in the stack",
          expected: "a trail that notes what happens in the account",
          fix: "Add one, or set the parameter trail to false where another stack makes it.",
        });
      }
    }
  },
  remediate(draft) {
    if (draft.type === TRAIL) {
      for (const key of ["enableLogging", "includeGlobalServiceEvents"]) {
        if (draft.get(key).value === false) {
          draft.get(key).set(true);
        }
      }
      for (const key of ["isMultiRegionTrail", "enableLogFileValidation"]) {
        draft.get(key).set(true);
      }
    }
  },
});

/** What is wrong with a place where audit logs go. */
interface Problem {
  resource: StackResource;
  field: Field;
  found?: string;
  expected: string;
}

function checkDestination(stack: Stack, workload: StackResource, kept: Kept): void {
  const groups = stack.resources.filter((resource) => resource.type === LOG_GROUP && isAudit(resource, "name"));
  const buckets = stack.resources.filter((resource) => BUCKET.test(resource.type) && isAudit(resource, "bucket"));
  const candidates = kept.objectLock === true ? buckets : [...buckets, ...groups];
  const verdicts = candidates.map((resource) =>
    kept.objectLock === true ? lockProblem(stack, resource, kept) : undefined,
  );
  if (verdicts.includes(undefined)) {
    return;
  }
  const [problem] = verdicts;
  const { resource, field, ...objection } = problem ?? {
    resource: workload,
    field: workload.properties,
    found: "no place for the audit log in the stack",
    expected: kept.objectLock === true ? "a bucket named audit, with object lock" : "a bucket or log group named audit",
  };
  stack.check(resource).object(field, objection);
}

/** Named so by the property or, where AWS makes up the name, by the program. */
function isAudit({ properties, name }: StackResource, property: string): boolean {
  return /\baudit\b/.test(textOf(properties.get(property).value) || name);
}

/** Why a bucket does not keep what is in it; undefined if it does, or if that is not known yet, which is reported. */
function lockProblem(stack: Stack, bucket: StackResource, { days = 0 }: Kept): Problem | undefined {
  const enabled = bucket.properties.get("objectLockEnabled");
  const inline = bucket.properties.get("objectLockConfiguration");
  const lock = stack.resources.find((resource) => LOCK.test(resource.type) && locks(resource, bucket));
  if (!stack.check(bucket).known(enabled)) {
    return undefined;
  }
  if (enabled.value !== true && inline.get("objectLockEnabled").value !== "Enabled") {
    return { resource: bucket, field: enabled, expected: "true: the audit log is kept unchanged" };
  }
  const resource = lock ?? bucket;
  const retention = (lock?.properties ?? inline).get("rule", "defaultRetention");
  const parts = [retention.get("mode"), retention.get("days"), retention.get("years")];
  if (parts.filter((part) => !stack.check(resource).known(part)).length > 0) {
    return undefined;
  }
  const [mode, inDays, inYears] = parts.map(({ value }) => value);
  if (mode !== "COMPLIANCE") {
    const field = retention.get("mode");
    return { resource, field, expected: '"COMPLIANCE", which holds for everyone' };
  }
  const time = Number(inDays ?? 0) + Number(inYears ?? 0) * DAYS_A_YEAR;
  const field = retention.get(inYears === undefined ? "days" : "years");
  return time >= days ? undefined : { resource, field, found: `${time} days`, expected: `${days} days or more` };
}

function locks(lock: StackResource, bucket: StackResource): boolean {
  const name = textOf(lock.properties.get("bucket").value);
  const sources = lock.propertyDependencies["bucket"] ?? [];
  return sources.includes(bucket.urn) || (name !== "" && name === textOf(bucket.properties.get("bucket").value));
}
