import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** What the function has told. */
export interface Told {
  path: string;
  headers: IncomingHttpHeaders;
  body: unknown;
}

/** Stands in for AWS Lambda's Runtime API: hands out the given calls, then lets the function wait as Lambda does. */
export class RuntimeApiStandIn {
  /** Host and port, as in AWS_LAMBDA_RUNTIME_API. */
  host = "";
  readonly told: Told[] = [];
  readonly #calls: { id: string; event: string }[] = [];
  readonly #waiting: ServerResponse[] = [];
  /** The status of the next answers to what the function tells. */
  status = 202;

  readonly #server = createServer((request, response) => {
    void (async () => {
      const path = (request.url ?? "").replace("/2018-06-01/runtime/", "");
      const body = await text(request);
      if (path === "invocation/next") {
        this.#waiting.push(response);
        return this.#handOut();
      }
      this.told.push({ path, headers: request.headers, body: JSON.parse(body) });
      response.writeHead(this.status).end('{"status":"OK"}');
    })();
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.host = `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Calls the function. */
  call(id: string, event: string): void {
    this.#calls.push({ id, event });
    this.#handOut();
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #handOut(): void {
    while (this.#calls.length > 0 && this.#waiting.length > 0) {
      const { id, event } = this.#calls.shift()!;
      const headers = {
        "lambda-runtime-aws-request-id": id,
        "lambda-runtime-deadline-ms": String(Date.now() + 60_000),
        "lambda-runtime-invoked-function-arn": "arn:aws:lambda:eu-central-1:123456789012:function:test",
      };
      this.#waiting.shift()!.writeHead(200, headers).end(event);
    }
  }
}
