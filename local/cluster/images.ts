import { UserError } from "../../infra/errors.ts";
import { step } from "../progress.ts";
import { ctr } from "./containerd.ts";
import { readArchive } from "./oci.ts";

/**
 * Imports an OCI archive into the cluster's container runtime, unless the same image is there under the same reference.
 *
 * @param archive the path of the archive, which names its reference
 * @throws UserError when it cannot be imported
 */
export async function importImage(archive: string): Promise<void> {
  const { reference, digest } = await readArchive(archive);
  if (reference === undefined) {
    throw new UserError({
      where: archive,
      message: "names no image reference; write it with an `org.opencontainers.image.ref.name`.",
    });
  }
  if (await isPresent(reference, digest)) return;
  await step(`importing ${reference}`, async () => {
    const { code, stderr } = await ctr(["images", "import", archive]);
    if (code !== 0 || !(await isPresent(reference, digest))) {
      throw new UserError({
        where: archive,
        message: `could not be imported: ${stderr.trim() || `it holds no ${reference}`}.`,
      });
    }
  });
}

async function isPresent(reference: string, digest: string): Promise<boolean> {
  const { stdout } = await ctr(["images", "list", `name==${reference}`]);
  return stdout.split("\n").some((line) => line.startsWith(`${reference} `) && line.includes(digest));
}
