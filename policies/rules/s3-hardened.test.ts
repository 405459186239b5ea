import assert from "node:assert/strict";
import { UNKNOWN, type TestResource } from "../testing/analyzer.ts";
import {
  inlineBucket,
  policyOf,
  previewed,
  splitBucket,
  TLS_ONLY,
  type BucketPlan,
} from "../testing/bucket-fixtures.ts";
import { remediated, verdictRemediated } from "../testing/in-process.ts";
import { stackVerdict } from "../testing/pack.ts";
import { s3Hardened } from "./s3-hardened.ts";

const POLICY = "s3-hardened";
const judge = (resources: readonly TestResource[], parameters = {}) =>
  stackVerdict(POLICY, resources, { [POLICY]: { parameters } });
const split = (plan: BucketPlan, parameters = {}) => judge(splitBucket(plan), parameters);

/** A verdict without the places, which differ between the forms. */
const withoutPaths = (verdict: readonly string[]) => verdict.map((line) => line.replace(/ \S+:/, ":")).sort();

const allow = (principal: unknown, action: unknown, condition?: object) => ({
  Effect: "Allow",
  Principal: principal,
  Action: action,
  Resource: "arn:aws:s3:::media/*",
  ...(condition && { Condition: condition }),
});

describe("POL-S3-HARDENED (EB-SEC-13, EB-SEC-20, AR-SEC-34, RB-SEC-47)", () => {
  it("accepts a bucket with all settings", async () => {
    assert.deepEqual(await split({}), []);
    assert.deepEqual(await split({ algorithm: "AES256" }), []);
    assert.deepEqual(await split({ algorithm: "aws:kms:dsse", ownership: undefined }), []);
  });

  it("rejects a bucket without any", async () => {
    const [bucket] = splitBucket();
    assert.deepEqual(await judge(bucket === undefined ? [] : [bucket]), [
      "mandatory publicAccess: nothing",
      "mandatory versioning: nothing",
      "mandatory encryption: nothing",
      "mandatory lifecycle: nothing",
      "mandatory logging: nothing",
      "mandatory policy: no policy",
    ]);
  });

  it("wants each of the four settings against the public", async () => {
    const closed = {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    };
    for (const flag of Object.keys(closed)) {
      assert.deepEqual(await split({ publicAccess: { ...closed, [flag]: false } }), [`mandatory ${flag}: false`]);
      assert.deepEqual(await split({ publicAccess: { ...closed, [flag]: undefined } }), [`mandatory ${flag}: nothing`]);
    }
  });

  it("wants versions and a known algorithm", async () => {
    assert.deepEqual(await split({ versioning: "Suspended" }), [
      'mandatory versioningConfiguration.status: "Suspended"',
    ]);
    assert.deepEqual(await split({ algorithm: "none" }), [
      'mandatory rules[0].applyServerSideEncryptionByDefault.sseAlgorithm: "none"',
    ]);
    const empty = splitBucket().map((one) =>
      one.type.includes("Encryption") ? { ...one, properties: { ...one.properties, rules: [] } } : one,
    );
    assert.deepEqual(await judge(empty), ["mandatory rules: []"]);
  });

  it("wants rules in force, and of backups that they expire in time", async () => {
    assert.deepEqual(await split({ expires: false }), ["mandatory rules: no rule in force"]);
    assert.deepEqual(await split({ expiryDays: 400 }), []);
    const backups = { name: "archesai-backups" };
    assert.deepEqual(await split(backups), []);
    assert.deepEqual(await split({ ...backups, expiryDays: 31 }), ["mandatory rules[0].expiration.days: 31 days"]);
    assert.deepEqual(await split({ ...backups, expiryDays: undefined }), ["mandatory rules: no expiry"]);
    assert.deepEqual(await split({ ...backups, expiryDays: 31 }, { backupExpiryDays: 31 }), []);
    assert.deepEqual(await split({ expiryDays: 31 }, { backupNames: "media" }), [
      "mandatory rules[0].expiration.days: 31 days",
    ]);
    assert.deepEqual(await judge(inlineBucket({ ...backups, expiryDays: 7 })), [
      "mandatory lifecycleRules[0].expiration.days: 7 days",
    ]);
  });

  it("wants a log of access, except of the bucket for logs", async () => {
    const logs = splitBucket({ name: "logs", logTarget: undefined });
    assert.deepEqual(await judge(logs), ["mandatory logging: nothing"]);
    assert.deepEqual(await judge([...logs, ...splitBucket()]), []);
    assert.deepEqual(await judge([...logs, ...inlineBucket()]), []);
    const deliver = allow({ Service: "logging.s3.amazonaws.com" }, "s3:PutObject");
    assert.deepEqual(await split({ logTarget: undefined, policy: policyOf(TLS_ONLY, deliver) }), []);
    const other = allow({ Service: "cloudtrail.amazonaws.com" }, "s3:PutObject");
    assert.deepEqual(await split({ logTarget: undefined, policy: policyOf(TLS_ONLY, other) }), [
      "mandatory logging: nothing",
    ]);
  });

  it("wants no access lists", async () => {
    assert.deepEqual(await split({ ownership: "ObjectWriter" }), ['mandatory rule.objectOwnership: "ObjectWriter"']);
    const listed = { type: "aws:s3/bucketAcl:BucketAcl", properties: { bucket: "media", acl: "public-read" } };
    assert.deepEqual(await judge([...splitBucket(), listed]), ['mandatory acl: "public-read"']);
    assert.deepEqual(await split({ bucket: { acl: "authenticated-read" } }), ['mandatory acl: "authenticated-read"']);
    assert.deepEqual(await split({ bucket: { acl: "private" } }), []);
    assert.deepEqual(await split({ bucket: { grants: [{ type: "Group" }] } }), ["mandatory grants: a list of 1"]);
  });

  describe("for the bucket's policy", () => {
    const says = (...statements: unknown[]) => split({ policy: policyOf(...statements) });

    it("wants everyone refused without TLS", async () => {
      assert.deepEqual(await says({ ...TLS_ONLY, Principal: { AWS: "*" }, Action: ["s3:*"] }), []);
      const flawed = [
        { ...TLS_ONLY, Effect: "Allow", Principal: { AWS: "arn:aws:iam::111122223333:root" }, Action: "s3:GetObject" },
        { ...TLS_ONLY, Principal: { AWS: "arn:aws:iam::111122223333:root" } },
        { ...TLS_ONLY, Action: "s3:GetObject" },
        { ...TLS_ONLY, Condition: { Bool: { "aws:SecureTransport": "true" } } },
        { ...TLS_ONLY, Condition: { Bool: { "aws:ViaAWSService": "false" } } },
        { ...TLS_ONLY, Condition: { StringEquals: { "aws:SecureTransport": "false" } } },
        { ...TLS_ONLY, Condition: { Booleans: { "aws:SecureTransport": "false" } } },
        { ...TLS_ONLY, Condition: undefined },
      ];
      for (const statement of flawed) {
        assert.deepEqual(
          await says(statement),
          ["mandatory policy: no statement about TLS"],
          JSON.stringify(statement),
        );
      }
      const listed = { ...TLS_ONLY, Condition: { BoolIfExists: { "AWS:SecureTransport": ["false"] } } };
      assert.deepEqual(await says(listed), []);
    });

    it("wants nobody from the public", async () => {
      const path = "mandatory policy.Statement[1].Principal";
      assert.deepEqual(await says(TLS_ONLY, allow("*", "s3:GetObject")), [`${path}: everyone`]);
      assert.deepEqual(await says(TLS_ONLY, allow({ AWS: ["*"] }, "s3:PutObject")), [`${path}.AWS[0]: everyone`]);
      const narrowed = { StringEquals: { "aws:SourceVpce": "vpce-1" } };
      assert.deepEqual(await says(TLS_ONLY, allow("*", "s3:GetObject", narrowed)), []);
    });

    it("wants no other account to administer the bucket", async () => {
      const found = (principal: string) => [`mandatory policy.Statement[1].Principal.AWS: "${principal}"`];
      for (const action of ["s3:PutBucketPolicy", "s3:Put*", "s3:*", "s3:PutObjectAcl", "s3:DeleteBucketPolicy"]) {
        assert.deepEqual(await says(TLS_ONLY, allow({ AWS: "444455556666" }, action)), found("444455556666"), action);
      }
      const role = "arn:aws:iam::444455556666:role/reader";
      assert.deepEqual(await says(TLS_ONLY, allow({ AWS: role }, "s3:PutBucketAcl")), found(role));
      assert.deepEqual(await says(TLS_ONLY, allow({ AWS: role }, ["s3:GetObject", "s3:PutObject"])), []);
      const denied = { ...allow({ AWS: role }, "s3:*"), Effect: "Deny" };
      assert.deepEqual(await says(TLS_ONLY, denied), []);
      const own = policyOf(TLS_ONLY, allow({ AWS: role }, "s3:*"));
      assert.deepEqual(await split({ policy: own }, { administrators: ["444455556666"] }), []);
    });

    it("reports text that is no policy", async () => {
      assert.deepEqual(await split({ policy: "no JSON" }), [
        "mandatory policy: text that cannot be read",
        "mandatory policy: no statement about TLS",
      ]);
    });
  });

  it("goes on past values that are not known yet", async () => {
    const plan = { policy: UNKNOWN, versioning: UNKNOWN, publicAccess: { blockPublicAcls: UNKNOWN } };
    assert.deepEqual(await split(plan), [
      "mandatory blockPublicPolicy: nothing",
      "mandatory ignorePublicAcls: nothing",
      "mandatory restrictPublicBuckets: nothing",
      "advisory not evaluated: blockPublicAcls",
      "advisory not evaluated: versioningConfiguration.status",
      "advisory not evaluated: policy",
    ]);
    const lifecycle = { type: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration" };
    const unknown = (rules: unknown) => [
      ...splitBucket().filter(({ type }) => type !== lifecycle.type),
      { ...lifecycle, properties: { bucket: "media", rules } },
    ];
    assert.deepEqual(await judge(unknown(UNKNOWN)), ["advisory not evaluated: rules"]);
    assert.deepEqual(await judge(unknown([{ status: UNKNOWN }])), ["advisory not evaluated: rules[0].status"]);
  });

  it("joins settings over references during a preview, and waits where nothing tells whose they are", async () => {
    assert.deepEqual(await judge(previewed(splitBucket())), []);
    assert.deepEqual(await judge(previewed(splitBucket({ versioning: "Suspended" }))), [
      'mandatory versioningConfiguration.status: "Suspended"',
    ]);
    const lost = previewed(splitBucket()).map((one) => ({ ...one, propertyDependencies: {} }));
    assert.deepEqual([...new Set(await judge(lost))], ["advisory not evaluated: bucket"]);
    const other = splitBucket().map((one) => ({ ...one, properties: { ...one.properties, bucket: "other" } }));
    const [bucket] = splitBucket();
    assert.equal((await judge([...(bucket ? [bucket] : []), ...other.slice(1)])).length, 6);
  });

  it("judges a bucket the same whether its settings are within or beside it", async () => {
    const plans: BucketPlan[] = [
      {},
      { versioning: undefined },
      { versioning: "Suspended" },
      { algorithm: undefined },
      { algorithm: "none" },
      { expires: undefined },
      { expires: false },
      { logTarget: undefined },
      { policy: undefined },
      { policy: policyOf(allow("*", "s3:*")) },
      { publicAccess: undefined },
      { ownership: "ObjectWriter" },
      { name: "backups", expiryDays: 5 },
      { name: "backups", expiryDays: undefined },
    ];
    const comparable = (verdict: readonly string[]) =>
      withoutPaths(verdict.map((line) => line.replace('"Suspended"', "false")));
    for (const plan of plans) {
      const beside = comparable(await judge(splitBucket(plan)));
      assert.deepEqual(comparable(await judge(inlineBucket(plan))), beside, JSON.stringify(plan));
      assert.deepEqual(comparable(await judge([...splitBucket(plan)].reverse())), beside, JSON.stringify(plan));
    }
    const old = splitBucket().map((one) => ({ ...one, type: one.type.replace(/^(aws:s3\/\w+):(\w+)$/, "$1V2:$2V2") }));
    assert.deepEqual(await judge(old), []);
    const oldInline = inlineBucket({ bucket: { versioning: undefined, versionings: [{ enabled: false }] } });
    assert.deepEqual(await judge(oldInline), ["mandatory versionings[0].enabled: false"]);
  });

  it("is put right where a setting against the public was left open", () => {
    const type = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
    const open = { type, properties: { bucket: "media", blockPublicAcls: false } };
    const fixed = remediated(s3Hardened, open);
    assert.deepEqual(fixed.properties, {
      bucket: "media",
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    assert.deepEqual(verdictRemediated(s3Hardened, open), { verdict: [], idempotent: true });
    for (const right of [fixed, ...splitBucket()]) {
      assert.deepEqual(remediated(s3Hardened, right), right);
    }
  });
});
