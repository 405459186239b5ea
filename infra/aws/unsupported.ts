import type { Problem } from "../errors.ts";
import type { Store } from "../spec/store.ts";
import type { System } from "../spec/system.ts";
import { toSeconds } from "../spec/units.ts";
import { alarmProblems } from "./alarm-timing.ts";
import { retentionProblems } from "./logs.ts";
import { engineProblems } from "./store-problems.ts";
import { workloadProblems } from "./workload-problems.ts";

/** Fargate kills a container at the latest this many seconds after the stop signal. */
const longestGrace = 120;
/** The longest time that SQS keeps a message, in days. */
const longestRetention = 14;

/**
 * What this target cannot do with a specification: every part is deployed, or named here with what to do.
 *
 * A feature that the stack leaves out is no longer part of the specification here.
 */
export function unsupported(system: System): Problem[] {
  return [
    ...Object.entries(system.services).flatMap(([name, { terminationGrace }]) =>
      terminationGrace !== undefined && toSeconds(terminationGrace) > longestGrace
        ? [
            problem(
              `services.${name}.terminationGrace`,
              `a termination grace of ${terminationGrace}`,
              `set it to at most ${longestGrace} s`,
            ),
          ]
        : [],
    ),
    ...Object.entries(system.stores).flatMap(([name, store]) => [
      ...storeProblems(`stores.${name}`, store),
      ...engineProblems(`stores.${name}`, store),
    ]),
    ...workloadProblems(system),
    ...alarmProblems(system),
    ...retentionProblems(system),
  ];
}

function storeProblems(where: string, store: Store): Problem[] {
  if (store.engine === "mongodb") {
    return [problem(where, "a MongoDB store", "run it elsewhere and name its hosts under outside")];
  }
  if (store.engine !== "queue") return [];
  return (["retention", "deadLetterRetention"] as const).flatMap((part) =>
    toSeconds(store[part]) > longestRetention * 86_400
      ? [problem(`${where}.${part}`, `a retention of ${store[part]}`, `set it to at most ${longestRetention} d`)]
      : [],
  );
}

function problem(where: string, feature: string, remedy: string): Problem {
  return { where, message: `${feature} is not supported on ecs: ${remedy}.` };
}
