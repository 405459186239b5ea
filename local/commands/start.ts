import { readOptions, runCommand } from "../command-line.ts";
import { changes } from "../deploy/operation.ts";
import { outputsText } from "../deploy/outputs.ts";
import { findingsText } from "../deploy/preview-text.ts";
import { start } from "../deploy/start.ts";

await runCommand(async (args) => {
  const began = performance.now();
  const { stack, context } = readOptions(args, {
    stack: { type: "string", default: "dev", value: "NAME" },
    context: { type: "string", value: "NAME" },
  });
  const { summary, findings, outputs, answered } = await start({
    stack,
    ...(context === undefined ? {} : { context }),
  });
  if (findings.length > 0) console.log(`\n${findingsText(findings)}`);
  console.log(`\n${outputsText(outputs)}\n`);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(
    `${stack} is up: ${changes(summary)} changes, ${summary["same"] ?? 0} resources unchanged, ` +
      `${answered} of ${answered} health paths answered 200 (${seconds} s).`,
  );
});
