import { UserError } from "../infra/errors.ts";
import { cachePath, withLock } from "./cache.ts";
import { step } from "./progress.ts";
import { run } from "./run.ts";

/**
 * Installs the Debian packages that are missing.
 *
 * @param why what they are needed for, completing "is needed for ..."
 * @throws UserError when packages are missing and cannot be installed here
 */
export async function ensureDebianPackages(names: readonly string[], why: string): Promise<void> {
  const missing = await missingPackages(names);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0) {
    throw new UserError({
      where: missing.join(" "),
      message: `needed for ${why} and only root can install it; run \`sudo apt-get install ${missing.join(" ")}\` or start again as root.`,
    });
  }
  await withLock(cachePath("apt.lock"), () =>
    step(`installing ${missing.join(" ")} for ${why}`, async (report) => {
      const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
      const onLine = (line: string) => report(line.slice(0, 60));
      await run("apt-get", ["update", "-q"], { env, onLine, mayFail: true });
      await run("apt-get", ["install", "-q", "-y", "--no-install-recommends", ...missing], { env, onLine });
    }),
  );
}

async function missingPackages(names: readonly string[]): Promise<string[]> {
  const { stdout } = await run("dpkg-query", ["-W", "-f", "${Package} ${Status}\n", ...names], { mayFail: true });
  const installed = new Set(
    stdout
      .split("\n")
      .filter((line) => line.endsWith("install ok installed"))
      .map((line) => line.split(" ")[0]),
  );
  return names.filter((name) => !installed.has(name));
}
