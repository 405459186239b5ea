import { definePolicy } from "../frame/policy.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import {
  alertsOf,
  durationOf,
  isThreshold,
  requirementFields,
  requirementsOf,
  thresholdOf,
  type Alert,
} from "../workloads/alerts.ts";
import { undecidedFiles } from "../workloads/documents.ts";
import type { BySystem } from "../workloads/by-system.ts";
import { bySystemIn, lastingWorkloads, systemIn } from "../workloads/stack-systems.ts";

/** An alert that a system must have. */
interface Required {
  name: string;
  /** Seconds for which the condition holds, or over which it is counted, where the requirements say so. */
  seconds?: number;
}

interface Parameters {
  alerts: BySystem<Readonly<Record<string, Required>>>;
}

const ALERTS: Parameters["alerts"] = {
  worldstore: {
    "WS-ALR-01": { name: "XmtpConnectionFailure" },
    "WS-ALR-02": { name: "XmtpConnectionDown", seconds: 120 },
    "WS-ALR-03": { name: "XmtpInstallationsNearLimit" },
    "WS-ALR-04": { name: "AgentMemoryHigh", seconds: 300 },
    "WS-ALR-05": { name: "MessageProcessingDelay" },
    "WS-ALR-06": { name: "PaymentFailures", seconds: 300 },
    "WS-ALR-07": { name: "RedisMemoryHigh" },
    "WS-ALR-08": { name: "ServiceDown" },
    "WS-ALR-09": { name: "HighApiErrorRate", seconds: 600 },
    "WS-ALR-10": { name: "UnusualUserBehaviour" },
    "WS-ALR-11": { name: "ApproachingRateLimits" },
    "WS-ALR-12": { name: "SlowResponses", seconds: 600 },
    "WS-ALR-13": { name: "WalletBalance" },
  },
  "ecommerce-bot": {
    "EB-ALR-01": { name: "HighErrorRate", seconds: 300 },
    "EB-ALR-02": { name: "HighLatency", seconds: 300 },
    "EB-ALR-03": { name: "PodMemoryUsage", seconds: 300 },
  },
  archesai: {
    "AR-ALR-01": { name: "HighErrorRate", seconds: 300 },
    "AR-ALR-02": { name: "HighLatency", seconds: 300 },
    "AR-ALR-03": { name: "HighMemoryUsage", seconds: 300 },
  },
  ccl: {
    "CC-ALR-01": { name: "HealthCheckFailure" },
    "CC-ALR-02": { name: "HighErrorRate" },
    "CC-ALR-03": { name: "SlowResponse", seconds: 300 },
    "CC-ALR-04": { name: "DatabaseConnectionFailure" },
    "CC-ALR-05": { name: "MemoryHigh" },
    "CC-ALR-06": { name: "DiskLow" },
  },
  "retail-brain": {
    "RB-ALR-01": { name: "ApiErrorRate", seconds: 300 },
    "RB-ALR-02": { name: "ResponseTime", seconds: 300 },
    "RB-ALR-03": { name: "DatabaseCpu", seconds: 300 },
    "RB-ALR-04": { name: "RedisMemory", seconds: 300 },
    "RB-ALR-05": { name: "FailedIdentityResolution", seconds: 300 },
    "RB-ALR-06": { name: "DiskSpace" },
  },
};

/** What no alert watches is noticed by the customers. */
export const alertCoverage = definePolicy<Parameters>({
  id: "POL-ALERT-COVERAGE",
  title: "All alerts of the system exist",
  severity: "high",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: { soc2: ["CC7.2"] },
  requirements: [
    "WS-SEC-11",
    "WS-SEC-21",
    "WS-SEC-23",
    "WS-SEC-32",
    "WS-SEC-46",
    "EB-SEC-43",
    "AR-SEC-06",
    "CC-SEC-20",
    "CC-SEC-36",
    "RB-SEC-06",
    "RB-SEC-32",
    "RB-SEC-37",
  ],
  remediation: "Declare the alert in the specification of the system, with the id of its requirement.",
  parameters: {
    alerts: {
      type: "object",
      description:
        "The alerts that each system must have, by the id of their requirement; seconds where one is stated.",
      default: ALERTS,
    },
  },
  checkStack(stack, { alerts: table }) {
    const alerts = alertsOf(stack);
    alerts.forEach((alert) => checkAlert(stack, alert, table));
    for (const [system, workloads] of bySystemIn(stack, lastingWorkloads(stack))) {
      checkSystem(stack, alerts, placeOf(stack, alerts, system) ?? workloads[0], table[system] ?? {});
    }
  },
});

/** The file with the system's rules, where one that is missing would stand. */
function placeOf(stack: Stack, alerts: readonly Alert[], system: string): StackResource | undefined {
  return alerts.find(({ kind, resource }) => kind === "prometheus" && systemIn(stack, resource) === system)?.resource;
}

function checkSystem(
  stack: Stack,
  alerts: readonly Alert[],
  place: StackResource | undefined,
  required: Readonly<Record<string, Required>>,
): void {
  const present = new Set(alerts.flatMap(requirementsOf));
  const missing = Object.entries(required).filter(([id]) => !present.has(id));
  if (place === undefined || missing.length === 0 || undecided(stack, alerts)) {
    return;
  }
  for (const [id, { name }] of missing) {
    stack.check(place).object(place.properties, {
      found: `no rule or alarm for ${id}`,
      expected: `the alert ${name} with the label or tag requirement ${id}`,
    });
  }
}

/** An alert that is not known yet may be the one that is missing. */
function undecided(stack: Stack, alerts: readonly Alert[]): boolean {
  const open = alerts.filter((alert) =>
    requirementFields(alert).some((field) => !stack.check(alert.resource).known(field)),
  );
  return undecidedFiles(stack) || open.length > 0;
}

function checkAlert(stack: Stack, alert: Alert, table: Parameters["alerts"]): void {
  const check = stack.check(alert.resource);
  check.expect(thresholdOf(alert), (value) => isThreshold(alert, value), {
    expected: alert.kind === "composite" ? "a rule that names alarms" : "a threshold",
  });
  if (alert.kind === "composite") {
    return;
  }
  const { place, seconds } = durationOf(check, alert);
  if (seconds === undefined) {
    return;
  }
  if (alert.kind === "metric" && !(seconds > 0)) {
    check.object(place, { expected: "a period, and how many of them are looked at" });
    return;
  }
  const known = Object.assign({}, ...Object.values(table)) as Readonly<Record<string, Required>>;
  for (const time of requirementsOf(alert).flatMap((id) => known[id]?.seconds ?? [])) {
    // CloudWatch sees whole periods only, so an alarm may take up to twice the time.
    if (seconds < time || seconds > 2 * time) {
      check.object(place, {
        found: `${seconds} seconds`,
        expected: `a condition that holds or is counted for ${time} to ${2 * time} seconds`,
      });
    }
  }
}
