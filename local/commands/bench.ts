import { figuresText, measureAll } from "../../bench/index.ts";
import { readOptions, runCommand } from "../command-line.ts";

await runCommand(async (args) => {
  const { json } = readOptions(args, { json: { type: "boolean", default: false } });
  const figures = await measureAll();
  console.log(json ? JSON.stringify(figures, undefined, 2) : figuresText(figures));
});
