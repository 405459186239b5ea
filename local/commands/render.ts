import { UserError } from "../../infra/errors.ts";
import { readOptions, runCommand } from "../command-line.ts";
import { render } from "../deploy/render.ts";

await runCommand(async (args) => {
  const { stack, out } = readOptions(args, {
    stack: { type: "string", default: "dev", value: "NAME" },
    out: { type: "string", value: "DIR" },
  });
  if (out === undefined)
    throw new UserError({ where: "--out", message: "it is required; name the folder to write to." });
  const files = await render(stack, out);
  console.log(`${files.length} objects of ${stack} are in ${out}; apply them with \`kubectl apply -f ${out}\`.`);
});
