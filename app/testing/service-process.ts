import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const repository = join(import.meta.dirname, "..", "..");

export type LogLine = Record<string, unknown> & { message: string; level: string };

/** One of the app's programs, running as a process of its own. */
export class ServiceProcess {
  /** Everything that it has written. */
  output = "";
  readonly ended: Promise<number>;
  readonly #child: ChildProcess;

  /**
   * @param program and its arguments, below the repository
   * @param environment all of it: nothing is inherited but PATH
   */
  constructor(program: readonly string[], environment: Record<string, string>) {
    this.#child = spawn(process.execPath, [...program], {
      cwd: repository,
      env: { PATH: process.env["PATH"], ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on("data", (data: Buffer) => (this.output += data.toString()));
    }
    this.ended = new Promise((resolve) => {
      this.#child.once("close", (code, signal) => resolve(code ?? (signal === null ? 1 : 128)));
    });
  }

  /** The lines of the log so far. Fails when one of them is no JSON object with the fields that every line has. */
  lines(): LogLine[] {
    const lines = this.output.split("\n").slice(0, -1);
    return lines.map((line) => {
      const value = JSON.parse(line) as LogLine;
      assert.match(String(value["timestamp"]), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, line);
      assert.match(value.level, /^(error|warn|info|debug)$/, line);
      assert.equal(typeof value.message, "string", line);
      return value;
    });
  }

  /** Waits for a line of the log. */
  async line(message: string | RegExp, milliseconds = 15_000): Promise<LogLine> {
    return await eventually(async () => {
      const found = this.lines().find((line) =>
        typeof message === "string" ? line.message === message : message.test(line.message),
      );
      assert.ok(found, `no line ${String(message)} in:\n${this.output}`);
      return found;
    }, milliseconds);
  }

  /** The address of its HTTP server, once it listens. */
  async url(): Promise<string> {
    const { address } = await this.line("Started.");
    return `http://127.0.0.1:${new URL(String(address)).port}`;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Asks it to stop. @returns its exit code */
  async stop(): Promise<number> {
    this.signal("SIGTERM");
    return await this.ended;
  }

  /** Ends it at once if it still runs. */
  async destroy(): Promise<void> {
    this.signal("SIGKILL");
    await this.ended;
  }
}

/** Repeats the assertion until it holds or the time is over. */
export async function eventually<T>(assertion: () => Promise<T>, milliseconds = 15_000): Promise<T> {
  for (const end = Date.now() + milliseconds; ; await sleep(50)) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

/** The answers of all processes that tests look into. */
export interface Answer {
  status: string;
  phase: string;
  timestamp: string;
  service: string;
  version: string;
  services: Record<string, { status: string; critical: boolean; reason?: string }>;
  xmtp: Record<string, unknown>;
}

/** Asks a path for JSON. */
export async function getJson(url: string): Promise<{ status: number; body: Answer }> {
  const response = await fetch(url, { headers: { connection: "close" } });
  return { status: response.status, body: (await response.json()) as Answer };
}
