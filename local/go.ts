import { readFile, readdir } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";

import { UserError } from "../infra/errors.ts";
import { cachePath, contentKey, once } from "./cache.ts";
import { step } from "./progress.ts";
import { run } from "./run.ts";

/** A program built from a small Go module of ours that names the pinned upstream modules. */
export interface GoProgram {
  /** The name of the executable, and of its folder in the cache. */
  name: string;
  /** The folder with go.mod and go.sum. */
  module: string;
  /** The package to build: a folder of the module such as "./pause", or the path of a pinned one. @default "." */
  package?: string;
  /** Linker variables, `import/path.Name` to value. @default none */
  variables?: Record<string, string>;
}

/**
 * Builds a Go program into the cache, keyed by its sources, pinned versions and linker variables.
 *
 * @returns the path of the executable
 * @throws UserError when Go is missing or the build fails
 */
export async function goBuild(program: GoProgram): Promise<string> {
  const { name, module, variables = {} } = program;
  const key = contentKey(...(await sources(program)), JSON.stringify([program.package, variables]));
  const directory = cachePath("go", `${name}-${key}`);
  const executable = join(directory, name);
  if (existsSync(executable)) return executable;
  await requireGo(program);
  await once(directory, (temporary) =>
    step(`building ${name} from its Go modules`, async (report) => {
      const flags = ["-s", "-w", ...Object.entries(variables).map(([variable, value]) => `-X ${variable}=${value}`)];
      let seen = 0;
      await run(
        "go",
        [
          "build",
          "-v",
          "-mod=readonly",
          "-ldflags",
          flags.join(" "),
          "-o",
          join(temporary, name),
          program.package ?? ".",
        ],
        {
          cwd: module,
          env: { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-buildvcs=false", GOTOOLCHAIN: "local" },
          onLine: (line) =>
            report(line.startsWith("go: downloading") ? line.slice(4, 70) : `${++seen} packages compiled`),
        },
      );
    }),
  );
  return executable;
}

/** The pinned versions and, where the package is a folder of the module, its sources. */
async function sources({ module, package: folder = "." }: GoProgram): Promise<string[]> {
  const inModule = folder.startsWith(".")
    ? (await readdir(join(module, folder))).filter((file) => file.endsWith(".go"))
    : [];
  const files = ["go.mod", "go.sum", ...inModule.sort().map((file) => join(folder, file))];
  return await Promise.all(files.map((file) => readFile(join(module, file), "utf8").catch(() => "")));
}

async function requireGo({ name, module }: GoProgram): Promise<void> {
  const wanted = /^go ([\d.]+)$/m.exec(await readFile(join(module, "go.mod"), "utf8"))?.[1] ?? "1.26";
  const { stdout } = await run("go", ["env", "GOVERSION"], { mayFail: true }).catch(() => ({ stdout: "" }));
  const found = /^go([\d.]+)/.exec(stdout)?.[1];
  if (found !== undefined && found.localeCompare(wanted, "en", { numeric: true }) >= 0) return;
  throw new UserError({
    where: "go",
    message:
      `Go ${wanted} or newer is needed on PATH to build ${name}, but ${found === undefined ? "there is none" : `found is ${found}`}; ` +
      "install it, or name your own cluster with --context.",
  });
}
