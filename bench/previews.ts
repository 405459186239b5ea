import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { readStackFile, root, withDefaults, writeStackFile } from "../local/deploy/stack-file.ts";
import { standIns } from "../local/deploy/stand-ins.ts";
import { ensureEngine } from "../local/pulumi/index.ts";
import { prepareStack } from "../local/pulumi/recovery.ts";
import { compared, race, type Figure } from "./measure.ts";
import { memoryOf } from "./memory.ts";

const rounds = 5;
const growthRounds = 3;
const copies = 10;
const programs = join(import.meta.dirname, "programs");
const stack = "bench";

/** Previews of worldstore against those of an empty program, their growth with the number of services, and memory. */
export async function previews(): Promise<Figure[]> {
  const directory = await mkdtemp(join(tmpdir(), "bench-"));
  try {
    const engine = await ensureEngine({ backend: `file://${directory}` });
    const file = await readStackFile("dev");
    const config = join(directory, "worldstore.yaml");
    await writeStackFile(config, withDefaults(file, await standIns(file)));
    const nothing = join(directory, "empty.yaml");
    await writeStackFile(nothing, { config: {} });

    const preview = async (cwd: string, pack: string, configFile: string, env: Record<string, string> = {}) => {
      const args = ["preview", "--json", "--non-interactive", "--stack", stack, "--config-file", configFile];
      await engine.run([...args, "--policy-pack", pack], { cwd, env: { ...process.env, ...env } });
    };
    const worldstore = () => preview(root, join(root, "policies"), config);
    const grown = (count: number) => () =>
      preview(join(programs, "grown"), join(root, "policies"), config, { BENCH_COPIES: String(count) });

    await prepareStack(engine, { cwd: root, stack }, { change: false });
    await prepareStack(engine, { cwd: join(programs, "empty"), stack }, { change: false });
    const times = await race(
      { empty: () => preview(join(programs, "empty"), join(programs, "bare-pack"), nothing), worldstore },
      rounds,
    );
    const growth = await race({ once: grown(1), often: grown(copies) }, growthRounds);
    return [
      compared("preview of worldstore with the pack", times.worldstore, "empty program, bare pack", times.empty, 2),
      compared(`preview with ${copies} times the services`, growth.often, "with each service once", growth.once, 11),
      ...(await memoryOf(worldstore)),
    ];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
