import { spawn, type ChildProcess } from "node:child_process";
import { chown } from "node:fs/promises";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** Debian's user without any rights; servers never run as root. */
const nobody = 65534;
const root = process.getuid?.() === 0;

/** How a program is started so that it has no rights and ends with this process, however this process ends. */
export function unprivileged(program: string, args: readonly string[]): [command: string, args: string[]] {
  const user = root ? [`--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups"] : [];
  return ["setpriv", [...user, "--pdeathsig=INT", "--", program, ...args]];
}

/** Gives a file to the user that the servers run as. */
export async function handOver(path: string): Promise<void> {
  if (root) await chown(path, nobody, nobody);
}

/** A port of the loopback address that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("The operating system gave no port.");
  return address.port;
}

/** A server process that can be stopped and started again on the same port with the same data. */
export class Server {
  readonly #command: [string, string[]];
  readonly #answers: () => Promise<unknown>;
  #child: ChildProcess | undefined;
  #output = "";

  /** @param answers rejects while the server does not answer */
  constructor(command: [string, string[]], answers: () => Promise<unknown>) {
    this.#command = command;
    this.#answers = answers;
  }

  /** Everything that the server has written. */
  get output(): string {
    return this.#output;
  }

  /** Starts the server, unless it runs, and waits until it answers. */
  async start(): Promise<void> {
    if (this.#isRunning()) return;
    const child = spawn(...this.#command, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { LC_ALL: "C", PATH: process.env["PATH"] },
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (data: Buffer) => (this.#output += data.toString()));
    this.#child = child;
    for (const end = Date.now() + 20_000; ; await sleep(50)) {
      try {
        await this.#answers();
        return;
      } catch (error) {
        if (child.exitCode !== null || Date.now() > end) {
          await this.stop();
          throw new Error(`The server did not start:\n${this.#output}`, { cause: error });
        }
      }
    }
  }

  /** Makes the server silent while its connections stay open, until it is thawed. */
  freeze(): void {
    this.#child?.kill("SIGSTOP");
  }

  thaw(): void {
    this.#child?.kill("SIGCONT");
  }

  /** Ends the server at once and cleanly (SIGINT), or as a crash would (SIGKILL). */
  async stop(signal: "SIGINT" | "SIGKILL" = "SIGINT"): Promise<void> {
    const child = this.#child;
    if (child === undefined || !this.#isRunning()) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    const timer = setTimeout(() => child.kill("SIGKILL"), 10_000);
    await ended;
    clearTimeout(timer);
  }

  #isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }
}
