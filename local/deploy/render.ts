import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { dump } from "js-yaml";

import { UserError, type Problem } from "../../infra/errors.ts";
import { preview, type PlannedResource } from "./preview.ts";

/** A Kubernetes object as the program gives it. */
interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; annotations?: Record<string, string> };
  data?: unknown;
  stringData?: unknown;
}

const heading = "# Rendered from the specification; edit that instead.\n";

/**
 * Writes the Kubernetes objects of a stack as files, one for each object, with secrets sealed. Files of an earlier
 * rendering are replaced, others in the folder stay.
 *
 * @returns the names of the files, sorted
 * @throws UserError when the stack is not one of Kubernetes or was never started, or an object would show a secret
 */
export async function render(stack: string, directory: string): Promise<string[]> {
  const { resources, policies } = await preview({ stack });
  const violations = policies.filter(({ level }) => level === "mandatory");
  if (violations.length > 0) throw new UserError(violations.map(({ message }) => ({ where: stack, message })));
  const files = new Map(manifests(resources).map((manifest) => [fileName(manifest), manifest]));
  if (files.size === 0) {
    throw new UserError({
      where: stack,
      message: "it has no Kubernetes objects; name a stack whose target is kubernetes.",
    });
  }
  if ([...files.values()].some(isUnknown)) {
    throw new UserError({
      where: stack,
      message: `its secrets are made when it is first started, so nothing can be sealed yet; run \`npm start -- --stack ${stack}\` once.`,
    });
  }
  const problems = [...files.values()].flatMap(exposures);
  if (problems.length > 0) throw new UserError(problems);
  await mkdir(directory, { recursive: true });
  await removeRendered(directory);
  for (const [name, manifest] of files)
    await writeFile(join(directory, name), heading + dump(manifest, { lineWidth: -1 }));
  return [...files.keys()].sort();
}

function manifests(resources: readonly PlannedResource[]): Manifest[] {
  return resources
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .map(({ inputs }) => withoutEngineMarks(inputs as unknown as Manifest));
}

/** Annotations that speak to Pulumi's provider mean nothing to a cluster. */
function withoutEngineMarks({ apiVersion, kind, metadata, ...manifest }: Manifest): Manifest {
  const { annotations, ...rest } = metadata;
  const kept = Object.entries(annotations ?? {}).filter(([key]) => !key.startsWith("pulumi.com/"));
  const annotated = kept.length > 0 ? { annotations: Object.fromEntries(kept) } : {};
  return { apiVersion, kind, metadata: { ...rest, ...annotated }, ...manifest };
}

function exposures(manifest: Manifest): Problem[] {
  const where = `${manifest.kind} ${manifest.metadata.name}`;
  const isOpen = manifest.kind === "Secret" && (manifest.data !== undefined || manifest.stringData !== undefined);
  return isOpen || JSON.stringify(manifest).includes('"[secret]"')
    ? [{ where, message: "it would show a secret value in a file; make it a SealedSecret." }]
    : [];
}

function isUnknown(manifest: Manifest): boolean {
  return JSON.stringify(manifest).includes("[unknown]");
}

/** Namespaces come first in the order in which kubectl applies a folder. */
function fileName({ kind, metadata: { name } }: Manifest): string {
  return `${kind === "Namespace" ? "0" : "1"}-${kind}-${name}.yaml`.toLowerCase();
}

async function removeRendered(directory: string): Promise<void> {
  for (const name of (await readdir(directory)).filter((file) => file.endsWith(".yaml"))) {
    const file = join(directory, name);
    if ((await readFile(file, "utf8")).startsWith(heading)) await rm(file);
  }
}
