import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { run, type RunResult } from "../../run.ts";
import type { ImageConfig } from "./archive.ts";

/** A container as the cluster would run it: read-only root, no capabilities, uid 10001, and a network of its own. */
export interface ContainerOptions {
  /** The folder that holds `rootfs`. */
  bundle: string;
  config: ImageConfig;
  /** Folders of this machine by their path in the container; those with `readOnly` cannot be written. */
  mounts: Record<string, { from: string; readOnly: boolean }>;
  args?: string[];
}

const user = { uid: 10001, gid: 10001 };

/** One running container. Its loopback interface is its only network. */
export class Container {
  readonly #id: string;
  readonly #state: string;
  readonly #exited: Promise<number>;
  /** Everything it wrote to its output so far. */
  logs = "";

  private constructor(id: string, state: string, bundle: string) {
    this.#id = id;
    this.#state = state;
    const child = spawn("runc", ["--root", state, "run", "--bundle", bundle, id], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (data: Buffer) => (this.logs += data.toString()));
    }
    this.#exited = new Promise((resolve) => child.once("close", (code) => resolve(code ?? -1)));
  }

  static async start(options: ContainerOptions): Promise<Container> {
    await mkdir(options.bundle, { recursive: true });
    await writeFile(join(options.bundle, "config.json"), JSON.stringify(runtimeSpecification(options)));
    return new Container(
      `images-test-${randomBytes(4).toString("hex")}`,
      join(options.bundle, "state"),
      options.bundle,
    );
  }

  /** Waits until a command inside it succeeds. */
  async ready(command: readonly string[]): Promise<void> {
    await this.until(`${command.join(" ")} succeeded`, async () => (await this.exec(command)).code === 0);
  }

  /** Waits until something is true while it runs. */
  async until(what: string, isTrue: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 90_000;
    while (!(await isTrue())) {
      const running = await Promise.race([this.#exited.then(() => false), sleep(20, true)]);
      if (!running || Date.now() > deadline) throw new Error(`It never came that ${what}:\n${this.logs}`);
    }
  }

  /** Runs a command inside it, as its user. */
  async exec(command: readonly string[]): Promise<RunResult> {
    return await run("runc", ["--root", this.#state, "exec", this.#id, ...command], { mayFail: true });
  }

  /** Runs a program of this machine on its network. */
  async client(command: readonly string[], input: string): Promise<RunResult> {
    const { stdout } = await run("runc", ["--root", this.#state, "state", this.#id]);
    const { pid } = JSON.parse(stdout) as { pid: number };
    return await run("nsenter", [`--net=/proc/${pid}/ns/net`, ...command], { input, mayFail: true, timeout: 30_000 });
  }

  /** Sends a signal to its first process and waits for its end. */
  async stop(signal: string): Promise<number> {
    await run("runc", ["--root", this.#state, "kill", this.#id, signal], { mayFail: true });
    return await this.#exited;
  }

  /** Its exit code, once it has ended by itself. */
  async exit(): Promise<number> {
    return await this.#exited;
  }
}

function runtimeSpecification({ config, mounts, args = [] }: ContainerOptions) {
  const nothing: string[] = [];
  const temporary = (destination: string, mode: string) => ({
    destination,
    type: "tmpfs",
    source: "tmpfs",
    options: ["nosuid", `mode=${mode}`],
  });
  return {
    ociVersion: "1.0.2",
    process: {
      user,
      args: [...(config.Entrypoint ?? []), ...args],
      env: config.Env ?? [],
      cwd: config.WorkingDir || "/",
      capabilities: {
        bounding: nothing,
        effective: nothing,
        inheritable: nothing,
        permitted: nothing,
        ambient: nothing,
      },
      noNewPrivileges: true,
    },
    root: { path: "rootfs", readonly: true },
    mounts: [
      { destination: "/proc", type: "proc", source: "proc" },
      temporary("/dev", "755"),
      temporary("/dev/shm", "1777"),
      temporary("/tmp", "1777"),
      temporary("/run", "755"),
      ...Object.entries(mounts).map(([destination, { from, readOnly }]) => ({
        destination,
        type: "bind",
        source: from,
        options: ["rbind", readOnly ? "ro" : "rw"],
      })),
    ],
    linux: { namespaces: ["pid", "ipc", "uts", "mount", "network"].map((type) => ({ type })) },
  };
}
