import assert from "node:assert/strict";
import { catalogue } from "./catalogue.ts";
import type { Policy } from "./frame/policy.ts";
import { UNKNOWN, urnOf, type Report, type TestResource } from "./testing/analyzer.ts";
import { examplesOf, type BadExample } from "./testing/examples.ts";
import { analyzeStack } from "./testing/pack.ts";
import { replaced } from "./testing/paths.ts";

const tomorrow = new Date(Date.now() + 24 * 60 * 60 * 1000).toISOString().slice(0, 10);

describe("the examples of the policies", () => {
  for (const policy of catalogue) {
    it(`${policy.id} says nothing about its good ones`, async () => {
      for (const { title, resources } of (await examplesOf(policy.name))?.good ?? []) {
        assert.deepEqual(await reports(policy, resources), [], title);
      }
    });

    it(`${policy.id} names what is wrong in its bad ones, and an exemption makes it advice`, async () => {
      for (const { title, resources, property } of (await examplesOf(policy.name))?.bad ?? []) {
        const [report] = (await reports(policy, resources)).filter((given) => propertyOf(given) === property);
        assert.ok(report, `${title}: nothing is said about ${property}`);
        assert.equal(report.level, policy.level, title);
        assert.doesNotMatch(report.message, /^ {2}exempt until /m, title);
        const exempted = (await reports(policy, resources, exemption(policy, report))).filter(
          (given) => given.urn === report.urn && propertyOf(given) === property,
        );
        assert.ok(exempted.length > 0, title);
        for (const { level, message } of exempted) {
          if (policy.exemptable === false) {
            assert.equal(level, policy.level, title);
            assert.match(message, /accepts no exemption/, title);
          } else {
            assert.equal(level, "advisory", title);
            assert.match(message, new RegExp(`^  exempt until ${tomorrow}, owner platform: a test$`, "m"), title);
          }
        }
      }
    });

    it(`${policy.id} does not reject what is not known yet`, async () => {
      for (const example of (await examplesOf(policy.name))?.bad ?? []) {
        const open = await withUnknown(policy, example);
        if (open === undefined) continue; // Something is missing there, so there is no value that could be unknown.
        const said = await reports(policy, open.resources);
        const rejected = said.filter(({ urn, message }) => urn === open.urn && propertyOf({ message }) === open.path);
        assert.deepEqual(rejected, [], example.title);
        const notEvaluated = said.filter(({ message }) => /^ {2}not evaluated: /m.test(message));
        assert.ok(notEvaluated.length > 0, `${example.title}: nothing tells that ${open.path} is not evaluated`);
        assert.ok(
          notEvaluated.every(({ level }) => level === "advisory"),
          example.title,
        );
      }
    });
  }
});

/** The bad example with the offending value unknown, and where that is; undefined when no value is there. */
async function withUnknown(policy: Policy, { resources, property, anyValue }: BadExample) {
  if (anyValue) return undefined;
  const given = (await reports(policy, resources)).find((report) => propertyOf(report) === property);
  const index = resources.findIndex((resource) => urnOf(resource) === given?.urn);
  const resource = resources[index];
  const [step = ""] = property.split(/[.[]/);
  if (step in (resource?.propertyDependencies ?? {})) return undefined; // It is known where the value comes from.
  const changed = resource && replaced(resource.properties, property, UNKNOWN);
  if (changed === undefined || given === undefined) return undefined;
  return {
    urn: given.urn,
    path: property,
    resources: resources.with(index, { ...resource, properties: changed } as TestResource),
  };
}

async function reports(
  policy: Policy,
  resources: readonly TestResource[],
  exemptions: object[] = [],
): Promise<Report[]> {
  const config = exemptions.length === 0 ? {} : { exemptions: { parameters: { exemptions } } };
  return (await analyzeStack(resources, config)).filter((report) => report.policy === policy.name);
}

function propertyOf({ message }: Pick<Report, "message">): string | undefined {
  return /^ {2}property: (.*)$/m.exec(message)?.[1];
}

function exemption({ id }: Policy, { urn }: Report): object[] {
  return [{ policy: id, urn, reason: "a test", owner: "platform", expires: tomorrow }];
}
