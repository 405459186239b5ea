import type { FastifyInstance } from "fastify";

import { readConfiguration, type Configuration, type Rule, type Settings } from "./configuration.ts";
import { Health } from "./health.ts";
import { createHttpServer } from "./http-server.ts";
import { createLogger, type Logger } from "./logger.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import { processSettings } from "./shared-settings.ts";
import { Shutdown } from "./shutdown.ts";
import { reportFailure } from "./start-error.ts";

/** What the frame of a process gives to the parts of a service. */
export interface ServiceContext<S extends Settings> {
  name: string;
  configuration: Configuration<S & typeof processSettings>;
  logger: Logger;
  metrics: Metrics;
  health: Health;
  shutdown: Shutdown;
  server: FastifyInstance;
}

export interface ServiceDefinition<S extends Settings> {
  name: string;
  settings: S;
  /** @default no rules beyond those of each setting */
  rules?: readonly Rule<S & typeof processSettings>[];
  /** Adds components, routes and steps of the stop. The service is ready only after it has settled. */
  start: (context: ServiceContext<S>) => Promise<void>;
}

/** Runs a process from its configuration to its stop. */
export async function runService<S extends Settings>(definition: ServiceDefinition<S>): Promise<void> {
  const { name, rules = [], start } = definition;
  let logger = createLogger({ service: name, level: "info", secrets: [] });
  const fail = (error: unknown) => {
    reportFailure(logger, error);
    process.exit(1);
  };
  process.removeAllListeners("warning").on("warning", (error) => logger.warn({ error }, "Node.js warns."));
  process.on("uncaughtException", fail);
  process.on("unhandledRejection", fail);
  try {
    const settings: S & typeof processSettings = { ...processSettings, ...definition.settings };
    const { configuration, secrets } = readConfiguration(settings, rules);
    const basics = configuration as Configuration<typeof processSettings>;
    const level = basics.LOG_LEVEL ?? (basics.NODE_ENV === "production" ? "info" : "debug");
    logger = createLogger({ service: name, level, secrets });

    const metrics = createMetrics();
    const health = new Health({ onChange: (component, state, error) => logChange(logger, component, state, error) });
    health.measure(metrics.registry);
    const shutdown = new Shutdown({
      logger,
      notReady: () => (health.phase = "stopping"),
      delay: basics.SHUTDOWN_DELAY_MS,
      grace: basics.SHUTDOWN_GRACE_MS,
    });
    shutdown.listen();
    const server = createHttpServer({ health, metrics, logger });

    await start({ name, configuration, logger, metrics, health, shutdown, server });
    shutdown.add("the HTTP server", () => server.close());
    const address = await server.listen({ host: "0.0.0.0", port: basics.PORT });
    if (health.phase === "starting") health.phase = "running";
    logger.info({ address, instance: basics.HOSTNAME }, "Started.");
  } catch (error) {
    fail(error);
  }
}

function logChange(
  logger: Logger,
  component: string,
  state: { status: string; critical: boolean },
  error: unknown,
): void {
  const fields = { component, critical: state.critical };
  if (state.status === "up") logger.info(fields, `${component} works.`);
  else logger.warn({ ...fields, error }, `${component} does not work.`);
}
