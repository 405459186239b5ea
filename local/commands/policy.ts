import { readOptions, runCommand } from "../command-line.ts";
import { everyPlan, policyReport, policyReportText } from "../deploy/policy-report.ts";

await runCommand(async (args) => {
  const { stack, all, json } = readOptions(args, {
    stack: { type: "string", default: "dev", value: "NAME" },
    all: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  });
  const report = await policyReport(all ? await everyPlan() : [{ stack }]);
  console.log(json ? JSON.stringify(report, undefined, 2) : policyReportText(report));
  return report.plans.some(({ findings }) => findings.some(({ level }) => level === "mandatory")) ? 1 : 0;
});
