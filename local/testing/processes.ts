import { readFile, readdir } from "node:fs/promises";

/** The processes that a process has started, and those that they have started, by id. Linux only. */
export async function descendants(pid: number): Promise<number[]> {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(tasks.map((task) => readOrEmpty(`/proc/${pid}/task/${task}/children`)));
  const children = lists.join(" ").trim().split(/\s+/).filter(Boolean).map(Number);
  return [...children, ...(await Promise.all(children.map(descendants))).flat()];
}

/** The command line of a process, its arguments parted by spaces; empty when it has ended. */
export async function commandOf(pid: number): Promise<string> {
  return (await readOrEmpty(`/proc/${pid}/cmdline`)).replaceAll("\0", " ");
}

const readOrEmpty = (file: string) => readFile(file, "utf8").catch(() => "");
