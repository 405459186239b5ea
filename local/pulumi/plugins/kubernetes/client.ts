import http from "node:http";
import https from "node:https";
import { setTimeout as sleep } from "node:timers/promises";

import type { Json } from "../values.ts";
import type { Connection } from "./kubeconfig.ts";
import { arrayAt, objectAt, stringAt } from "./object.ts";

const requestTimeout = 60_000;
const retries = 5;

export interface ApiRequest {
  method?: "GET" | "PATCH" | "DELETE";
  query?: Record<string, string>;
  body?: Json;
  contentType?: string;
  signal?: AbortSignal;
}

/** The API server refused a request. */
export class ApiError extends Error {
  readonly status: number;
  /** The server's word for it, such as `Invalid`, `Conflict` or `NotFound`. */
  readonly reason: string;
  /** What is wrong with which field. */
  readonly causes: { field: string; message: string; reason: string }[];

  constructor(status: number, body: Json) {
    super(stringAt(body, "message") ?? `The API server answered with status ${status}.`);
    this.name = "ApiError";
    this.status = status;
    this.reason = stringAt(body, "reason") ?? "";
    this.causes = arrayAt(body, "details", "causes").map((cause) => {
      const { field = "", message = "", reason = "" } = objectAt(cause);
      return { field: String(field), message: String(message), reason: String(reason) };
    });
  }
}

/** The API server could not be asked at all. */
export class UnreachableError extends Error {
  constructor(connection: Pick<Connection, "context" | "server">, reason: string) {
    super(
      `The cluster of context "${connection.context}" at ${connection.server} cannot be reached: ${reason}; ` +
        "start it, or name another one in the provider's `kubeconfig` and `context`.",
    );
    this.name = "UnreachableError";
  }
}

/** Sends requests to one API server. Every request of this plugin may safely be repeated, so passing troubles are retried. */
export class Client {
  readonly connection: Connection;
  private hasAnswered = false;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  /**
   * Sends a request and reads the JSON answer.
   *
   * @throws ApiError when the server refuses it
   * @throws UnreachableError when there is no answer
   */
  async json<T extends Json>(path: string, request: ApiRequest = {}): Promise<T> {
    return JSON.parse(await this.text(path, request)) as T;
  }

  /** Sends a request and reads the answer as it is. */
  async text(path: string, request: ApiRequest = {}): Promise<string> {
    for (let attempt = 1; ; attempt++) {
      try {
        const { status, body } = await this.send(path, request);
        this.hasAnswered = true;
        if (status < 300) return body;
        throw new ApiError(status, parseStatus(body));
      } catch (error) {
        if (request.signal?.aborted) throw error;
        if (attempt >= retries || !isPassing(error, this.hasAnswered)) throw this.explain(error);
        await sleep(100 * 2 ** attempt, undefined, { signal: request.signal });
      }
    }
  }

  private async send(path: string, request: ApiRequest): Promise<{ status: number; body: string }> {
    const { method = "GET", query = {}, body, contentType = "application/json", signal } = request;
    const url = new URL(this.connection.server + path);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const options = await this.connection.options();
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      accept: "application/json",
      "user-agent": "agent-commerce-kubernetes-plugin",
      ...options.headers,
      ...(payload === undefined ? {} : { "content-type": contentType, "content-length": Buffer.byteLength(payload) }),
    };
    const transport = url.protocol === "https:" ? https : http;
    return await new Promise((resolve, reject) => {
      const sent = transport.request(
        url,
        { ...options, method, headers, timeout: requestTimeout, ...(signal === undefined ? {} : { signal }) },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () =>
            resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
          );
        },
      );
      sent.on("timeout", () =>
        sent.destroy(Object.assign(new Error("it did not answer in time"), { code: "ETIMEDOUT" })),
      );
      sent.on("error", reject);
      sent.end(payload);
    });
  }

  private explain(error: unknown): unknown {
    if (error instanceof ApiError) return error;
    const { message, errors } = error as AggregateError;
    return new UnreachableError(this.connection, message || String((errors[0] as Error | undefined)?.message));
  }
}

function parseStatus(body: string): Json {
  try {
    return JSON.parse(body) as Json;
  } catch {
    return { message: body.trim().slice(0, 300) };
  }
}

/** Whether the same request may succeed a moment later. A refused connection may when the server was there before. */
function isPassing(error: unknown, hasAnswered: boolean): boolean {
  if (error instanceof ApiError) {
    return (
      [429, 503, 504].includes(error.status) || (error.status === 500 && /etcdserver|timed? ?out/.test(error.message))
    );
  }
  const code = (error as NodeJS.ErrnoException).code ?? "";
  return ["ECONNRESET", "EPIPE"].includes(code) || (hasAnswered && code === "ECONNREFUSED");
}
