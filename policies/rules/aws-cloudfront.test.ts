import assert from "node:assert/strict";
import { UNKNOWN } from "../testing/analyzer.ts";
import { aws, distribution } from "../testing/network-fixtures.ts";
import { stackVerdict, verdict } from "../testing/pack.ts";

const POLICY = "aws-cloudfront";
const found = (overrides: Record<string, unknown>) => verdict(POLICY, distribution(overrides));
const origin = (properties: Record<string, unknown>) => found({ origins: [properties] });
const BUCKET = "static.s3.eu-central-1.amazonaws.com";

describe("POL-AWS-CLOUDFRONT (EB-SEC-14, AR-SEC-28, RB-SEC-16)", () => {
  it("wants a root object, logs and a second origin", async () => {
    assert.deepEqual(await found({}), []);
    assert.deepEqual(await found({ defaultRootObject: undefined }), ["mandatory defaultRootObject: nothing"]);
    assert.deepEqual(await found({ defaultRootObject: "" }), ['mandatory defaultRootObject: ""']);
    assert.deepEqual(await found({ loggingConfig: undefined }), ["mandatory loggingConfig.bucket: nothing"]);
    assert.deepEqual(await found({ loggingConfig: { bucket: UNKNOWN } }), [
      "advisory not evaluated: loggingConfig.bucket",
    ]);
    assert.deepEqual(await found({ originGroups: [] }), ["mandatory originGroups: []"]);
    const config = { [POLICY]: { parameters: { requireFailover: false } } };
    assert.deepEqual(await verdict(POLICY, distribution({ originGroups: undefined }), config), []);
  });

  it("wants access control for buckets and functions, not for websites", async () => {
    const function_ = "abc.lambda-url.eu-central-1.on.aws";
    for (const domainName of [BUCKET, "static.s3.amazonaws.com", function_]) {
      assert.deepEqual(await origin({ domainName }), ["mandatory origins[0].originAccessControlId: nothing"]);
      assert.deepEqual(await origin({ domainName, originAccessControlId: "E1" }), []);
      assert.deepEqual(await origin({ domainName, originAccessControlId: "" }), [
        'mandatory origins[0].originAccessControlId: ""',
      ]);
    }
    assert.deepEqual(await origin({ domainName: "static.s3-website.eu-central-1.amazonaws.com" }), []);
    assert.deepEqual(await origin({ domainName: UNKNOWN }), ["advisory not evaluated: origins[0].domainName"]);
  });

  it("wants TLS 1.2 on the way to other origins", async () => {
    const custom = (customOriginConfig: unknown) => origin({ domainName: "app.archesai.com", customOriginConfig });
    const fine = { originProtocolPolicy: "https-only", originSslProtocols: ["TLSv1.2"] };
    assert.deepEqual(await custom(fine), []);
    for (const originProtocolPolicy of ["http-only", "match-viewer"]) {
      assert.deepEqual(await custom({ ...fine, originProtocolPolicy }), [
        `mandatory origins[0].customOriginConfig.originProtocolPolicy: "${originProtocolPolicy}"`,
      ]);
    }
    for (const old of ["SSLv3", "TLSv1", "TLSv1.1"]) {
      assert.deepEqual(await custom({ ...fine, originSslProtocols: ["TLSv1.2", old] }), [
        `mandatory origins[0].customOriginConfig.originSslProtocols[1]: "${old}"`,
      ]);
    }
    assert.deepEqual(await custom(UNKNOWN), ["advisory not evaluated: origins[0].customOriginConfig"]);
  });

  it("wants buckets that exist, known by name or by where the address comes from", async () => {
    const bucket = (name: unknown) => aws("s3/bucket:Bucket", { bucket: name }, "static");
    assert.deepEqual(await stackVerdict(POLICY, [distribution(), bucket("static")]), []);
    assert.deepEqual(await stackVerdict(POLICY, [distribution(), bucket(UNKNOWN)]), []);
    assert.deepEqual(await stackVerdict(POLICY, [distribution({}, { origins: [bucket("x")] }), bucket("x")]), []);
    for (const others of [[], [bucket("other")]]) {
      assert.deepEqual(await stackVerdict(POLICY, [distribution(), ...others]), [
        `mandatory origins[0].domainName: "${BUCKET}"`,
      ]);
    }
    const app = distribution({ origins: [{ domainName: "app.archesai.com" }] });
    assert.deepEqual(await stackVerdict(POLICY, [app]), []);
  });

  it("says nothing of other resources", async () => {
    assert.deepEqual(await verdict(POLICY, aws("cloudfront/cachePolicy:CachePolicy")), []);
  });
});
