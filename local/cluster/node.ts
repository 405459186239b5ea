import { setTimeout as sleep } from "node:timers/promises";

import { UserError } from "../../infra/errors.ts";
import { readApi } from "./api.ts";
import { logFile } from "./process.ts";
import { clusterName } from "./settings.ts";

interface Node {
  status: { conditions?: { type: string; status: string; message: string; lastHeartbeatTime: string }[] };
}

const limit = 60_000;

/** Whether the node is ready, as of a moment; a report from before it may come from a kubelet that is dead by now. */
export async function isNodeReady(since = 0): Promise<boolean> {
  const ready = await readyCondition();
  return ready?.status === "True" && Date.parse(ready.lastHeartbeatTime) >= since;
}

/**
 * Waits until the node is ready.
 *
 * @param since epoch milliseconds; older reports do not count
 * @throws UserError with the node's own reason
 */
export async function waitForNode(since: number): Promise<void> {
  // The API keeps whole seconds.
  const from = Math.floor(since / 1000) * 1000;
  for (const until = Date.now() + limit; Date.now() < until; await sleep(250)) {
    if (await isNodeReady(from).catch(() => false)) return;
  }
  const reason = (await readyCondition().catch(() => undefined))?.message ?? "it has not registered";
  throw new UserError({
    where: `node ${clusterName}`,
    message: `not ready after ${limit / 1000} s: ${reason}; its log is ${logFile("kubelet")}.`,
  });
}

async function readyCondition() {
  const node = await readApi<Node>(`/api/v1/nodes/${clusterName}`);
  return node.status.conditions?.find((condition) => condition.type === "Ready");
}
