import language, { type RunRequest, type RunResponse } from "@pulumi/pulumi/proto/language_pb.js";

import { finished, startNode } from "./children.ts";
import { refuseDebugger, resolveEntry, runtimeOptions } from "./options.ts";

/** The exit code by which the SDK says that it has already told the user what went wrong. */
const bail = 32;

/** Runs the user's program to its end. Its output goes straight to the engine, which reads this process's output. */
export async function runProgram(request: RunRequest, engine: string): Promise<RunResponse> {
  const info = request.getInfo();
  if (!info) throw new Error("the engine did not say where the program is; Pulumi 3.229 or newer is needed.");
  refuseDebugger(request.getAttachDebugger());
  const { typescript, tsconfig, nodeargs } = runtimeOptions(info);
  const entry = resolveEntry(info.getProgramDirectory(), "run");
  const child = startNode([...nodeargs, entry, ...programArguments(request, engine)], {
    cwd: request.getPwd() || info.getProgramDirectory(),
    stdio: ["ignore", "inherit", "inherit"],
    env: {
      ...process.env,
      PULUMI_CONFIG: JSON.stringify(
        Object.fromEntries(
          request
            .getConfigMap()
            .toArray()
            .map(([key, value]) => [oldKey(key), value]),
        ),
      ),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList().map(oldKey)),
      PULUMI_NODEJS_TYPESCRIPT: String(typescript),
      ...(tsconfig === undefined ? {} : { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }),
    },
  });
  const outcome = await finished(child);
  const response = new language.RunResponse();
  if (outcome === bail) response.setBail(true);
  else if (outcome !== 0) response.setError(failure(outcome));
  return response;
}

function programArguments(request: RunRequest, engine: string): string[] {
  const named = {
    monitor: request.getMonitorAddress(),
    engine,
    organization: request.getOrganization(),
    project: request.getProject(),
    "root-directory": request.getInfo()?.getRootDirectory(),
    stack: request.getStack(),
    pwd: request.getPwd(),
    parallel: String(request.getParallel()),
  };
  const flags = Object.entries(named).flatMap(([name, value]) => (value ? [`--${name}`, value] : []));
  return [
    ...flags,
    ...(request.getDryrun() ? ["--dry-run"] : []),
    request.getProgram() || ".",
    ...request.getArgsList(),
  ];
}

/** The engine writes `namespace:name`; the SDK reads the older `namespace:config:name` in all of its versions. */
function oldKey(key: string): string {
  const [namespace = "", ...name] = key.split(":");
  return name[0] === "config" && name.length > 1 ? key : `${namespace}:config:${name.join(":")}`;
}

function failure(outcome: number | string): string {
  return typeof outcome === "number"
    ? `Program exited with non-zero exit code: ${outcome}`
    : `The program did not end by itself: ${outcome}.`;
}
