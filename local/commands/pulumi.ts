import { runCommand } from "../command-line.ts";
import { pulumiCommand } from "../pulumi/command.ts";

await runCommand(pulumiCommand);
