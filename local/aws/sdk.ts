import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

import type { AwsRequest } from "./judge.ts";
import { pythonEnvironment } from "./python.ts";
import type { Answer } from "./requests/creation.ts";

/** AWS, or the SDK before it, refused a request. */
export class RefusedRequest extends Error {
  /** AWS's code, such as "InvalidParameterValue"; "ParamValidation" when the SDK did not send it. */
  readonly code: string;

  constructor({ service, operation }: AwsRequest, { code, message }: { code: string; message: string }) {
    super(`${service} ${operation}: ${message}`);
    this.name = "RefusedRequest";
    this.code = code;
  }
}

interface Result {
  answer?: Answer;
  error?: { code: string; message: string };
}

/** AWS's own SDK for Python, in a process of its own. */
export class Sdk {
  readonly #child: ChildProcess;
  readonly #waiting: { resolve: (result: Result) => void; reject: (error: Error) => void }[] = [];
  readonly #closed: Promise<void>;

  private constructor(child: ChildProcess) {
    this.#child = child;
    let errors = "";
    child.stderr?.on("data", (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-4000)));
    if (child.stdout)
      createInterface(child.stdout).on("line", (line) => this.#waiting.shift()?.resolve(JSON.parse(line) as Result));
    this.#closed = new Promise((resolve) =>
      child.once("close", () => {
        for (const { reject } of this.#waiting.splice(0)) reject(new Error(`the SDK's process ended:\n${errors}`));
        resolve();
      }),
    );
  }

  /** @param endpoint where requests go */
  static async start(region: string, endpoint: string): Promise<Sdk> {
    const { python } = await pythonEnvironment();
    const script = join(import.meta.dirname, "sdk.py");
    const env = { PATH: process.env["PATH"], AWS_EC2_METADATA_DISABLED: "true" };
    return new Sdk(spawn(python, [script, region, endpoint], { stdio: "pipe", env }));
  }

  /**
   * Sends one request.
   *
   * @throws RefusedRequest when it is refused
   */
  async send(request: AwsRequest): Promise<Answer> {
    const { service, operation, parameters } = request;
    const result = new Promise<Result>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    this.#child.stdin?.write(`${JSON.stringify({ service, operation, parameters })}\n`);
    const { answer, error } = await result;
    if (error) throw new RefusedRequest(request, error);
    return answer ?? {};
  }

  /** Ends the process. */
  async stop(): Promise<void> {
    this.#child.stdin?.end();
    await this.#closed;
  }
}
