import { chmod, cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

import { cachePath, contentKey } from "../../cache.ts";
import { run, type RunResult } from "../../run.ts";
import { throwawayCertificate } from "../../sealing-certificate.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const parts = ["app", "bench", "infra", "local", "policies", "stacks", "Pulumi.yaml", "Pulumi.dev.yaml"];
const files = ["package.json", "package-lock.json", "tsconfig.json"];

/** A command of the project, as a person would type it after `npm run`. */
export interface Invocation {
  /** The command and its arguments; none may hold a space. */
  command: string;
  /** Variables in the place of the usual ones. @default none */
  env?: (checkout: Checkout) => NodeJS.ProcessEnv;
  /** What the command is started with, such as `setpriv --reuid=65534 --`. @default itself */
  through?: readonly string[];
}

/** A copy of the checkout with a cache of its own, in which everything may be broken. */
export interface Checkout {
  directory: string;
  cache: string;
  /** Writes a file of the checkout, making its folder. */
  write(path: string, text: string): Promise<void>;
  /** Changes the text of a file of the checkout. */
  edit(path: string, change: (text: string) => string): Promise<void>;
  invoke(invocation: Invocation): Promise<RunResult>;
  /** A key of all files of the checkout and of the state of its stacks. */
  fingerprint(): Promise<string>;
  remove(): Promise<void>;
}

/** Copies the checkout. What was built from Go modules is shared with this machine's own cache. */
export async function copyCheckout(): Promise<Checkout> {
  const base = await mkdtemp(join(tmpdir(), "checkout-"));
  await chmod(base, 0o755);
  const [directory, cache] = [join(base, "checkout"), join(base, "cache")];
  await throwawayCertificate();
  await mkdir(cachePath("go"), { recursive: true });
  for (const part of [...parts, ...files]) await cp(join(root, part), join(directory, part), { recursive: true });
  await mkdir(cache);
  await symlink(join(root, "node_modules"), join(directory, "node_modules"));
  await symlink(cachePath("go"), join(cache, "go"));
  await cp(cachePath("throwaway-certificate"), join(cache, "throwaway-certificate"), { recursive: true });
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  };
  const checkout: Checkout = {
    directory,
    cache,
    write,
    edit: async (path, change) => write(path, change(await readFile(join(directory, path), "utf8"))),
    async invoke({ command, env, through = [] }) {
      const [name = "", ...args] = command.split(" ");
      const script = join(directory, "local", "commands", `${name}.ts`);
      const words = [...through, process.execPath, "--disable-warning=ExperimentalWarning", script, ...args];
      return await run(words[0] ?? "", words.slice(1), {
        cwd: directory,
        env: { ...environment(base, cache), ...env?.(checkout) },
        mayFail: true,
      });
    },
    fingerprint: async () =>
      contentKey(...(await contents(directory)), ...(await contents(join(cache, "pulumi", "state")))),
    remove: () => rm(base, { recursive: true, force: true }),
  };
  return checkout;
}

/** This process's environment without what would lead a command to another cluster, state or passphrase. */
function environment(base: string, cache: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(PULUMI_|KUBECONFIG$)/.test(name));
  return {
    ...Object.fromEntries(own),
    PATH: [dirname(process.execPath), process.env["PATH"]].join(delimiter),
    AGENT_COMMERCE_CACHE: cache,
    NODE_COMPILE_CACHE: join(base, "compiled"),
  };
}

/** The names and texts of all files below a folder, in a fixed order; those of locks come and go. */
async function contents(directory: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(directory, { withFileTypes: true }).catch(() => [])) {
    if (entry.isSymbolicLink() || entry.name === "locks") continue;
    const path = join(directory, entry.name);
    found.push(...(entry.isDirectory() ? await contents(path) : [path, await readFile(path, "utf8")]));
  }
  return found;
}
