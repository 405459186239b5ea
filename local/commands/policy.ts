import type { PresetName } from "../../policies/frame/configuration.ts";
import { readOptions, runCommand } from "../command-line.ts";
import { readStackFile, setting } from "../deploy/stack-file.ts";
import { policiesSchema, presetPolicies, stackPolicies } from "../deploy/policy-config.ts";
import { readPolicyConfig } from "../deploy/policy-pack-config.ts";
import { everyPlan, policyReport, stateReport, type PolicyReport } from "../deploy/policy-report.ts";
import { sarif } from "../deploy/policy-sarif.ts";
import { coverageText, policyReportText } from "../deploy/policy-text.ts";

await runCommand(async (args) => {
  const options = readOptions(args, {
    stack: { type: "string", default: "dev", value: "NAME" },
    all: { type: "boolean", default: false },
    file: { type: "string", value: "STATE" },
    config: { type: "string", value: "FILE" },
    format: { type: "string", choices: ["text", "json", "sarif"] },
    json: { type: "boolean", default: false },
    coverage: { type: "boolean", default: false },
    preset: { type: "string", choices: ["dev", "baseline", "restricted", "production"] },
    "print-config": { type: "boolean", default: false },
    schema: { type: "boolean", default: false },
  });
  if (options.schema) {
    console.log(JSON.stringify(await policiesSchema(), undefined, 2));
    return 0;
  }
  if (options.coverage) {
    console.log(coverageText());
    return 0;
  }
  const config =
    options.config !== undefined
      ? await readPolicyConfig(options.config)
      : options.preset !== undefined
        ? await presetPolicies(options.preset as PresetName)
        : undefined;
  if (options["print-config"]) {
    const profile = String(setting(await readStackFile(options.stack), "profile"));
    console.log(JSON.stringify(config ?? (await stackPolicies(options.stack, profile)), undefined, 2));
    return 0;
  }
  const report =
    options.file === undefined
      ? await policyReport(options.all ? await everyPlan() : [{ stack: options.stack }], config)
      : await stateReport(options.file, config);
  console.log(written(report, options.format ?? (options.json ? "json" : "text")));
  return report.plans.some(({ findings }) => findings.some(({ level }) => level === "mandatory")) ? 1 : 0;
});

function written(report: PolicyReport, format: string): string {
  if (format === "text") return policyReportText(report);
  return JSON.stringify(format === "sarif" ? sarif(report, pages()) : report, undefined, 2);
}

/** In a GitHub workflow: the pages of the commit that is judged. */
function pages(): { pages?: string } {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_SHA: commit } = process.env;
  return server && repository && commit ? { pages: `${server}/${repository}/blob/${commit}/` } : {};
}
