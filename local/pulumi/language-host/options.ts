import { createRequire } from "node:module";
import { join } from "node:path";

import type { ProgramInfo } from "@pulumi/pulumi/proto/language_pb.js";

/** The runtime options of a Pulumi.yaml, PulumiPlugin.yaml or PulumiPolicy.yaml that this host knows. */
export interface RuntimeOptions {
  /** Compile with ts-node instead of Node's own type stripping. @default true, as with Pulumi's own host */
  typescript: boolean;
  /** A tsconfig.json for ts-node, relative to the program. @default "tsconfig.json" */
  tsconfig: string | undefined;
  /** Arguments of Node itself, separated by blanks. @default none */
  nodeargs: string[];
}

/** @throws Error when an option has a value that is not allowed */
export function runtimeOptions(info: ProgramInfo): RuntimeOptions {
  const options = (info.getOptions()?.toJavaScript() ?? {}) as Record<string, unknown>;
  const { typescript = true, tsconfig, nodeargs = "" } = options;
  if (typeof typescript !== "boolean") throw wrong("typescript", typescript, "true or false");
  if (tsconfig !== undefined && typeof tsconfig !== "string") throw wrong("tsconfig", tsconfig, "the path of a file");
  if (typeof nodeargs !== "string") throw wrong("nodeargs", nodeargs, "a text such as --max-old-space-size=512");
  return { typescript, tsconfig, nodeargs: nodeargs.split(/\s+/).filter(Boolean) };
}

function wrong(name: string, value: unknown, allowed: string): Error {
  return new Error(`runtime option ${name} is ${JSON.stringify(value)}: write ${allowed}.`);
}

/**
 * The path of one of the SDK's entry points as the program in that folder would load it.
 *
 * @throws Error when the program's dependencies are not installed
 */
export function resolveEntry(directory: string, entry: "run" | "run-plugin" | "run-policy-pack"): string {
  try {
    return createRequire(join(directory, "package.json")).resolve(`@pulumi/pulumi/cmd/${entry}/index.js`);
  } catch {
    throw new Error(`@pulumi/pulumi is not installed for ${directory}: run \`npm ci\` there.`);
  }
}

/** @throws Error when the engine wants to attach a debugger, which it would wait for in vain */
export function refuseDebugger(wanted: boolean): void {
  if (!wanted) return;
  throw new Error(
    "--attach-debugger is not supported by this Node language host: set the runtime option `nodeargs: --inspect-brk` in Pulumi.yaml.",
  );
}
