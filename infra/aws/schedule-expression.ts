const weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];

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

function weekdayNames(field: string): string {
  return field.replaceAll(/(\/?)(\d+)/g, (text, step: string, number: string) =>
    step === "/" ? text : (weekdays[Number(number)] ?? text),
  );
}
