import assert from "node:assert/strict";

import { scheduleExpression } from "./schedule-expression.ts";

describe("A cron expression as EventBridge writes it", () => {
  const cases: [string, string | undefined][] = [
    ["0 2 * * *", "cron(0 2 * * ? *)"],
    ["*/15 * * * *", "cron(*/15 * * * ? *)"],
    ["30 4 1,15 * *", "cron(30 4 1,15 * ? *)"],
    ["0 0 * * 0", "cron(0 0 ? * SUN *)"],
    ["0 0 * * 7", "cron(0 0 ? * SUN *)"],
    ["5 8-18/2 * * 1-5", "cron(5 8-18/2 ? * MON,TUE,WED,THU,FRI *)"],
    ["0 6 * 3 1,3,5", "cron(0 6 ? 3 MON,WED,FRI *)"],
    ["0 6 * * 1-5/2", "cron(0 6 ? * MON,WED,FRI *)"],
    ["0 6 * * 5-7", "cron(0 6 ? * FRI,SAT,SUN *)"],
    ["0 6 * * */2", "cron(0 6 ? * SUN,TUE,THU,SAT *)"],
    ["0 0 13 * 5", undefined],
    ["0 0 * *", undefined],
    ["@daily", undefined],
    ["0 0 * * MON", undefined],
  ];
  for (const [cron, expected] of cases) {
    it(`of "${cron}" is ${expected ?? "none"}`, () => assert.equal(scheduleExpression(cron), expected));
  }
});
