import assert from "node:assert/strict";
import fc from "fast-check";

import { UserError } from "../errors.ts";
import type { Alert, Condition } from "../spec/alert.ts";
import { toSeconds, type Duration } from "../spec/units.ts";
import { shop } from "./testing/shop.ts";
import { alarmProblems, alarmTiming } from "./alarm-timing.ts";

const gauge: Condition = { kind: "gauge", metric: "connected", compare: "below", limit: 1 };
const count = (window: Duration): Condition => ({ kind: "count", metric: "failures_total", above: 0, window });
const alert = (condition: Condition, hold?: Duration): Alert => ({
  requirement: "T-1",
  name: "TooMany",
  severity: "warning",
  condition,
  ...(hold === undefined ? {} : { for: hold }),
  summary: "There are too many.",
});

describe("The timing of an alarm", () => {
  const cases: [string, Condition, Duration | undefined, number, number][] = [
    ["of a value is a minute", gauge, undefined, 60, 1],
    ["of a value covers the time that it must hold", gauge, "2 min", 60, 2],
    ["of a value covers parts of a minute", gauge, "90 s", 60, 2],
    ["of a value that must hold for days is an hour", gauge, "3 d", 3600, 72],
    ["of a count is its window", count("5 min"), undefined, 300, 1],
    ["of a count goes on after its window", count("10 min"), "10 min", 600, 2],
    ["of a count covers parts of a window", count("10 min"), "11 min", 600, 3],
    ["is never shorter than the metrics are known", count("10 s"), undefined, 60, 1],
    ["of a long window is that window", count("2 d"), undefined, 172_800, 1],
  ];
  for (const [what, condition, hold, period, evaluationPeriods] of cases) {
    it(what, () => assert.deepEqual(alarmTiming(alert(condition, hold)), { period, evaluationPeriods }));
  }

  it("honours window and time, within what CloudWatch takes", () => {
    const duration = fc
      .tuple(fc.integer({ min: 1, max: 90 }), fc.constantFrom("s", "min", "h"))
      .map(([amount, unit]) => `${amount} ${unit}` as Duration);
    fc.assert(
      fc.property(fc.option(duration, { nil: undefined }), fc.option(duration, { nil: undefined }), (window, hold) => {
        const subject = alert(window === undefined ? gauge : count(window), hold);
        if (alarmProblems({ alerts: [subject], stores: {} }).length > 0) return;
        const { period, evaluationPeriods } = alarmTiming(subject);
        const look = period * evaluationPeriods;
        assert.equal(period % 60, 0);
        assert(period >= (window === undefined ? 0 : toSeconds(window)));
        assert(look >= (window === undefined ? 0 : toSeconds(window)) + (hold === undefined ? 0 : toSeconds(hold)));
        assert(look <= (period < 3600 ? 86_400 : 604_800));
      }),
    );
  });

  it("is refused when CloudWatch cannot look back so far", () => {
    const tooLong = alert(count("8 d"));
    assert.throws(() => alarmTiming(tooLong), UserError);
    assert.deepEqual(alarmProblems({ alerts: [alert(gauge), tooLong], stores: {} }), [
      {
        where: "alerts.TooMany",
        message:
          "a look back of more than 1 d, or of 7 d with a window of at least 1 h, is not supported on ecs: " +
          "shorten the window or the time that the condition must hold.",
      },
    ]);
  });

  it("is none for the memory of what has none", () => {
    const { stores } = shop();
    const memory = (store: string) => alert({ kind: "store-memory", store, above: 0.9 });
    assert.deepEqual(alarmProblems({ alerts: [memory("cache"), memory("orders")], stores }), [
      {
        where: "alerts.TooMany",
        message: 'the memory of "orders" is not supported on ecs: watch that of a Redis store.',
      },
    ]);
  });
});
