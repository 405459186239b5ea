import { cachePath } from "../../cache.ts";
import { kubectlPath } from "../../cluster/programs.ts";
import { run } from "../../run.ts";

interface Named {
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
}

/** What kubectl prints for arguments, asked of the local cluster. */
export async function kubectl(...args: string[]): Promise<string> {
  return (await run(kubectlPath(), args)).stdout;
}

/** The objects of the given kinds in a namespace. */
export async function objects<T = Named>(namespace: string, kinds: string): Promise<(T & Named)[]> {
  const { items } = JSON.parse(await kubectl("get", kinds, "-n", namespace, "-o", "json")) as { items: (T & Named)[] };
  return items;
}

/** The answer of a service, reached through the API server's proxy. */
export async function ask(namespace: string, service: string, port: number, path: string): Promise<string> {
  return await kubectl("get", "--raw", `/api/v1/namespaces/${namespace}/services/http:${service}:${port}/proxy${path}`);
}

/** Every value of every Secret in a namespace. */
export async function secretValues(namespace: string): Promise<string[]> {
  const secrets = await objects<{ data?: Record<string, string> }>(namespace, "secrets");
  return secrets.flatMap(({ data = {} }) =>
    Object.values(data).map((value) => Buffer.from(value, "base64").toString()),
  );
}

/** The settings with which a stack was last started on this machine. */
export function machineFile(stack: string): string {
  return cachePath("stacks", `${stack}.yaml`);
}
