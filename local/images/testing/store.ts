import { chmod, chown, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { certificateAuthority, serverCertificate } from "../../../infra/kubernetes/certificates.ts";
import { cachePath } from "../../cache.ts";
import { ensureDebianPackages } from "../../packages.ts";
import { buildImages } from "../index.ts";
import { readArchive, unpack, type ImageConfig } from "./archive.ts";
import type { Question } from "./ask.ts";
import { Container } from "./container.ts";

const seed = "5e".repeat(32);

/** The image of a store, unpacked, with folders that stand for the volumes the cluster mounts. */
export class StoreImage {
  readonly directory: string;
  readonly authority: string;
  readonly #config: ImageConfig;
  /** Path in the container to the folder mounted there. */
  readonly #mounts: Record<string, { from: string; readOnly: boolean }> = {};

  private constructor(directory: string, authority: string, config: ImageConfig) {
    this.directory = directory;
    this.authority = authority;
    this.#config = config;
  }

  /** Builds and unpacks an image, and gives it a certificate for localhost. */
  static async prepare(name: "postgres" | "redis", volume: string): Promise<StoreImage> {
    await ensureDebianPackages(["runc", "util-linux"], "the tests of container images");
    const directory = cachePath("tests", `image-${name}-${process.pid}`);
    const { archive } = (await buildImages([name]))[name];
    const opened = await readArchive(archive);
    await unpack(archive, opened, join(directory, "bundle", "rootfs"));
    const authority = await certificateAuthority(seed, "images test");
    const server = await serverCertificate(seed, "images test", ["localhost"]);
    const image = new StoreImage(directory, authority.certificate, opened.config);
    await image.files("/run/tls/server", { "tls.crt": server.certificate, "tls.key": server.key });
    image.#mounts[volume] = { from: join(directory, "volume"), readOnly: false };
    // A volume as fsGroup leaves it.
    await mkdir(join(directory, "volume"));
    await chmod(join(directory, "volume"), 0o2770);
    await chown(join(directory, "volume"), 0, 10001);
    return image;
  }

  /** Mounts a folder of files as the cluster mounts a Secret: owned by root, readable by the group. */
  async files(path: string, files: Record<string, string>): Promise<void> {
    const from = join(this.directory, path.replaceAll("/", "_"));
    await rm(from, { recursive: true, force: true });
    await mkdir(from, { recursive: true, mode: 0o755 });
    for (const [name, content] of Object.entries(files)) {
      await writeFile(join(from, name), content, { mode: 0o440 });
      await chown(join(from, name), 0, 10001);
    }
    this.#mounts[path] = { from, readOnly: true };
  }

  async start(args: string[] = []): Promise<Container> {
    return await Container.start({
      bundle: join(this.directory, "bundle"),
      config: this.#config,
      mounts: this.#mounts,
      args,
    });
  }

  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** Asks a store in a container with the services' own clients. @throws Error with the client's message when it refuses */
export async function ask(container: Container, question: Question): Promise<unknown> {
  const program = join(import.meta.dirname, "ask.ts");
  const { code, stdout, stderr } = await container.client([process.execPath, program], JSON.stringify(question));
  if (code !== 0) throw new Error(stderr.trim());
  return JSON.parse(stdout);
}
