import type * as grpc from "@grpc/grpc-js";
import language, { type RunPluginRequest, type RunPluginResponse } from "@pulumi/pulumi/proto/language_pb.js";

import { finished, startNode } from "./children.ts";
import { refuseDebugger, resolveEntry, runtimeOptions } from "./options.ts";

const orderlyExit = import.meta.resolve("./orderly-exit.ts");

/** Milliseconds a plugin has for its own tidying after the engine no longer wants it. */
const grace = 2000;

/** Runs a policy pack (kind `analyzer`) or another plugin written for Node, and streams what it prints. */
export async function runPlugin(call: grpc.ServerWritableStream<RunPluginRequest, RunPluginResponse>): Promise<void> {
  const request = call.request;
  const info = request.getInfo();
  if (!info) throw new Error("the engine did not say where the plugin is; Pulumi 3.229 or newer is needed.");
  refuseDebugger(request.getAttachDebugger());
  const directory = info.getProgramDirectory();
  const { nodeargs, typescript, tsconfig } = runtimeOptions(info);
  const child = startNode(
    [...nodeargs, "--import", orderlyExit, ...command(request.getKind(), directory, request.getArgsList())],
    {
      // A pack reads its own package.json from the working directory; other plugins work where the engine does.
      cwd: request.getKind() === "analyzer" ? directory : request.getPwd() || directory,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        ...Object.fromEntries(request.getEnvList().map((entry) => split(entry))),
        PULUMI_NODEJS_TYPESCRIPT: String(typescript),
        ...(tsconfig === undefined ? {} : { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }),
      },
    },
  );
  call.on("cancelled", () => {
    child.kill("SIGTERM");
    setTimeout(() => child.kill("SIGKILL"), grace).unref();
  });
  child.stdout?.on("data", (chunk: Buffer) => call.write(message((response) => response.setStdout(chunk))));
  child.stderr?.on("data", (chunk: Buffer) => call.write(message((response) => response.setStderr(chunk))));
  const outcome = await finished(child);
  if (call.cancelled) return;
  if (typeof outcome === "string") throw new Error(`The plugin in ${directory} did not end by itself: ${outcome}.`);
  call.write(message((response) => response.setExitcode(outcome)));
}

function command(kind: string, directory: string, args: readonly string[]): string[] {
  if (kind === "analyzer") return [resolveEntry(directory, "run-policy-pack"), ...args, directory];
  return [resolveEntry(directory, "run-plugin"), directory, ...args];
}

function message(fill: (response: RunPluginResponse) => void): RunPluginResponse {
  const response = new language.RunPluginResponse();
  fill(response);
  return response;
}

function split(entry: string): [string, string] {
  const at = entry.indexOf("=");
  return [entry.slice(0, at), entry.slice(at + 1)];
}
