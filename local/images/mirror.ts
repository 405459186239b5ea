import { UserError } from "../../infra/errors.ts";
import { run } from "../run.ts";

/** The Debian release all images are made of: the first with PostgreSQL 17 and pgvector. */
export const suite = "trixie";

/** How this machine reaches Debian packages. */
export interface Mirror {
  /** Lines of a sources.list for the release of the images. */
  sources: string;
  /** apt settings of this machine that a download needs, such as a proxy. */
  settings: string;
}

/**
 * Finds the Debian mirror that this machine's own apt uses.
 *
 * @throws UserError when it uses none
 */
export async function findMirror(): Promise<Mirror> {
  const format = "$(REPO_URI)|$(LABEL)|$(CREATED_BY)";
  const { stdout } = await run("apt-get", ["indextargets", "--format", format], { mayFail: true });
  const { stdout: settings } = await run("apt-config", ["dump", "Acquire"], { mayFail: true });
  return { sources: sourcesOf(stdout), settings: settingsOf(settings) };
}

/** The sources of the images' release on the mirrors that `apt-get indextargets` listed as URI|label|kind. */
export function sourcesOf(targets: string): string {
  const mirror = (label: string) =>
    targets
      .split("\n")
      .map((line) => line.split("|"))
      .find((fields) => fields[1] === label && fields[2] === "Packages")?.[0];
  const archive = mirror("Debian");
  const security = mirror("Debian-Security");
  if (archive === undefined) {
    throw new UserError({
      where: "apt",
      message:
        "no Debian mirror is configured on this machine, and container images are built from Debian packages; add one to " +
        "apt's sources and run `apt-get update`, or use a cluster that can pull published images with --context.",
    });
  }
  const lines = [`deb ${archive} ${suite} main`, `deb ${archive} ${suite}-updates main`];
  if (security !== undefined) lines.push(`deb ${security} ${suite}-security main`);
  return `${lines.join("\n")}\n`;
}

/** The settings about downloads among what `apt-config dump` printed. */
export function settingsOf(dump: string): string {
  const wanted = /^Acquire::(https?|ftp|proxy|retries|check-valid-until|check-date|forceipv[46])\b.* ".+";$/i;
  return dump
    .split("\n")
    .filter((line) => wanted.test(line))
    .map((line) => `${line}\n`)
    .join("");
}
