import { Agent, request, type IncomingHttpHeaders } from "node:http";

/** A call of the function, as Lambda hands it over. */
export interface Call {
  requestId: string;
  /** Milliseconds since 1970. */
  deadline: number;
  /** JSON. */
  event: string;
}

/** How a failure is told to Lambda. */
export interface Failure {
  errorType: string;
  errorMessage: string;
}

/** AWS Lambda's Runtime API, version 2018-06-01. */
export class RuntimeApi {
  readonly #host: string;
  // One connection, kept open: Lambda freezes the process between two calls.
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  /** @param host value of AWS_LAMBDA_RUNTIME_API: host and port */
  constructor(host: string) {
    this.#host = host;
  }

  /** Waits for the next call, however long that takes. */
  async next(): Promise<Call> {
    const { headers, body } = await this.#ask("GET", "invocation/next");
    const requestId = String(headers["lambda-runtime-aws-request-id"] ?? "");
    if (requestId === "") throw new Error("Lambda's Runtime API gave a call without a request id.");
    return { requestId, deadline: Number(headers["lambda-runtime-deadline-ms"] ?? 0), event: body };
  }

  async respond(requestId: string, answer: string): Promise<void> {
    await this.#ask("POST", `invocation/${requestId}/response`, answer);
  }

  async fail(requestId: string, failure: Failure): Promise<void> {
    await this.#tell(`invocation/${requestId}/error`, failure);
  }

  /** Says that the function cannot start at all. */
  async failStart(failure: Failure): Promise<void> {
    await this.#tell("init/error", failure);
  }

  async #tell(path: string, failure: Failure): Promise<void> {
    const type = { "lambda-runtime-function-error-type": `Function.${failure.errorType}` };
    await this.#ask("POST", path, JSON.stringify({ ...failure, stackTrace: [] }), type);
  }

  async #ask(
    method: string,
    path: string,
    body = "",
    headers: Record<string, string> = {},
  ): Promise<{ headers: IncomingHttpHeaders; body: string }> {
    const url = `http://${this.#host}/2018-06-01/runtime/${path}`;
    const json = { "content-type": "application/json", "content-length": Buffer.byteLength(body), ...headers };
    return await new Promise((resolve, reject) => {
      const asked = request(url, { method, agent: this.#agent, headers: json }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.once("error", reject);
        answer.once("end", () => {
          const status = answer.statusCode ?? 0;
          if (status < 200 || status > 299) reject(new Error(`Lambda's Runtime API answered ${status} to ${path}.`));
          else resolve({ headers: answer.headers, body: Buffer.concat(chunks).toString() });
        });
      });
      asked.once("error", reject);
      asked.end(body);
    });
  }
}
