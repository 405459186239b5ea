import assert from "node:assert/strict";
import { longestPause } from "./schedules.ts";

describe("the longest pause of a schedule", () => {
  const HOUR = 60;
  const DAY = 24 * HOUR;

  it("is that of a cron line of Kubernetes", () => {
    for (const [schedule, pause] of [
      ["0 2 * * *", DAY],
      ["0 */1 * * *", HOUR],
      ["*/15 * * * *", 15],
      ["0 0,12 * * *", 12 * HOUR],
      ["0 1-5 * * *", 20 * HOUR],
      ["0 0-23/6 * * *", 6 * HOUR],
      ["0 6/8 * * *", 8 * HOUR],
      ["5,10 * * * *", 55],
      ["0 2 * * 0", 7 * DAY],
      ["0 2 1 * *", 31 * DAY],
      ["0 2 1 1 *", 366 * DAY],
      ["@hourly", HOUR],
      ["@daily", DAY],
      ["@weekly", 7 * DAY],
      ["@every 1h30m", 90],
      ["@every 20m", 20],
    ] as const) {
      assert.equal(longestPause(schedule), pause, schedule);
    }
  });

  it("is that of an expression of AWS", () => {
    for (const [schedule, pause] of [
      ["cron(0 2 * * ? *)", DAY],
      ["cron(0 * * * ? *)", HOUR],
      ["cron(0 5 ? * SUN *)", 7 * DAY],
      ["cron(0 5 1 * ? *)", 31 * DAY],
      ["rate(1 hour)", HOUR],
      ["rate(2 days)", 2 * DAY],
      ["rate(5 minutes)", 5],
    ] as const) {
      assert.equal(longestPause(schedule), pause, schedule);
    }
  });

  it("is none of what is no schedule", () => {
    for (const schedule of ["", "daily", "0 25 * * *", "61 * * * *", "* * *", "x * * * *", "@every", "1 2 3 4 5 6 7"]) {
      assert.equal(longestPause(schedule), undefined, schedule);
    }
  });
});
