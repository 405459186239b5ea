import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** What a client asked. */
export interface Asked {
  /** The operation: "RunTask", or "PUT /backup-jobs" where AWS's protocol has paths. */
  operation: string;
  body: Record<string, unknown>;
}

/** Stands in for services of AWS with JSON protocols, where the emulator does not know an operation or never ends it. */
export class AwsStandIn {
  endpoint = "";
  readonly asked: Asked[] = [];
  readonly #answers: (asked: Asked) => unknown;

  readonly #server = createServer((request, response) => {
    void (async () => {
      const body = await text(request);
      const target = String(request.headers["x-amz-target"] ?? "").split(".")[1];
      const operation = target ?? `${request.method} ${request.url}`;
      const asked = { operation, body: (body === "" ? {} : JSON.parse(body)) as Asked["body"] };
      this.asked.push(asked);
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(this.#answers(asked)));
    })();
  });

  /** @param answers what AWS would answer */
  constructor(answers: (asked: Asked) => unknown) {
    this.#answers = answers;
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.endpoint = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
