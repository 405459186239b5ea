import assert from "node:assert/strict";
import { UNKNOWN, type TestResource } from "../testing/analyzer.ts";
import { kubernetes } from "../testing/fixtures.ts";
import { stackVerdict } from "../testing/pack.ts";
import { firstReport } from "../testing/report.ts";

const POLICY = "tags";
const ALL = { system: "worldstore", environment: "prod", owner: "platform" };

const bucket = (properties: Record<string, unknown>, type = "aws:s3/bucket:Bucket"): TestResource => ({
  type,
  properties,
});
const provider = (defaultTags: unknown): TestResource => ({
  type: "pulumi:providers:aws",
  name: "aws",
  properties: { defaultTags },
});
const judge = (resources: TestResource[], parameters = {}) =>
  stackVerdict(POLICY, resources, { [POLICY]: { level: "advisory", parameters } });

describe("POL-TAGS (WS-SEC-19)", () => {
  it("accepts tags of the resource, of all its tags, and of its provider", async () => {
    assert.deepEqual(await judge([bucket({ tags: ALL })]), []);
    assert.deepEqual(await judge([bucket({ tags: {}, tagsAll: ALL })]), []);
    assert.deepEqual(await judge([bucket({}), provider(JSON.stringify({ tags: ALL }))]), []);
    assert.deepEqual(await judge([bucket({ tags: { owner: "a" } }), provider({ tags: { ...ALL, owner: "" } })]), []);
  });

  it("says what is wrong and what to do", async () => {
    const [, ...lines] = await firstReport(POLICY, { ...bucket({ tags: { ...ALL, owner: "" } }), name: "audit" });
    assert.deepEqual(lines, [
      "POL-TAGS: Resources tagged",
      "  resource: audit (aws:s3/bucket:Bucket)",
      "  property: tags.owner",
      '  found:    ""',
      "  expected: a value for owner",
      "  fix:      Give the provider default tags, and the resource tags and labels of its own.",
      "  required: WS-SEC-19; SOC 2 CC6.1",
    ]);
  });

  it("advises where tags are missing, on what has tags or holds data", async () => {
    const missing = [
      "advisory tags.system: nothing",
      "advisory tags.environment: nothing",
      "advisory tags.owner: nothing",
    ];
    assert.deepEqual(await judge([bucket({})]), missing);
    assert.deepEqual(await judge([bucket({ tags: { a: "b" } }, "aws:ec2/vpc:Vpc")]), missing);
    assert.deepEqual(await judge([bucket({}, "aws:ec2/route:Route")]), []);
    assert.deepEqual(await judge([bucket({}), provider("{")]), missing);
    const [first, second] = [provider({ tags: ALL }), { ...provider({ tags: { system: "a" } }), name: "other" }];
    assert.deepEqual(await judge([bucket({}), first, second]), missing.slice(1));
  });

  it("reads the labels of workloads and namespaces", async () => {
    const labels = { "app.kubernetes.io/part-of": "worldstore", environment: "prod", owner: "platform" };
    const of = (kind: string, given: unknown) => judge([kubernetes(kind, { metadata: { labels: given } })]);
    assert.deepEqual(await of("apps/v1:StatefulSet", labels), []);
    assert.deepEqual(await of("core/v1:Namespace", { ...labels, owner: undefined }), [
      "advisory metadata.labels.owner: nothing",
    ]);
    assert.deepEqual(await of("core/v1:Event", undefined), []);
  });

  it("takes other tags from its configuration, more of them for data", async () => {
    assert.deepEqual(await judge([bucket({ tags: ALL })], { tags: ["cost"], dataTags: ["data-class"] }), [
      "advisory tags.cost: nothing",
      'advisory tags["data-class"]: nothing'.replace('["data-class"]', ".data-class"),
    ]);
    assert.deepEqual(await judge([bucket({ tags: ALL }, "aws:ec2/vpc:Vpc")], { dataTags: ["data-class"] }), []);
    assert.deepEqual(await judge([kubernetes("core/v1:Namespace", {})], { labels: ["team"] }), [
      "advisory metadata.labels.team: nothing",
    ]);
  });

  it("waits for tags that are not known yet", async () => {
    assert.deepEqual(await judge([bucket({ tags: UNKNOWN })]), ["advisory not evaluated: tags"]);
    assert.deepEqual(await judge([bucket({ tags: { ...ALL, owner: UNKNOWN } })]), [
      "advisory not evaluated: tags.owner",
    ]);
    assert.deepEqual(await judge([bucket({ tags: UNKNOWN })], { tags: [] }), []);
  });
});
