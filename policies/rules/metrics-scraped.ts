import type { Check } from "../frame/check.ts";
import { textOf } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { seconds } from "../workloads/alerts.ts";
import type { BySystem } from "../workloads/by-system.ts";
import { undecidedFiles } from "../workloads/documents.ts";
import { podOf } from "../workloads/kubernetes.ts";
import { readsSettingsElsewhere, scrapeJobsOf, type ScrapeJob } from "../workloads/scrapes.ts";
import { bySystemIn, services } from "../workloads/stack-systems.ts";

/** How the metrics of a system's services are read. */
interface Reading {
  path?: string;
  port?: number;
  /** Seconds between two readings, at most. */
  interval?: number;
  /** The endpoint asks for a password, a token or a certificate. */
  auth?: boolean;
}

interface Parameters {
  systems: BySystem<Reading>;
}

/** What Prometheus does when a job does not say. */
const DEFAULT_PATH = "/metrics";
const DEFAULT_INTERVAL = 60;

/** What is not measured can raise no alert. */
export const metricsScraped = definePolicy<Parameters>({
  id: "POL-METRICS-SCRAPED",
  title: "Every service is scraped",
  severity: "medium",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: { soc2: ["A1.1"] },
  requirements: [
    "WS-SEC-46",
    "EB-SEC-21",
    "EB-SEC-38",
    "AR-SEC-06",
    "CC-SEC-18",
    "CC-SEC-22",
    "CC-SEC-29",
    "RB-SEC-04",
    "RB-SEC-38",
  ],
  remediation: "Declare the metrics of the service in its specification: path, port and interval.",
  parameters: {
    systems: {
      type: "object",
      description:
        "How the metrics of each system's services are read: path, port, seconds between readings, credential.",
      default: {
        worldstore: {},
        "ecommerce-bot": { path: "/metrics", port: 9090 },
        archesai: { path: "/metrics", port: 9090, interval: 15 },
        ccl: { path: "/api/monitoring/metrics/prometheus", auth: true },
        "retail-brain": {},
      },
    },
  },
  checkStack(stack, { systems }) {
    const jobs = scrapeJobsOf(stack);
    for (const [system, workloads] of bySystemIn(stack, services(stack).filter(answersHttp))) {
      const reading = Object.hasOwn(systems, system) ? systems[system] : undefined;
      if (reading !== undefined) {
        workloads.forEach((workload) => checkWorkload(stack, workload, jobs, reading));
      }
    }
  },
});

/** Whether a workload has a port at all; ECS services are known by their tasks. */
function answersHttp(workload: StackResource): boolean {
  const pod = podOf(workload);
  return (
    pod === undefined ||
    pod.spec
      .get("containers")
      .items()
      .some((container) => container.get("ports").items().length > 0)
  );
}

function checkWorkload(stack: Stack, workload: StackResource, jobs: readonly ScrapeJob[], reading: Reading): void {
  const own = jobs.filter((job) => job.reads(workload));
  own.forEach((job) => checkJob(stack.check(job.resource), job, reading));
  const open = podOf(workload) ? undecidedFiles(stack) : readsSettingsElsewhere(stack, workload);
  if (own.length === 0 && !open) {
    stack.check(workload).object(workload.properties, {
      found: "a service whose metrics nobody reads",
      expected: podOf(workload)
        ? "a scrape job or a ServiceMonitor that reaches its pods"
        : "a collector in its task with a scrape job",
    });
  }
}

function checkJob(check: Check, { path, interval, ports, authenticates, field }: ScrapeJob, reading: Reading): void {
  if (reading.path !== undefined) {
    check.expect(path, (value) => (textOf(value) || DEFAULT_PATH) === reading.path, { expected: `"${reading.path}"` });
  }
  if (reading.port !== undefined) {
    const wanted = reading.port;
    ports
      .filter(({ value }) => /^\d+$/.test(textOf(value)))
      .forEach((port) => check.expect(port, (value) => Number(value) === wanted, { expected: String(wanted) }));
  }
  if (reading.interval !== undefined) {
    const longest = reading.interval;
    check.expect(interval, (value) => (value === undefined ? DEFAULT_INTERVAL : seconds(textOf(value))) <= longest, {
      expected: `${longest}s or less`,
    });
  }
  if (reading.auth === true && !authenticates) {
    check.object(field, {
      found: "a job without a credential",
      expected: "a password, token or certificate: the endpoint asks for one",
    });
  }
}
