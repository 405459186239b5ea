import type { Problem } from "../errors.ts";
import type { Alert } from "./alert.ts";
import { list } from "./names.ts";
import type { System } from "./system.ts";
import { isDuration } from "./units.ts";

/** What is wrong with the alerts. */
export function alertProblems(system: System): Problem[] {
  const names = new Set<string>();
  return system.alerts.flatMap((alert) => {
    const where = `alerts.${alert.name}`;
    const problems = conditionProblems(system, where, alert);
    if (names.has(alert.name)) problems.push({ where, message: "there are two alerts of this name; rename one." });
    names.add(alert.name);
    if (!/^[A-Z][A-Za-z0-9]*$/.test(alert.name)) {
      problems.push({
        where,
        message: `"${alert.name}" is not an alert name; use letters and digits, starting with a capital.`,
      });
    }
    if (alert.for !== undefined && !isDuration(alert.for)) {
      problems.push({
        where: `${where}.for`,
        message: `"${String(alert.for)}" is not a length of time, such as "5 min".`,
      });
    }
    return problems;
  });
}

function conditionProblems(system: System, where: string, { condition }: Alert): Problem[] {
  const problems: Problem[] = [];
  const fraction = (value: number) => {
    if (!(value > 0 && value < 1)) {
      problems.push({
        where: `${where}.condition.above`,
        message: `${value} is not a fraction; use a number between 0 and 1, such as 0.05.`,
      });
    }
  };
  const declared = (kind: string, name: string, all: Record<string, unknown>) => {
    if (!(name in all)) {
      problems.push({
        where: `${where}.condition`,
        message: `the ${kind} "${name}" is not declared; declared are ${list(all)}.`,
      });
    }
  };
  if ("window" in condition && !isDuration(condition.window)) {
    problems.push({
      where: `${where}.condition.window`,
      message: `"${String(condition.window)}" is not a length of time, such as "5 min".`,
    });
  }
  switch (condition.kind) {
    case "down":
      for (const service of condition.services) declared("service", service, system.services);
      break;
    case "share":
      fraction(condition.above);
      break;
    case "service-memory":
      declared("service", condition.service, system.services);
      fraction(condition.above);
      break;
    case "store-memory":
      declared("store", condition.store, system.stores);
      fraction(condition.above);
      break;
    case "quantile":
      if (!(condition.quantile > 0 && condition.quantile < 1)) {
        problems.push({
          where: `${where}.condition.quantile`,
          message: `${condition.quantile} is not a quantile; use a number between 0 and 1.`,
        });
      }
      break;
    case "gauge":
    case "count":
      break;
  }
  return problems;
}
