import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { catalogue } from "./catalogue.ts";
import { secret, UNKNOWN, urnOf, type TestResource } from "./testing/analyzer.ts";
import type { Examples } from "./testing/examples.ts";
import { analyzeStack, remediate } from "./testing/pack.ts";

const remediating = catalogue.filter((policy) => policy.remediate !== undefined);

async function examplesOf(name: string): Promise<Examples> {
  const file = join(import.meta.dirname, "rules", `${name}.examples.ts`);
  assert.ok(existsSync(file), `${name} has a remediation and no examples`);
  return ((await import(file)) as { examples: Examples }).examples;
}

/** A stack after the remediations of some policies, and how many of its resources they changed. */
async function mend(policies: readonly string[], resources: readonly TestResource[]) {
  const mended: TestResource[] = [];
  let changes = 0;
  for (const resource of resources) {
    const { resource: after, changedBy } = await remediate(policies, resource);
    mended.push(after);
    changes += changedBy.length;
  }
  return { mended, changes };
}

/** What the policies object to in a stack, as policy, resource and property. */
async function objections(resources: readonly TestResource[]): Promise<{ policy: string; text: string }[]> {
  const reports = await analyzeStack(resources);
  return reports
    .filter(({ message }) => !message.includes("  not evaluated: "))
    .map(({ policy, urn, message }) => {
      return { policy, text: `${policy} ${urn} ${/^ {2}property: (.*)$/m.exec(message)?.[1] ?? message}` };
    });
}

describe("the remediations", function () {
  this.timeout(120_000);

  for (const { name } of remediating) {
    describe(name, () => {
      it("leaves what is right as it is", async () => {
        for (const { title, resources } of (await examplesOf(name)).good) {
          assert.deepEqual(await mend([name], resources), { mended: resources, changes: 0 }, title);
        }
      });

      it("mends what it changes, once and for all, and breaks no other policy", async () => {
        let changed = 0;
        for (const { title, resources } of (await examplesOf(name)).bad) {
          const { mended, changes } = await mend([name], resources);
          if (changes > 0) {
            changed += 1;
            assert.equal((await mend([name], mended)).changes, 0, `${title}: a second time`);
            const after = await objections(mended);
            assert.deepEqual(
              after.filter(({ policy }) => policy === name),
              [],
              title,
            );
            const before = (await objections(resources)).map(({ text }) => text);
            assert.deepEqual(
              after.filter(({ text }) => !before.includes(text)),
              [],
              title,
            );
          }
        }
        assert.ok(changed > 0, "no bad example is one that it mends");
      });

      it("keeps what is secret or unknown", async () => {
        for (const { resources } of (await examplesOf(name)).bad) {
          for (const resource of resources) {
            const given = Object.keys(resource.properties).filter((key) => resource.properties[key] !== undefined);
            for (const key of given) {
              const hidden = { ...resource.properties, [key]: secret(resource.properties[key]) };
              const { resource: after } = await remediate([name], { ...resource, properties: hidden });
              assert.deepEqual(Object.keys(Object(after.properties[key])), Object.keys(secret(1)), urnOf(resource));
              const open = { ...resource.properties, [key]: UNKNOWN };
              const { resource: later } = await remediate([name], { ...resource, properties: open });
              assert.equal(later.properties[key], UNKNOWN, `${urnOf(resource)} ${key}`);
            }
          }
        }
      });
    });
  }

  it("agree with each other: one pass of all of them leaves nothing for a second", async () => {
    const names = remediating.map(({ name }) => name);
    for (const { name } of remediating) {
      for (const { title, resources } of (await examplesOf(name)).bad) {
        const { mended } = await mend(names, resources);
        assert.equal((await mend(names, mended)).changes, 0, `${name}: ${title}`);
      }
    }
  });
});
