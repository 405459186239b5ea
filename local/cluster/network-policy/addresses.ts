import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Where libcni writes down what it gave to each pod, before the pod's first container starts; the place is fixed. */
export const cniResults = "/var/lib/cni/results";

/** A pod sandbox that has an address at the moment. */
export interface Attachment {
  podUid: string;
  address: string;
}

interface CniResult {
  cniArgs?: [string, string][];
  result?: { ips?: { address: string }[] };
}

/**
 * The addresses that pods of a network have at this moment. The API server learns them a second later, and keeps
 * those of pods that have ended.
 */
export async function attachments(network: string): Promise<Attachment[]> {
  const files = await readdir(cniResults).catch(() => []);
  const texts = files
    .filter((file) => file.startsWith(`${network}-`))
    .map((file) => readFile(join(cniResults, file), "utf8").catch(() => ""));
  return (await Promise.all(texts)).flatMap(parseResult);
}

/** The attachments in one result file; none while it is being written. */
export function parseResult(text: string): Attachment[] {
  let parsed: CniResult;
  try {
    parsed = JSON.parse(text) as CniResult;
  } catch {
    return [];
  }
  const podUid = parsed.cniArgs?.find(([name]) => name === "K8S_POD_UID")?.[1];
  if (podUid === undefined) return [];
  return (parsed.result?.ips ?? []).map(({ address }) => ({ podUid, address: address.split("/")[0]! }));
}
