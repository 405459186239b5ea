import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { UserError } from "../../infra/errors.ts";
import { cachePath, once } from "../cache.ts";
import type { Report } from "../progress.ts";
import { run } from "../run.ts";
import type { BaseName } from "./catalogue.ts";
import { suite, type Mirror } from "./mirror.ts";

/** The Node.js release of the images. */
const nodeVersion = "24.21.0";

const excluded = [
  "/usr/share/doc/*",
  "/usr/share/man/*",
  "/usr/share/info/*",
  "/usr/share/locale/*",
  "/usr/share/lintian/*",
];

const bootstrap = [
  "--mode=root",
  "--variant=minbase",
  "--format=tar",
  ...excluded.map((path) => `--dpkgopt=path-exclude=${path}`),
  // What belongs to this machine stays here.
  '--customize-hook=rm -f "$1/etc/apt/sources.list" "$1/etc/apt/apt.conf.d/99mmdebstrap" "$1/etc/hostname" "$1/etc/resolv.conf"',
];

/** What a base image is made of besides its Dockerfile, as a text that changes with it. */
export const origins: Readonly<Record<"debian" | "node", string>> = {
  debian: JSON.stringify([suite, process.arch, bootstrap]),
  node: `node ${nodeVersion} ${process.arch}`,
};

/** Puts the large files of a base image into its build context. */
export async function fillBaseContext(
  name: BaseName,
  directory: string,
  mirror: Mirror,
  report: Report,
): Promise<void> {
  if (name === "node") await copyFile(await nodeBinary(report), join(directory, "node"));
  else await bootstrapDebian(join(directory, "rootfs.tar"), mirror, report);
}

/** Makes the root file system of a minimal Debian, with the security updates of today. */
async function bootstrapDebian(archive: string, mirror: Mirror, report: Report): Promise<void> {
  const settings = `${archive}.apt.conf`;
  await writeFile(settings, mirror.settings, { mode: 0o600 });
  const args = [...bootstrap, `--aptopt=${settings}`, suite, archive, "-"];
  const onLine = (line: string) => {
    if (line.startsWith("I: ")) report(line.slice(3, 63));
  };
  const { code, stderr } = await run("mmdebstrap", args, { input: mirror.sources, onLine, mayFail: true });
  if (code === 0) return;
  const reasons = stderr.split("\n").filter((line) => /^(E|Err|W):|No space left/.test(line));
  throw new UserError({
    where: "mmdebstrap",
    message:
      `Debian ${suite} could not be installed from this machine's apt mirror; make \`apt-get update\` work, or use a cluster ` +
      `that can pull published images with --context. It said:\n  ${reasons.slice(-6).join("\n  ")}`,
  });
}

/** The Node.js executable from npm; the one that runs this, when it is the same. */
async function nodeBinary(report: Report): Promise<string> {
  const name = `node-linux-${process.arch}`;
  const executable = join("node_modules", name, "bin", "node");
  if (process.execPath.endsWith(executable) && process.version === `v${nodeVersion}`) return process.execPath;
  report(`downloading Node.js ${nodeVersion}`);
  const directory = await once(cachePath("images", `node-${nodeVersion}`), async (temporary) => {
    const flags = ["--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"];
    await run("npm", ["install", "--prefix", temporary, ...flags, `${name}@${nodeVersion}`]);
  });
  return join(directory, executable);
}
