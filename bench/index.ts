import { table } from "../local/table.ts";
import type { Figure } from "./measure.ts";
import { policyPack } from "./policy-pack.ts";
import { previews } from "./previews.ts";
import { programStart } from "./program-start.ts";
import { unchangedStart } from "./start.ts";

/** Measures everything, one after the other. */
export async function measureAll(): Promise<Figure[]> {
  return [...(await programStart()), ...(await policyPack()), ...(await previews()), ...(await unchangedStart())];
}

/** Figures as a table: each with its floor of the same run, their ratio, and the ratio that is aimed at. */
export function figuresText(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, value, floor, aim }) => [
    name,
    value,
    floor === undefined ? "" : `${floor.value}, ${floor.name}`,
    floor?.ratio.toFixed(2) ?? "",
    aim === undefined
      ? ""
      : `at most ${aim.toFixed(Number.isInteger(aim * 10) ? 1 : 2)}${(floor?.ratio ?? 0) <= aim ? "" : " (missed)"}`,
  ]);
  return table(["FIGURE", "MEDIAN", "FLOOR", "RATIO", "AIM"], rows);
}
