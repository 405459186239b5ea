/** Columns aligned for reading in a terminal, without trailing spaces. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = head.some((title) => title !== "") ? [head, ...rows] : rows;
  const widths = head.map((_, column) => Math.max(0, ...all.map((row) => (row[column] ?? "").length)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
