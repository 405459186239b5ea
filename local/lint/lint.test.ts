import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { ESLint } from "eslint";

const root = join(import.meta.dirname, "..", "..");
const eslint = new ESLint({ cwd: root });

/** What one rule finds in code that stands in place of a file that exists, so that its types are known. */
async function findings(rule: string, file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: join(root, file) });
  const messages = result?.messages ?? [];
  assert.deepEqual(
    messages.filter(({ fatal }) => fatal).map(({ message }) => message),
    [],
  );
  return messages.filter(({ ruleId }) => ruleId === rule).map(({ message }) => message);
}

const textRule = "agent-commerce/no-output-in-text";
const importRule = "@typescript-eslint/no-restricted-imports";

const outputs = `
import * as pulumi from "@pulumi/pulumi";
export declare const output: pulumi.Output<string>;
export declare const number: pulumi.Output<number>;
export declare const input: pulumi.Input<string>;
export declare const optional: pulumi.Output<string> | undefined;
export declare const text: string;
`;

describe("The rule against Outputs in text", function () {
  this.timeout(60_000);

  for (const expression of [
    "`host: ${output}`",
    "`host: ${input}`",
    "`host: ${optional}`",
    "`outer ${`inner ${output}`}`",
    "output + text",
    "text + number",
    "String(output)",
    "output.toString()",
  ]) {
    it(`refuses ${expression}`, async () => {
      const found = await findings(textRule, "infra/errors.ts", `${outputs}export const wrong = ${expression};`);
      assert.equal(found.length, 1, found.join("\n"));
      assert.match(found[0] ?? "", /pulumi\.interpolate/);
    });
  }

  it("refuses an Output that is appended to a text", async () => {
    const found = await findings(textRule, "infra/errors.ts", `${outputs}export let all = text; all += output;`);
    assert.equal(found.length, 1);
  });

  for (const expression of [
    "`host: ${text}`",
    "pulumi.interpolate`host: ${output}`",
    "output.apply((value) => `host: ${value}`)",
    "pulumi.all([output, input]).apply(([first, second]) => first + second)",
    "text + 1",
    "String(1)",
    "text.toString()",
  ]) {
    it(`allows ${expression}`, async () => {
      const found = await findings(textRule, "infra/errors.ts", `${outputs}export const right = ${expression};`);
      assert.deepEqual(found, []);
    });
  }
});

describe("The rules about imports", function () {
  this.timeout(60_000);

  const refused: [file: string, statement: string, reason: RegExp][] = [
    ["infra/errors.ts", `import * as aws from "@pulumi/aws"; aws.getRegion;`, /its own file/],
    ["infra/errors.ts", `import { apps } from "@pulumi/kubernetes"; apps.v1;`, /its own file/],
    ["infra/errors.ts", `import { v1 } from "@pulumi/kubernetes/apps"; v1.Deployment;`, /its own file/],
    ["infra/errors.ts", `import { RandomPassword } from "@pulumi/random"; RandomPassword.get;`, /its own file/],
    ["infra/spec/names.ts", `import { systemFor } from "../../stacks/systems.ts"; systemFor;`, /infra\/ does not/],
    ["infra/errors.ts", `import { run } from "../local/run.ts"; run;`, /infra\/ does not/],
    ["stacks/config.ts", `import { run } from "../local/run.ts"; run;`, /stacks\/ does not/],
    [
      "policies/frame/policy.ts",
      `import { UserError } from "../../infra/errors.ts"; UserError;`,
      /policies\/ does not/,
    ],
  ];
  for (const [file, statement, reason] of refused) {
    it(`refuse in ${file}: ${statement.replace(/;.*/, "")}`, async () => {
      const found = await findings(importRule, file, `${statement}\n`);
      assert.match(found.join("\n"), reason);
    });
  }

  const allowed: [file: string, statement: string][] = [
    ["infra/errors.ts", `import type * as k8s from "@pulumi/kubernetes"; export type Pod = k8s.core.v1.Pod;`],
    [
      "infra/errors.ts",
      `import { StatefulSet } from "@pulumi/kubernetes/apps/v1/statefulSet.js"; export default StatefulSet;`,
    ],
    ["local/run.ts", `import { UserError } from "../infra/errors.ts"; export default UserError;`],
    ["stacks/config.ts", `import { UserError } from "../infra/errors.ts"; export default UserError;`],
  ];
  for (const [file, statement] of allowed) {
    it(`allow in ${file}: ${statement.replace(/;.*/, "")}`, async () => {
      assert.deepEqual(await findings(importRule, file, `${statement}\n`), []);
    });
  }

  it("apply to files that exist", async () => {
    for (const file of ["infra/errors.ts", "stacks/config.ts", "local/run.ts", "policies/frame/policy.ts"]) {
      assert.ok(await readFile(join(root, file), "utf8"));
    }
  });
});
