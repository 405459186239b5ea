const weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/**
 * A cron expression of five fields as EventBridge writes it, with a year and with names of weekdays, since EventBridge
 * counts them from another number. Undefined if EventBridge cannot say it: it takes days of the month or days of the week,
 * where cron means days that are either.
 */
export function scheduleExpression(cron: string): string | undefined {
  const fields = cron.trim().split(/\s+/);
  const [minute, hour, day, month, weekday] = fields;
  if (
    fields.length !== 5 ||
    !fields.every((field) => /^(\*|\d+(-\d+)?)(\/\d+)?(,(\d+(-\d+)?)(\/\d+)?)*$/.test(field))
  ) {
    return undefined;
  }
  if (day !== "*" && weekday !== "*") return undefined;
  const days = weekday === "*" ? [day, month, "?"] : ["?", month, weekdayNames(weekday ?? "")];
  return `cron(${[minute, hour, ...days, "*"].join(" ")})`;
}

/** Each weekday by its name: ranges would end before they begin where weeks begin on another day. */
function weekdayNames(field: string): string {
  const numbers = field.split(",").flatMap((part) => {
    const [range = "", step = "1"] = part.split("/");
    const [first = "", last = first] = range === "*" ? ["0", "6"] : range.split("-");
    const count = Math.floor((Number(last) - Number(first)) / Number(step)) + 1;
    return Array.from({ length: count }, (_, index) => Number(first) + index * Number(step));
  });
  return numbers.map((number) => weekdays[number % 7]).join(",");
}
