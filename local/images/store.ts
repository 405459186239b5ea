import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { UserError } from "../../infra/errors.ts";
import { cachePath, contentKey } from "../cache.ts";
import { run, type RunOptions, type RunResult } from "../run.ts";
import type { ContextFile } from "./context.ts";
import type { Mirror } from "./mirror.ts";

/** One build of one Dockerfile. */
export interface Build {
  dockerfile: string;
  context: readonly ContextFile[];
  /** Puts further files into the context folder. @default none */
  fill?: (directory: string) => Promise<void>;
  /** The reference the Dockerfile starts from. @default from scratch */
  base?: string;
  /** Where the image goes: a reference in this store, or `oci-archive:FILE:REFERENCE`. */
  destination: string;
  onLine: (line: string) => void;
}

/** Image storage of this project alone, worked on by buildah. One process at a time may hold it. */
export interface Store {
  has(reference: string): Promise<boolean>;
  build(build: Build): Promise<void>;
  /** Removes every image but these, and all that was needed to build them. */
  close(keep: readonly string[]): Promise<void>;
}

/** Opens the storage and clears away what an interrupted build left. */
export async function openStore(mirror: Mirror): Promise<Store> {
  const scratch = cachePath("images", "scratch");
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true, mode: 0o755 });
  const buildah = await chooseDriver(scratch);
  await buildah(["rm", "--all"], { mayFail: true });
  await buildah(["rmi", "--prune"], { mayFail: true });
  const machine = await writeMachineFiles(scratch, mirror);

  /** Runs a build and tells the last lines of both streams when it fails: package managers explain themselves on either. */
  async function followed(args: readonly string[], onLine: (line: string) => void): Promise<void> {
    const last: string[] = [];
    const note = (line: string) => {
      onLine(line);
      if (last.push(line) > 12) last.shift();
    };
    const { code } = await buildah(args, { onLine: note, mayFail: true });
    if (code === 0) return;
    throw new UserError({
      where: "buildah",
      message: `the build ended with exit code ${code}:\n  ${last.join("\n  ")}`,
    });
  }

  return {
    async has(reference) {
      return (await buildah(["inspect", "--type", "image", reference], { mayFail: true })).code === 0;
    },
    async build({ dockerfile, context, fill, base, destination, onLine }) {
      const directory = join(scratch, "context");
      await mkdir(directory);
      for (const { path, mode, content } of context) {
        await writeFile(join(directory, path), content);
        await chmod(join(directory, path), mode);
      }
      await fill?.(directory);
      const file = join(scratch, "Dockerfile");
      await writeFile(file, dockerfile);
      const args = ["build", "--isolation", "chroot", "--pull-never", "--file", file, "--tag", destination];
      if (base !== undefined) args.push("--build-arg", `BASE=${base}`);
      args.push(...machine.flatMap((mount) => ["--volume", mount]), directory);
      await followed(args, onLine);
      await rm(directory, { recursive: true });
    },
    async close(keep) {
      const { stdout } = await buildah(["images", "--format", "{{.Name}}:{{.Tag}}"]);
      const stale = stdout.split("\n").filter((name) => name !== "" && !keep.includes(name));
      if (stale.length > 0) await buildah(["rmi", "--force", ...stale], { mayFail: true });
      await rm(scratch, { recursive: true, force: true });
    },
  };
}

type Buildah = (args: readonly string[], options?: RunOptions) => Promise<RunResult>;

/** Overlay where the file system under the cache allows it, else the slower copies of vfs. */
async function chooseDriver(scratch: string): Promise<Buildah> {
  const overlay = await buildahWith("overlay", scratch);
  return (await overlay(["info"], { mayFail: true })).code === 0 ? overlay : await buildahWith("vfs", scratch);
}

async function buildahWith(driver: string, scratch: string): Promise<Buildah> {
  const root = cachePath("images", "store", driver);
  // What is mounted is noted where a restart of the machine forgets it.
  const runroot = join("/run/agent-commerce/images", contentKey(root));
  const file = join(scratch, `storage-${driver}.conf`);
  await writeFile(file, `[storage]\ndriver = "${driver}"\ngraphroot = "${root}"\nrunroot = "${runroot}"\n`);
  const env = { ...process.env, TMPDIR: scratch, CONTAINERS_STORAGE_CONF: file };
  return (args, options) => run("buildah", args, { ...options, env });
}

/** How this machine reaches its packages: mounted while an image is built, and never part of it. */
async function writeMachineFiles(directory: string, mirror: Mirror): Promise<string[]> {
  const settings = join(directory, "apt.conf");
  const sources = join(directory, "sources.list");
  await writeFile(settings, mirror.settings, { mode: 0o644 });
  await writeFile(sources, mirror.sources, { mode: 0o644 });
  return [`${settings}:/etc/apt/apt.conf.d/00machine:ro`, `${sources}:/etc/apt/sources.list.d/machine.list:ro`];
}
