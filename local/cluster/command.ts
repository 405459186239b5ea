import { createReadStream, existsSync } from "node:fs";
import { pipeline } from "node:stream/promises";

import { UserError } from "../../infra/errors.ts";
import { componentNames } from "./components.ts";
import { clusterStatus, deleteCluster, startCluster, stopCluster } from "./index.ts";
import { logFile } from "./process.ts";

const usage = "use: npm run cluster -- start | status | stop | delete | logs COMPONENT";

/** `npm run cluster -- ACTION` */
export async function clusterCommand([action, argument]: readonly string[]): Promise<void> {
  switch (action) {
    case "start": {
      const { kubeconfig, server, kubectl } = await startCluster();
      console.log(`The cluster is ready at ${server}.\n  kubeconfig  ${kubeconfig}\n  kubectl     ${kubectl}`);
      return;
    }
    case "status":
    case undefined:
      return await showStatus();
    case "stop":
      return await stopCluster();
    case "delete":
      return await deleteCluster();
    case "logs":
      return await showLog(argument);
    default:
      throw new UserError({ where: action, message: `there is no such action; ${usage}.` });
  }
}

async function showStatus(): Promise<void> {
  for (const { name, state, pid, memory } of await clusterStatus()) {
    const details = pid === undefined ? "" : `  process ${pid}, ${memory} MiB`;
    console.log(`${name.padEnd(22)}${state.padEnd(10)}${details}`);
  }
}

async function showLog(name = ""): Promise<void> {
  const allowed = componentNames.join(", ");
  if (!componentNames.some((known) => known === name)) {
    throw new UserError({ where: name || "logs", message: `names no component; the components are ${allowed}.` });
  }
  if (!existsSync(logFile(name)))
    throw new UserError({ where: name, message: "has no log yet; start the cluster first." });
  await pipeline(createReadStream(logFile(name)), process.stdout, { end: false });
}
