import { readFileSync } from "node:fs";
import { z } from "zod";

import { StartError } from "../common/start-error.ts";

const variableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be the name of a variable");
const path = z.string().startsWith("/", "must start with /");
const number = z.int().min(1).max(65535);

const specification = z.strictObject({
  service: z.string().min(1),
  /** A service listens until it is stopped, a job ends after its checks. */
  run: z.enum(["service", "job"]).default("service"),
  ports: z
    .array(
      z.strictObject({ name: z.string(), port: number, protocol: z.enum(["http", "tcp", "grpc"]).default("http") }),
    )
    .default([]),
  /** Paths that answer 200 while all checks pass; `port` is the name or the number of a declared port. */
  health: z.array(z.strictObject({ path, port: z.union([z.string(), number]) })).default([]),
  metrics: z
    .strictObject({
      path,
      port: z.union([z.string(), number]),
      names: z.array(z.string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/, "must be a Prometheus name")).default([]),
    })
    .nullable()
    .default(null),
  variables: z.array(variableName).default([]),
  secrets: z.array(variableName).default([]),
  stores: z
    .array(
      z.strictObject({
        name: z.string(),
        engine: z.enum(["postgres", "redis", "mongodb", "queue"]),
        urlVariable: variableName,
      }),
    )
    .default([]),
  volumes: z.array(z.strictObject({ path })).default([]),
});

/** What the service in whose place the probe runs was promised. */
export type ProbeSpecification = z.infer<typeof specification>;
export type ProbeStore = ProbeSpecification["stores"][number];

/**
 * Reads the specification from a file.
 *
 * @throws StartError that names every part of the file that is wrong
 */
export function readSpecification(file: string): ProbeSpecification {
  const result = specification.safeParse(readJson(file));
  if (!result.success) {
    const wrong = result.error.issues.map((issue) => `${issue.path.join(".") || "the file"}: ${issue.message}`);
    throw new StartError(`the specification ${file} cannot be used: ${wrong.join("; ")}.`);
  }
  const asked = [...result.data.health, ...(result.data.metrics ? [result.data.metrics] : [])];
  for (const { path: askedPath, port } of asked) {
    if (portNumber(result.data, port) === undefined) {
      throw new StartError(
        `the specification ${file} asks for ${askedPath} on port ${port}, which is none of its http ports.`,
      );
    }
  }
  return result.data;
}

/** The number of an http port that is given by its name or number. */
export function portNumber({ ports }: ProbeSpecification, nameOrNumber: string | number): number | undefined {
  return ports.find(
    ({ name, port, protocol }) => protocol === "http" && (name === nameOrNumber || port === nameOrNumber),
  )?.port;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const reason = error instanceof SyntaxError ? "it is not JSON" : (error as Error).message;
    throw new StartError(
      `the specification ${file} cannot be read (${reason}); mount it there or set PROBE_SPECIFICATION.`,
    );
  }
}
