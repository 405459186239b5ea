import type { Engine } from "../pulumi/index.ts";
import { prepareStack } from "../pulumi/recovery.ts";
import { table } from "../table.ts";
import { requireStarted } from "./existing.ts";
import { root } from "./stack-file.ts";

/**
 * The outputs of a stack; secret ones read "[secret]".
 *
 * @throws UserError when there is no such stack
 */
export async function readOutputs(
  engine: Engine,
  stack: string,
  { showSecrets = false }: { showSecrets?: boolean } = {},
): Promise<Record<string, unknown>> {
  await requireStarted(engine, stack);
  await prepareStack(engine, { cwd: root, stack }, { change: false });
  const args = ["stack", "output", "--json", "--non-interactive", "--stack", stack];
  const { stdout } = await engine.run([...args, ...(showSecrets ? ["--show-secrets"] : [])], { cwd: root });
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** Outputs as a table with one line for each value. */
export function outputsText(outputs: Record<string, unknown>): string {
  const rows = Object.entries(outputs).flatMap(([name, value]) =>
    lines(value).map(([part, text], index) => [index === 0 ? name : "", part, text]),
  );
  return table(["OUTPUT", "", "VALUE"], rows);
}

function lines(value: unknown): [part: string, text: string][] {
  if (Array.isArray(value)) return value.length === 0 ? [["", "none"]] : value.map((item) => ["", text(item)]);
  if (typeof value === "object" && value !== null) return Object.entries(value).map(([key, item]) => [key, text(item)]);
  return [["", text(value)]];
}

function text(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "";
  return Object.entries(value)
    .map(([key, part]) => `${key} ${text(part)}`)
    .join(", ");
}
