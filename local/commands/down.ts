import { readOptions, runCommand } from "../command-line.ts";
import { down } from "../deploy/down.ts";

await runCommand(async (args) => {
  const { stack, force } = readOptions(args, {
    stack: { type: "string", default: "dev", value: "NAME" },
    force: { type: "boolean", default: false },
  });
  const { deleted, kept } = await down(stack, { force, say: (line) => console.log(line) });
  console.log(`${stack} is down: ${deleted} resources deleted.`);
  if (kept.length > 0) {
    console.log(
      `These are protected and still there; \`-- --force\` deletes them with their data:\n  ${kept.join("\n  ")}`,
    );
  }
});
