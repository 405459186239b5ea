import { readOptions, runCommand } from "../command-line.ts";
import { openStack } from "../deploy/existing.ts";
import { operate } from "../deploy/operation.ts";

await runCommand(async (args) => {
  const { stack } = readOptions(args, { stack: { type: "string", default: "dev", value: "NAME" } });
  const { engine, config } = await openStack(stack);
  const { summary } = await operate(engine, {
    command: "refresh",
    title: `comparing ${stack}`,
    stack,
    config,
    args: ["--yes"],
  });
  const { same = 0, update = 0, delete: gone = 0 } = summary;
  console.log(`${stack}: ${same} resources are as recorded, ${update} have drifted, ${gone} are gone.`);
  if (update + gone > 0) console.log(`\`npm start -- --stack ${stack}\` brings them back to the specification.`);
});
