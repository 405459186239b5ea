import { UserError, type Problem } from "../errors.ts";
import type { Alert } from "../spec/alert.ts";
import type { System } from "../spec/system.ts";
import { toSeconds } from "../spec/units.ts";

/** How an alarm looks back: it calls when each of the last periods was bad. */
export interface AlarmTiming {
  /** Seconds; a multiple of 60, the resolution of the metrics. */
  period: number;
  evaluationPeriods: number;
}

const minute = 60;
const hour = 3600;
const day = 86_400;
/** The longest that an alarm looks back, in seconds, if its period is at least an hour; else it is a day. */
const longestLook = 7 * day;

/**
 * The timing of an alert's alarm. CloudWatch evaluates it every minute over periods that end then.
 *
 * What is counted within a window has the window as its period, and the window that starts the alert is followed by as
 * many as `for` takes. What has a value at every moment is looked at by the minute, if that covers `for` within a day.
 *
 * @throws UserError when the alarm would look back longer than CloudWatch does
 */
export function alarmTiming(alert: Pick<Alert, "name" | "condition" | "for">): AlarmTiming {
  const timing = plainTiming(alert);
  if (timing === undefined) throw new UserError(tooLong(alert));
  return timing;
}

/** What CloudWatch cannot watch. */
export function alarmProblems({ alerts, stores }: Pick<System, "alerts" | "stores">): Problem[] {
  return alerts.flatMap((alert) => {
    const { condition, name } = alert;
    if (condition.kind === "store-memory" && stores[condition.store]?.engine !== "redis") {
      return [
        {
          where: `alerts.${name}`,
          message: `the memory of "${condition.store}" is not supported on ecs: watch that of a Redis store.`,
        },
      ];
    }
    return plainTiming(alert) === undefined ? [tooLong(alert)] : [];
  });
}

function plainTiming({ condition, for: hold = "0 s" }: Pick<Alert, "condition" | "for">): AlarmTiming | undefined {
  const held = toSeconds(hold);
  const window = "window" in condition ? toSeconds(condition.window) : undefined;
  const period = window === undefined ? (held <= day ? minute : hour) : wholeMinutes(window);
  const evaluationPeriods = window === undefined ? atLeastOne(held / period) : 1 + Math.ceil(held / period);
  const look = period * evaluationPeriods;
  return look <= (period < hour ? day : longestLook) ? { period, evaluationPeriods } : undefined;
}

function tooLong({ name }: Pick<Alert, "name">): Problem {
  return {
    where: `alerts.${name}`,
    message:
      "a look back of more than 1 d, or of 7 d with a window of at least 1 h, is not supported on ecs: " +
      "shorten the window or the time that the condition must hold.",
  };
}

function wholeMinutes(seconds: number): number {
  return atLeastOne(seconds / minute) * minute;
}

function atLeastOne(amount: number): number {
  return Math.max(1, Math.ceil(amount));
}
