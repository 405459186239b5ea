import { run } from "../../run.ts";
import { kubectlPath } from "../programs.ts";

/** What kubectl printed, with both streams, and its exit code. */
export interface KubectlResult {
  code: number;
  output: string;
}

/** kubectl in one namespace. */
export class Kubectl {
  readonly namespace: string;

  constructor(namespace: string) {
    this.namespace = namespace;
  }

  /** Runs kubectl to its end, whatever that is. */
  async try(args: readonly string[], input?: object): Promise<KubectlResult> {
    const options = { mayFail: true, ...(input === undefined ? {} : { input: JSON.stringify(input) }) };
    const { code, stdout, stderr } = await run(kubectlPath(), ["--namespace", this.namespace, ...args], options);
    return { code, output: stdout + stderr };
  }

  /** Runs kubectl and returns what it printed; throws when it fails. */
  async do(args: readonly string[], input?: object): Promise<string> {
    const { code, output } = await this.try(args, input);
    if (code !== 0) throw new Error(`kubectl ${args.join(" ")}: ${output}`);
    return output;
  }

  /** Creates objects. */
  async create(...objects: object[]): Promise<void> {
    for (const object of objects) await this.do(["create", "-f", "-"], object);
  }

  /** One field of an object, by a JSONPath such as `{.status.podIP}`. */
  async field(object: string, path: string): Promise<string> {
    return await this.do(["get", object, "-o", `jsonpath=${path}`]);
  }

  /** Waits until pods are ready. */
  async ready(...pods: string[]): Promise<void> {
    await this.do(["wait", "--for=condition=Ready", "--timeout=60s", ...pods.map((pod) => `pod/${pod}`)]);
  }
}

/** Repeats a check until it holds. */
export async function eventually(what: string, check: () => Promise<boolean>, seconds = 30): Promise<void> {
  for (const until = Date.now() + seconds * 1000; Date.now() < until;) {
    if (await check().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`${what}: not within ${seconds} s`);
}
