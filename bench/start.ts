import { join } from "node:path";

import { root } from "../local/deploy/stack-file.ts";
import { run } from "../local/run.ts";
import { race, seconds, type Figure } from "./measure.ts";

const rounds = 3;

/** `npm start` when nothing is to be done. The stack is brought up first, if it is not. */
export async function unchangedStart(): Promise<Figure[]> {
  const name = "npm start without changes";
  if (process.platform !== "linux" || process.getuid?.() !== 0) {
    return [{ name, value: "not measured: the local cluster needs Linux and root" }];
  }
  const start = async () => (await run("npm", ["start"], { cwd: root })).stdout;
  await start();
  if (!/is up: 0 changes/.test(await start()))
    return [{ name, value: "not measured: the second start changed something" }];
  const bootstrap = () => run(process.execPath, [join(root, "local", "bootstrap", "run.mjs"), ""], { mayFail: true });
  const times = await race({ start, bootstrap }, rounds);
  return [
    { name, value: seconds(times.start) },
    { name: "of which the bootstrap", value: seconds(times.bootstrap) },
  ];
}
