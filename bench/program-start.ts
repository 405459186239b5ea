import { appendFile, cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { run } from "../local/run.ts";
import { root } from "../local/deploy/stack-file.ts";
import { compared, race, type Figure } from "./measure.ts";

const rounds = 9;

/** The start of the program, all of its modules loaded, against the bare SDK; also after an edit. */
export async function programStart(): Promise<Figure[]> {
  const directory = await mkdtemp(join(tmpdir(), "bench-"));
  try {
    for (const folder of ["infra", "stacks"])
      await cp(join(root, folder), join(directory, folder), { recursive: true });
    await symlink(join(root, "node_modules"), join(directory, "node_modules"));
    const edited = join(directory, "stacks", "worldstore.ts");
    const evaluate = (code: string) => () =>
      run(process.execPath, ["--disable-warning=ExperimentalWarning", "--input-type=module", "-e", code], {
        cwd: directory,
        env: { ...process.env, NODE_COMPILE_CACHE: join(directory, "compiled") },
      });
    const load = evaluate(
      `await import("${directory}/stacks/index.ts"); await import("${directory}/stacks/kubernetes.ts");`,
    );
    const { bare, program, afterEdit } = await race(
      {
        bare: evaluate(
          `import { createRequire } from "node:module"; createRequire("${directory}/x.js")("@pulumi/pulumi");`,
        ),
        program: load,
        afterEdit: async () => {
          await appendFile(edited, "// edited\n");
          await load();
        },
      },
      rounds,
    );
    return [
      compared("program start", program, 'bare require("@pulumi/pulumi")', bare, 1.3),
      compared("program start after an edit", afterEdit, 'bare require("@pulumi/pulumi")', bare, 1.3),
    ];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
