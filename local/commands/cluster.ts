import { clusterCommand } from "../cluster/command.ts";
import { runCommand } from "../command-line.ts";

await runCommand(clusterCommand);
