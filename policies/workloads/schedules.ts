const MINUTES_A_DAY = 24 * 60;
const UNITS: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: MINUTES_A_DAY };
const MACROS: Readonly<Record<string, string>> = {
  "@hourly": "0 * * * *",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@weekly": "0 0 * * 0",
  "@monthly": "0 0 1 * *",
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
};

/**
 * The longest time between two runs of a schedule, in minutes: a cron line of Kubernetes, or `cron(...)` and `rate(...)`
 * of AWS. Undefined if it is none of these.
 */
export function longestPause(schedule: string): number | undefined {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(schedule.trim());
  if (rate !== null) {
    return Number(rate[1]) * (UNITS[rate[2] ?? ""] ?? 0);
  }
  const every = /^@every (?:(\d+)h)?(?:(\d+)m)?$/.exec(schedule.trim());
  if (every !== null) {
    return Number(every[1] ?? 0) * 60 + Number(every[2] ?? 0) || undefined;
  }
  const text = /^cron\((.*)\)$/.exec(schedule.trim())?.[1] ?? MACROS[schedule.trim()] ?? schedule.trim();
  const [minute = "", hour = "", day = "", month = "", weekday = "", ...rest] = text.split(/\s+/);
  const [minutes, hours] = [expand(minute, 60), expand(hour, 24)];
  if (minutes.length === 0 || hours.length === 0 || weekday === "" || rest.length > 1) {
    return undefined;
  }
  if (!isAny(month)) {
    return 366 * MINUTES_A_DAY;
  }
  if (!isAny(day)) {
    return 31 * MINUTES_A_DAY;
  }
  if (!isAny(weekday)) {
    return 7 * MINUTES_A_DAY;
  }
  const times = hours.flatMap((h) => minutes.map((m) => h * 60 + m)).sort((a, b) => a - b);
  return Math.max(...times.map((time, index) => (times[index + 1] ?? (times[0] ?? 0) + MINUTES_A_DAY) - time));
}

function isAny(part: string): boolean {
  return part === "*" || part === "?" || part === "*/1";
}

/** The numbers below the end that a part of a cron line names; none if it cannot be read. */
function expand(part: string, end: number): number[] {
  const named = part.split(",").flatMap((item) => {
    const match = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(item);
    if (match === null) {
      return [Number.NaN];
    }
    const [, from, to, step] = match;
    const first = Number(from ?? 0);
    const last = to === undefined ? (from === undefined || step !== undefined ? end - 1 : first) : Number(to);
    const stride = Math.max(1, Number(step ?? 1));
    return Array.from({ length: Math.max(0, Math.floor((last - first) / stride) + 1) }, (_, n) => first + n * stride);
  });
  return named.every((number) => number < end) ? [...new Set(named)] : [];
}
