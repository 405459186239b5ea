import { readConfiguration } from "../common/configuration.ts";
import { createLogger } from "../common/logger.ts";
import { createRedaction } from "../common/redaction.ts";
import { pause } from "../common/retry.ts";
import { integer, text } from "../common/settings.ts";
import { Shutdown } from "../common/shutdown.ts";
import { reportFailure } from "../common/start-error.ts";
import { plannedChecks } from "./checks.ts";
import { listen } from "./listen.ts";
import { createProbeMetrics } from "./metrics.ts";
import { readSpecification } from "./specification.ts";
import { problemsOf, runChecks, type Results } from "./state.ts";
import { inspectVariables } from "./variables.ts";

/** Milliseconds between two rounds of checks while something fails at the start. */
const startInterval = 1_000;

const settings = {
  /** Where the service's specification is mounted. */
  PROBE_SPECIFICATION: text("the path of a file", "/etc/probe/specification.json"),
  /** Milliseconds for which checks may fail at the start, since stores may start later. */
  PROBE_PATIENCE_MS: integer(0, 3_600_000, 60_000),
  /** Milliseconds between two rounds of checks afterwards. */
  PROBE_INTERVAL_MS: integer(100, 3_600_000, 15_000),
};

/**
 * Runs in the place of a service whose image is not published, and proves that everything the service was promised is
 * there: variables, secrets, stores, volumes, ports, health paths and metrics. Wrong wiring ends it with exit code 1.
 */
async function main(environment: NodeJS.ProcessEnv): Promise<void> {
  const { configuration } = readConfiguration(settings, [], environment);
  const specification = readSpecification(configuration.PROBE_SPECIFICATION);
  const surroundings = inspectVariables(specification, environment);
  const secrets = [...surroundings.secrets.values()];
  const logger = createLogger({ service: specification.service, level: "info", secrets });
  if (surroundings.problems.length > 0) {
    logger.error({ problems: surroundings.problems }, "The wiring is wrong.");
    process.exit(1);
  }

  let results: Results | undefined;
  const shutdown = new Shutdown({ logger, notReady: () => (results = undefined), delay: 0, grace: 10_000 });
  shutdown.listen();
  const registry = createProbeMetrics(specification, () => results);
  if (specification.run === "service") shutdown.add("the ports", await listen(specification, registry, () => results));

  const checks = plannedChecks(specification, surroundings);
  const hide = createRedaction(secrets);
  const run = () => runChecks(checks, hide);
  const first = await firstResults(run, configuration.PROBE_PATIENCE_MS, shutdown.signal);
  if (shutdown.signal.aborted) return;
  if (problemsOf(first).length > 0) {
    logger.error({ problems: problemsOf(first) }, "The wiring is wrong.");
    process.exit(1);
  }
  results = first;
  logger.info({ checks: checks.map(({ name }) => name) }, "All checks passed.");
  if (specification.run === "job") return;
  while (!shutdown.signal.aborted) {
    await pause(configuration.PROBE_INTERVAL_MS, shutdown.signal);
    if (shutdown.signal.aborted) return;
    results = await run();
    if (problemsOf(results).length > 0) logger.error({ problems: problemsOf(results) }, "Checks fail.");
  }
}

/** Repeats failed checks while stores may still be starting. */
async function firstResults(run: () => Promise<Results>, patience: number, signal: AbortSignal): Promise<Results> {
  const end = performance.now() + patience;
  for (;;) {
    const results = await run();
    if (problemsOf(results).length === 0 || performance.now() >= end || signal.aborted) return results;
    await pause(startInterval, signal);
  }
}

main(process.env).catch((error: unknown) => {
  reportFailure(createLogger({ service: "probe", level: "info", secrets: [] }), error);
  process.exit(1);
});
