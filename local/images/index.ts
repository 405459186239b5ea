import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

import { UserError } from "../../infra/errors.ts";
import { cachePath, withLock } from "../cache.ts";
import { ensureDebianPackages } from "../packages.ts";
import { step } from "../progress.ts";
import { fillBaseContext, origins } from "./base.ts";
import { catalogue, imageNames, type BaseName, type ImageName } from "./catalogue.ts";
import { contextFiles, dockerfile, type ContextFile } from "./context.ts";
import { findMirror } from "./mirror.ts";
import { imageKey, imageReference } from "./reference.ts";
import { openStore, type Store } from "./store.ts";

export type { ImageName } from "./catalogue.ts";

/** A container image on this machine's disk. */
export interface BuiltImage {
  name: ImageName;
  /** `images.local/<name>:<12 hexadecimal digits>`: the same inputs give the same reference. */
  reference: string;
  /** The path of the image as an OCI archive. */
  archive: string;
}

/** An image with everything its key depends on. */
interface Plan<Name extends string> {
  name: Name;
  dockerfile: string;
  context: readonly ContextFile[];
  key: string;
  reference: string;
}

/**
 * Builds the container images that are missing, from Debian and npm packages, without an image registry. Images whose
 * inputs did not change are found by their content key in milliseconds.
 *
 * @param names @default all
 * @throws UserError when this is not root on Linux, no Debian mirror can be reached, the disk is full or a program does not compile
 */
export async function buildImages<Name extends ImageName = ImageName>(
  names: readonly Name[] = imageNames as readonly ImageName[] as readonly Name[],
): Promise<Record<Name, BuiltImage>> {
  const bases = await planBases();
  const plans = await Promise.all(names.map((name) => plan(name, bases[catalogue[name].base ?? "debian"].key)));
  const missing = plans.filter((plan) => !existsSync(archivePath(plan)));
  if (missing.length > 0) await buildMissing(missing, bases);
  const built = plans.map((plan) => [
    plan.name,
    { name: plan.name, reference: plan.reference, archive: archivePath(plan) },
  ]);
  return Object.fromEntries(built) as Record<Name, BuiltImage>;
}

type Bases = Record<BaseName, Plan<BaseName>>;

async function planBases(): Promise<Bases> {
  const debian = await plan("debian", origins.debian);
  return { debian, node: await plan("node", `${debian.key} ${origins.node}`) };
}

async function plan<Name extends ImageName | BaseName>(name: Name, origin: string): Promise<Plan<Name>> {
  const [text, context] = await Promise.all([dockerfile(name), contextFiles(name)]);
  const key = imageKey({ dockerfile: text, context, origin });
  return { name, dockerfile: text, context, key, reference: imageReference(name, key) };
}

function archivePath({ name, key }: Plan<string>): string {
  return cachePath("images", "archives", name, `${key}.tar`);
}

async function buildMissing(missing: readonly Plan<ImageName>[], bases: Bases): Promise<void> {
  requireRoot();
  await ensureDebianPackages(["buildah", "mmdebstrap"], "building container images");
  await withLock(cachePath("images", "build.lock"), async () => {
    const wanted = missing.filter((plan) => !existsSync(archivePath(plan)));
    if (wanted.length === 0) return;
    const mirror = await findMirror();
    const store = await openStore(mirror);
    const needed = new Set(wanted.map(({ name }) => catalogue[name].base));
    for (const name of ["debian", "node"] as const) {
      const base = bases[name];
      if (!(name === "debian" || needed.has(name)) || (await store.has(base.reference))) continue;
      await building(name, async (report) =>
        store.build({
          ...base,
          ...startingFrom(name, bases),
          fill: (directory) => fillBaseContext(name, directory, mirror, report),
          destination: base.reference,
          onLine: (line) => report(line.slice(0, 60)),
        }),
      );
    }
    for (const plan of wanted) await buildArchive(store, plan, bases);
    await store.close(Object.values(bases).map(({ reference }) => reference));
  });
}

/** Builds one image into an archive that takes its name when it is complete, and removes the archives before it. */
async function buildArchive(store: Store, plan: Plan<ImageName>, bases: Bases): Promise<void> {
  const archive = archivePath(plan);
  const folder = dirname(archive);
  await mkdir(folder, { recursive: true });
  const partial = join(folder, "partial");
  await rm(partial, { force: true });
  await building(plan.name, async (report) =>
    store.build({
      ...plan,
      ...startingFrom(plan.name, bases),
      destination: `oci-archive:${partial}:${plan.reference}`,
      onLine: (line) => report(line.slice(0, 60)),
    }),
  );
  await rename(partial, archive);
  const older = (await readdir(folder)).filter((file) => join(folder, file) !== archive);
  await Promise.all(older.map((file) => rm(join(folder, file))));
}

function startingFrom(name: ImageName | BaseName, bases: Bases): { base?: string } {
  const { base } = catalogue[name];
  return base === undefined ? {} : { base: bases[base].reference };
}

async function building(name: string, work: (report: (text: string) => void) => Promise<void>): Promise<void> {
  try {
    await step(`building the container image ${name}`, work);
  } catch (error) {
    if (!/no space left on device|ENOSPC/i.test(String(error))) throw error;
    throw new UserError(
      { where: cachePath("images"), message: `the disk is full; free about 4 GB and start again.` },
      { cause: error },
    );
  }
}

function requireRoot(): void {
  if (process.platform === "linux" && process.getuid?.() === 0) return;
  throw new UserError({
    where: "container images",
    message:
      "they can be built on Linux by root only; start again as root (sudo), or use a cluster that can pull published " +
      "images with --context.",
  });
}
