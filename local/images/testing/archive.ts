import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { run } from "../../run.ts";

/** The part of an OCI image configuration that decides how a container runs. */
export interface ImageConfig {
  User?: string;
  Volumes?: Record<string, unknown>;
  Env?: string[];
  Entrypoint?: string[];
  WorkingDir?: string;
  StopSignal?: string;
  Labels?: Record<string, string>;
}

interface Descriptor {
  digest: string;
  size: number;
}

/** An OCI archive, opened. */
export interface Archive {
  reference: string | undefined;
  config: ImageConfig;
  /** Bytes of all layers, unpacked. */
  size: number;
  /** The paths of the layers inside the archive, lowest first. */
  layers: string[];
}

/** Reads what an OCI archive says of itself. */
export async function readArchive(archive: string): Promise<Archive> {
  const read = async (path: string) => (await run("tar", ["--extract", "--to-stdout", "--file", archive, path])).stdout;
  const index = JSON.parse(await read("index.json")) as {
    manifests: [Descriptor & { annotations?: Record<string, string> }];
  };
  const manifest = JSON.parse(await read(blob(index.manifests[0]))) as { config: Descriptor; layers: Descriptor[] };
  const { config } = JSON.parse(await read(blob(manifest.config))) as { config: ImageConfig };
  return {
    reference: index.manifests[0].annotations?.["org.opencontainers.image.ref.name"],
    config,
    size: manifest.layers.reduce((sum, { size }) => sum + size, 0),
    layers: manifest.layers.map(blob),
  };
}

/** Unpacks the layers into a root file system. They must not be compressed and must not delete files of lower layers. */
export async function unpack(archive: string, { layers }: Archive, root: string): Promise<void> {
  await mkdir(root, { recursive: true });
  for (const layer of layers) {
    const commands = 'tar --extract --to-stdout --file "$1" "$2" | tar --extract --directory "$3" --exclude ".wh.*"';
    await run("bash", ["-o", "pipefail", "-c", commands, "unpack", archive, layer, root]);
  }
}

function blob({ digest }: Descriptor): string {
  return join("blobs", digest.replace(":", "/"));
}
