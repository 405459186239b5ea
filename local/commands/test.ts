import { join } from "node:path";

import { runCommand } from "../command-line.ts";
import { runTests } from "../testing/run-tests.ts";

await runCommand(async (args) => ((await runTests(join(import.meta.dirname, "..", ".."), args)) ? 0 : 1));
