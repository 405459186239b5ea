import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { UserError } from "../../infra/errors.ts";
import { cachePath, contentKey, once } from "../cache.ts";
import { ensureDebianPackages } from "../packages.ts";
import { step } from "../progress.ts";
import { run } from "../run.ts";

const requirements = join(import.meta.dirname, "requirements.txt");

/** A Python with moto, AWS's SDK and its service models, and the list of IAM actions. */
export interface PythonEnvironment {
  /** The interpreter. */
  python: string;
  /** The folder of the installed packages. */
  packages: string;
}

/**
 * Makes the Python environment in the cache, once for each set of pinned versions and each version of Python.
 *
 * @throws UserError when there is no Python 3 that can make environments, or the packages cannot be installed
 */
export async function pythonEnvironment(): Promise<PythonEnvironment> {
  const version = await pythonVersion();
  const key = contentKey(version, await readFile(requirements));
  // An environment holds its own path, so it is filled where it stays and marked when it is whole.
  const folder = cachePath("python", key, "environment");
  await once(cachePath("python", key, "complete"), () => step("installing moto and AWS's models", () => make(folder)));
  return { python: join(folder, "bin", "python"), packages: await packagesOf(folder) };
}

async function make(folder: string): Promise<void> {
  const create = () => run("python3", ["-m", "venv", "--clear", folder], { mayFail: true });
  if ((await create()).code !== 0) {
    // Debian keeps the module that makes environments in a package of its own.
    await ensureDebianPackages(["python3", "python3-venv"], "the local AWS emulator");
    const { code, stderr, stdout } = await create();
    if (code !== 0) throw new UserError({ where: "python3 -m venv", message: `failed:\n  ${stderr || stdout}` });
  }
  const options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:"];
  await run(join(folder, "bin", "python"), ["-m", "pip", "install", ...options, "-r", requirements]);
}

async function pythonVersion(): Promise<string> {
  const ask = () => run("python3", ["-c", "import sys; print(sys.version_info[:3], sys.prefix)"], { mayFail: true });
  const found = await ask().catch(async () => {
    if (process.platform !== "linux")
      throw new UserError({ where: "python3", message: "is not installed; install Python 3.11 or newer." });
    await ensureDebianPackages(["python3", "python3-venv"], "the local AWS emulator");
    return await ask();
  });
  const minor = Number(/^\(3, (\d+)/.exec(found.stdout)?.[1]);
  if (!(minor >= 10)) {
    throw new UserError({
      where: "python3",
      message: `is ${found.stdout.trim() || found.stderr.trim()}; the AWS emulator needs Python 3.10 or newer.`,
    });
  }
  return found.stdout;
}

async function packagesOf(folder: string): Promise<string> {
  const { stdout } = await run(join(folder, "bin", "python"), [
    "-c",
    "import sysconfig; print(sysconfig.get_path('purelib'))",
  ]);
  return stdout.trim();
}
