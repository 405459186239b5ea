import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer, text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";

import { extract, pack, type Pack } from "tar-stream";

import { cachePath, contentKey, once } from "../cache.ts";

/** An image that holds static programs and nothing else. */
export interface ScratchImage {
  name: string;
  /** Path in the image to the executable of this machine that goes there. */
  programs: Readonly<Record<string, string>>;
  entrypoint: readonly string[];
  /** The numeric user it runs as. @default 65532 */
  user?: number;
}

/** An image in a file. */
export interface ImageArchive {
  /** The reference it is imported under; its tag changes with its content. */
  reference: string;
  /** The path of an OCI archive. */
  archive: string;
}

const epoch = new Date(0);
const nobody = 65532;

/** Writes the image as an OCI archive into the cache, once for the same content. */
export async function scratchImage(image: ScratchImage): Promise<ImageArchive> {
  const key = contentKey(JSON.stringify(image));
  const reference = `images.local/${image.name}:${key}`;
  const directory = cachePath("addon-images", `${image.name}-${key}`);
  await once(directory, (temporary) => writeArchive(image, reference, join(temporary, "image.tar")));
  return { reference, archive: join(directory, "image.tar") };
}

/** The reference and manifest digest of the image in an OCI archive. */
export async function readArchive(archive: string): Promise<{ reference: string | undefined; digest: string }> {
  const index = JSON.parse(await readEntry(archive, "index.json")) as {
    manifests: { digest: string; annotations?: Record<string, string> }[];
  };
  const [manifest] = index.manifests;
  const annotations = manifest?.annotations ?? {};
  return {
    reference: annotations["io.containerd.image.name"] ?? annotations["org.opencontainers.image.ref.name"],
    digest: manifest?.digest ?? "",
  };
}

async function readEntry(archive: string, name: string): Promise<string> {
  const reader = extract();
  const source = createReadStream(archive);
  source.on("error", (error) => reader.destroy(error));
  source.pipe(reader);
  for await (const entry of reader) {
    if (entry.header.name.replace(/^\.\//, "") !== name) {
      entry.resume();
      continue;
    }
    const content = await text(entry);
    source.destroy();
    return content;
  }
  throw new Error(`${archive} holds no ${name}`);
}

async function writeArchive(image: ScratchImage, reference: string, file: string): Promise<void> {
  const layer = await layerOf(image.programs);
  const config = JSON.stringify({
    created: epoch.toISOString(),
    architecture: process.arch === "arm64" ? "arm64" : "amd64",
    os: "linux",
    config: { Entrypoint: image.entrypoint, User: String(image.user ?? nobody), WorkingDir: "/" },
    rootfs: { type: "layers", diff_ids: [digest(layer)] },
  });
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: descriptor("application/vnd.oci.image.config.v1+json", config),
    layers: [descriptor("application/vnd.oci.image.layer.v1.tar", layer)],
  });
  const annotations = { "io.containerd.image.name": reference, "org.opencontainers.image.ref.name": reference };
  const index = {
    schemaVersion: 2,
    manifests: [{ ...descriptor("application/vnd.oci.image.manifest.v1+json", manifest), annotations }],
  };
  const archive = pack();
  const written = pipeline(archive, createWriteStream(file));
  add(archive, "oci-layout", JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  add(archive, "index.json", JSON.stringify(index));
  for (const blob of [manifest, config, layer])
    add(archive, `blobs/sha256/${digest(blob).slice("sha256:".length)}`, blob);
  archive.finalize();
  await written;
}

async function layerOf(programs: Readonly<Record<string, string>>): Promise<Buffer> {
  const layer = pack();
  const content = buffer(layer);
  layer.entry({ name: "tmp/", type: "directory", mode: 0o1777, mtime: epoch });
  for (const [path, executable] of Object.entries(programs)) {
    add(layer, path.replace(/^\//, ""), await readFile(executable), 0o755);
  }
  layer.finalize();
  return await content;
}

function add(archive: Pack, name: string, content: string | Buffer, mode = 0o644): void {
  archive.entry({ name, mode, mtime: epoch }, content);
}

function descriptor(mediaType: string, content: string | Buffer) {
  return { mediaType, digest: digest(content), size: Buffer.byteLength(content) };
}

function digest(content: string | Buffer): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}
