import { readOptions, runCommand } from "../command-line.ts";
import { outputsText, readOutputs } from "../deploy/outputs.ts";
import { ensureEngine } from "../pulumi/index.ts";

await runCommand(async (args) => {
  const options = readOptions(args, {
    stack: { type: "string", default: "dev", value: "NAME" },
    json: { type: "boolean", default: false },
    "show-secrets": { type: "boolean", default: false },
  });
  const outputs = await readOutputs(await ensureEngine(), options.stack, { showSecrets: options["show-secrets"] });
  console.log(options.json ? JSON.stringify(outputs, undefined, 2) : outputsText(outputs));
});
