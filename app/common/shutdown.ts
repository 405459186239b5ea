import type { Logger } from "./logger.ts";

export interface ShutdownOptions {
  logger: Pick<Logger, "info" | "error">;
  /** Called first of all: from here on the service says that it is not ready. */
  notReady: () => void;
  /** Milliseconds to wait after that, so that load balancers notice. */
  delay: number;
  /** Milliseconds after which the stop is forced. */
  grace: number;
  /** @default ends the process */
  exit?: (code: number) => void;
}

/**
 * Stops a service in order: not ready, delay, then what was opened last is closed first, exit code 0. A step that fails,
 * a stop that outlasts its grace and a second signal end with exit code 1.
 */
export class Shutdown {
  readonly #options: Required<ShutdownOptions>;
  readonly #steps: { name: string; close: () => Promise<unknown> | void }[] = [];
  readonly #controller = new AbortController();
  #begun = false;

  constructor(options: ShutdownOptions) {
    this.#options = { exit: (code) => process.exit(code), ...options };
  }

  /** Aborts when the stop begins: for work that repeats itself. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Adds something that has been opened and must be closed. */
  add(name: string, close: () => Promise<unknown> | void): void {
    this.#steps.push({ name, close });
  }

  /** Stops on SIGTERM and SIGINT. */
  listen(): void {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void this.begin(signal));
  }

  /** Begins the stop; a second call forces it. */
  async begin(reason: string): Promise<void> {
    const { logger, notReady, delay, grace, exit } = this.#options;
    if (this.#begun) {
      logger.error({ reason }, "A second stop signal came: ending at once.");
      return exit(1);
    }
    this.#begun = true;
    const timer = setTimeout(() => {
      logger.error({ reason }, `The stop took longer than ${grace} ms: ending at once.`);
      exit(1);
    }, grace);
    timer.unref();
    logger.info({ reason }, "Stopping: no new work is taken.");
    notReady();
    await new Promise((resolve) => setTimeout(resolve, delay));
    this.#controller.abort();
    const failures = await this.#close();
    clearTimeout(timer);
    logger.info({ reason }, "Stopped.");
    exit(failures === 0 ? 0 : 1);
  }

  async #close(): Promise<number> {
    let failures = 0;
    for (const { name, close } of this.#steps.toReversed()) {
      try {
        await close();
      } catch (error) {
        failures += 1;
        this.#options.logger.error({ error }, `${name} could not be closed.`);
      }
    }
    return failures;
  }
}
