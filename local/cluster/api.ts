import { request } from "node:https";
import { request as requestPlain } from "node:http";

import { credentials, type Credentials } from "./kubeconfig.ts";
import { serverUrl, type Address } from "./settings.ts";

const limit = 3_000;
let administrator: Credentials | undefined;

/** An answer of the API server or of a component's health endpoint. */
export interface Answer {
  status: number;
  body: string;
}

/** Asks the API server, as the administrator, for a path such as `/readyz`. */
export async function askApi(path: string): Promise<Answer> {
  const { authority, certificate, key } = (administrator ??= await credentials("admin"));
  return await answer(
    request(`${serverUrl}${path}`, { ca: authority, cert: certificate, key, timeout: limit, agent: false }),
  );
}

/** Reads one API object or list. */
export async function readApi<T>(path: string): Promise<T> {
  const { status, body } = await askApi(path);
  if (status !== 200) throw new Error(`the API server answered ${status} for ${path}`);
  return JSON.parse(body) as T;
}

/** Whether a health endpoint answers with success; `https` endpoints of the machine itself are taken at their word. */
export async function isOk(scheme: "http" | "https", { host, port }: Address, path: string): Promise<boolean> {
  const url = `${scheme}://${host}:${port}${path}`;
  const options = { timeout: limit, agent: false } as const;
  const { status } = await answer(
    scheme === "http" ? requestPlain(url, options) : request(url, { ...options, rejectUnauthorized: false }),
  );
  return status === 200;
}

function answer(sent: ReturnType<typeof request>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    sent.on("error", reject);
    sent.on("timeout", () => sent.destroy(new Error("no answer in time")));
    sent.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
    });
    sent.end();
  });
}
