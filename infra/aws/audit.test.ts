import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";

import { find, record, type RecordedResource } from "../testing/record.ts";
import { Audit, trailBucketPolicy, trailSelectors } from "./audit.ts";
import { LogGroups } from "./logs.ts";
import { AccessLogBucket } from "./objects-access-logs.ts";
import { shopTarget } from "./testing/shop.ts";

const target = shopTarget();
const trail = "arn:aws:cloudtrail:eu-central-1:111122223333:trail/shop-test";
const bucket = "shop-test-trail-111122223333-eucentral1";
const keys = { arn: (purpose: string) => pulumi.output(`key-${purpose}`) };

async function audit(of = target): Promise<RecordedResource[]> {
  return await record(() => {
    const logs = new LogGroups("logs", { target: of, keys }, {});
    const accessLogs = new AccessLogBucket("access-logs", { target: of }, {});
    new Audit("audit", { target: of, keys, logs, accessLogs }, {});
  });
}

describe("The audit of an account", () => {
  let resources: RecordedResource[];
  before(async () => {
    resources = await audit();
  });

  it("notes what happens in every region, in files that prove themselves, encrypted", () => {
    const { inputs, protect, dependencies } = find(resources, "aws:cloudtrail/trail:Trail", "audit-trail");
    assert.deepEqual(inputs, {
      name: "shop-test",
      s3BucketName: bucket,
      kmsKeyId: "key-operations",
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      cloudWatchLogsGroupArn: "arn:aws:logs:eu-central-1:111122223333:log-group:/shop/test/platform/trail:*",
      cloudWatchLogsRoleArn: "arn:aws:iam::111122223333:role/shop-test-audit-trail",
      advancedEventSelectors: trailSelectors(target),
      tags: { component: "audit" },
    });
    assert(protect);
    for (const needed of ["audit-bucket-policy", "audit-lock", "audit-role-policy", "logs-platform-trail"]) {
      assert(dependencies.includes(needed), needed);
    }
  });

  it("notes who reads the trail", () => {
    assert.deepEqual(find(resources, "aws:s3/bucketLogging:BucketLogging", "audit-access-logs").inputs, {
      bucket,
      targetBucket: "shop-test-access-logs-111122223333-eucentral1",
      targetPrefix: "buckets/trail/",
    });
  });

  it("notes what is written to locked object stores", () => {
    assert.deepEqual(trailSelectors(target), [
      { name: "Management", fieldSelectors: [{ field: "eventCategory", equals: ["Management"] }] },
      {
        name: "Locked objects",
        fieldSelectors: [
          { field: "eventCategory", equals: ["Data"] },
          { field: "resources.type", equals: ["AWS::S3::Object"] },
          { field: "resources.ARN", startsWiths: ["arn:aws:s3:::shop-test-audit-111122223333-eucentral1/"] },
        ],
      },
    ]);
    assert.equal(trailSelectors({ ...target, system: { ...target.system, stores: {} } }).length, 1);
  });

  it("is kept in a bucket that only this trail writes to and nobody changes for a year", () => {
    const lock = find(resources, "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration", "audit-lock");
    assert.deepEqual(lock.inputs, {
      bucket,
      rule: { defaultRetention: { mode: "GOVERNANCE", days: 365 } },
    });
    const statements = (JSON.parse(trailBucketPolicy(target)) as { Statement: Record<string, unknown>[] }).Statement;
    assert.deepEqual(statements.slice(0, 2), [
      {
        Sid: "TrailCheck",
        Effect: "Allow",
        Principal: { Service: ["cloudtrail.amazonaws.com"] },
        Action: ["s3:GetBucketAcl"],
        Resource: [`arn:aws:s3:::${bucket}`],
        Condition: { StringEquals: { "aws:SourceArn": trail } },
      },
      {
        Sid: "Trail",
        Effect: "Allow",
        Principal: { Service: ["cloudtrail.amazonaws.com"] },
        Action: ["s3:PutObject"],
        Resource: [`arn:aws:s3:::${bucket}/AWSLogs/111122223333/*`],
        Condition: { StringEquals: { "aws:SourceArn": trail, "s3:x-amz-acl": "bucket-owner-full-control" } },
      },
    ]);
    assert(statements.slice(2).every(({ Effect }) => Effect === "Deny"));
  });

  it("writes to its own log streams alone", () => {
    const { inputs } = find(resources, "aws:iam/rolePolicy:RolePolicy", "audit-role-policy");
    assert.deepEqual((JSON.parse(String(inputs["policy"])) as { Statement: unknown }).Statement, [
      {
        Sid: "Write",
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: [
          "arn:aws:logs:eu-central-1:111122223333:log-group:/shop/test/platform/trail:log-stream:111122223333_CloudTrail_*",
        ],
      },
    ]);
  });

  it("looks for threats in buckets, databases, functions and tasks", () => {
    const features = resources.filter(({ type }) => type === "aws:guardduty/detectorFeature:DetectorFeature");
    assert.deepEqual(
      features.map(({ inputs }) => [inputs["name"], inputs["status"], inputs["detectorId"]]),
      ["LAMBDA_NETWORK_LOGS", "RDS_LOGIN_EVENTS", "RUNTIME_MONITORING", "S3_DATA_EVENTS"].map((name) => [
        name,
        "ENABLED",
        "audit-threats-detector-id",
      ]),
    );
    assert.deepEqual(
      find(features, "aws:guardduty/detectorFeature:DetectorFeature", "audit-threats-runtime-monitoring").inputs[
        "additionalConfigurations"
      ],
      [
        { name: "ECS_FARGATE_AGENT_MANAGEMENT", status: "ENABLED" },
        { name: "EC2_AGENT_MANAGEMENT", status: "DISABLED" },
        { name: "EKS_ADDON_MANAGEMENT", status: "DISABLED" },
      ],
    );
  });

  it("can be removed with its stack where nothing is protected", async () => {
    const inDev = await audit(shopTarget("dev"));
    assert(inDev.every(({ protect }) => !protect));
  });
});
