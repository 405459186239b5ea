import { profileNames } from "../../infra/profile.ts";
import { systemNames } from "../../stacks/systems.ts";
import { readOptions, runCommand } from "../command-line.ts";
import { preview } from "../deploy/preview.ts";
import { previewText } from "../deploy/preview-text.ts";

await runCommand(async (args) => {
  const { stack, json, ...overrides } = readOptions(args, {
    stack: { type: "string", default: "dev", value: "NAME" },
    system: { type: "string", choices: systemNames },
    target: { type: "string", choices: ["kubernetes", "ecs"] },
    profile: { type: "string", choices: profileNames },
    json: { type: "boolean", default: false },
  });
  const plan = await preview({ stack, overrides });
  console.log(json ? JSON.stringify(plan, undefined, 2) : previewText(plan));
  return plan.policies.some(({ level }) => level === "mandatory") ? 1 : 0;
});
