import { spawnSync } from "node:child_process";

import { sourceFiles } from "./files.ts";

/** Tests that need the same surroundings and run in one process. */
export interface Group {
  name: string;
  /** How the names of its files end. */
  ending: string;
  /** Milliseconds that one test may take unless it says otherwise. */
  testTimeout: number;
  /** Milliseconds that the whole group may take. */
  groupTimeout: number;
  /** Why the group cannot run here. @default it can */
  obstacle?: () => string | undefined;
}

const minute = 60_000;

/** The groups in the order in which they run: what is quick and breaks most often comes first. */
export const groups: readonly Group[] = [
  { name: "unit", ending: ".test.ts", testTimeout: 20_000, groupTimeout: 20 * minute },
  { name: "stores", ending: ".stores.test.ts", testTimeout: 2 * minute, groupTimeout: 30 * minute },
  {
    name: "emulator",
    ending: ".emulator.test.ts",
    testTimeout: 2 * minute,
    groupTimeout: 15 * minute,
    obstacle: () =>
      process.getuid?.() !== 0 && spawnSync("python3", ["-c", "import ensurepip, venv"]).status !== 0
        ? "the AWS emulator needs Python 3.10 or newer with its venv module; install python3 and python3-venv"
        : undefined,
  },
  { name: "engine", ending: ".engine.test.ts", testTimeout: 5 * minute, groupTimeout: 45 * minute },
  {
    name: "cluster",
    ending: ".cluster.test.ts",
    testTimeout: 10 * minute,
    groupTimeout: 120 * minute,
    obstacle: () =>
      process.platform !== "linux" || process.getuid?.() !== 0
        ? "the local cluster needs Linux and root; run `sudo npm test -- cluster` on a Linux machine"
        : undefined,
  },
];

/** The test files of every group, as sorted paths relative to the checkout. */
export function findTests(root: string): Map<string, string[]> {
  const files = sourceFiles(root, ".test.ts");
  const strangers = files.filter((file) => groupOf(file) === undefined);
  if (strangers.length > 0) {
    const endings = groups.map(({ ending }) => `x${ending}`).join(", ");
    throw new Error(`${strangers.join(", ")}: belongs to no group of tests; names end like ${endings}.`);
  }
  return new Map(groups.map(({ name }) => [name, files.filter((file) => groupOf(file)?.name === name)]));
}

/** The group of a test file by its name: "x.test.ts" is a unit test, "x.cluster.test.ts" needs the cluster. */
export function groupOf(file: string): Group | undefined {
  const ending = /^[^.]+((\.[a-z]+)?\.test\.ts)$/.exec(file.split("/").at(-1) ?? "")?.[1];
  return groups.find((group) => group.ending === ending);
}
