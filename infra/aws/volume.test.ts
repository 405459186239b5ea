import assert from "node:assert/strict";

import { find, record, type RecordedResource } from "../testing/record.ts";
import { account, shopTarget } from "./testing/shop.ts";
import { surroundings } from "./testing/surroundings.ts";
import { ServiceVolume } from "./volume.ts";

const deploy = (target = shopTarget()) =>
  record(() => new ServiceVolume("shop-writer", { target, service: "writer", ...surroundings }, {}));

describe("The volumes of a single writer", () => {
  let resources: RecordedResource[];
  before(async () => (resources = await deploy()));

  it("are on one encrypted, protected file system that the backup plan copies", () => {
    const { inputs, protect } = find(resources, "aws:efs/fileSystem:FileSystem", "shop-writer-files");
    assert.deepEqual(inputs, {
      creationToken: "shop-test-writer",
      encrypted: true,
      kmsKeyId: "key-data",
      performanceMode: "generalPurpose",
      throughputMode: "elastic",
      lifecyclePolicies: [{ transitionToIa: "AFTER_30_DAYS" }, { transitionToPrimaryStorageClass: "AFTER_1_ACCESS" }],
      tags: { component: "writer", backup: "daily", Name: "shop-test-writer" },
    });
    assert.equal(protect, true);
    assert.deepEqual(find(resources, "aws:efs/backupPolicy:BackupPolicy", "shop-writer-backup").inputs, {
      fileSystemId: "shop-writer-files-id",
      backupPolicy: { status: "ENABLED" },
    });
  });

  it("can be mounted in every zone by the service alone", () => {
    const mounts = resources.filter(({ type }) => type === "aws:efs/mountTarget:MountTarget");
    assert.deepEqual(
      mounts.map(({ inputs }) => inputs),
      ["subnet-data-a", "subnet-data-b"].map((subnetId) => ({
        fileSystemId: "shop-writer-files-id",
        subnetId,
        securityGroups: ["sg-volume-writer"],
      })),
    );
  });

  it("are folders of the containers' user", () => {
    const { inputs, protect } = find(resources, "aws:efs/accessPoint:AccessPoint", "shop-writer-data");
    assert.deepEqual(inputs, {
      fileSystemId: "shop-writer-files-id",
      posixUser: { uid: 10001, gid: 10001 },
      rootDirectory: {
        path: "/writer/data",
        creationInfo: { ownerUid: 10001, ownerGid: 10001, permissions: "0700" },
      },
      tags: { component: "writer", Name: "writer data" },
    });
    assert.equal(protect, true);
  });

  it("are open to the task's role over TLS through its own access points", () => {
    const { inputs } = find(resources, "aws:efs/fileSystemPolicy:FileSystemPolicy", "shop-writer-policy");
    const { Statement } = JSON.parse(inputs["policy"] as string) as { Statement: object[] };
    assert.deepEqual(Statement, [
      {
        Sid: "Mount",
        Effect: "Allow",
        Principal: { AWS: [`arn:aws:iam::${account}:role/shop-test-writer-task`] },
        Action: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
        Resource: ["shop-writer-files-arn"],
        Condition: {
          StringEquals: { "elasticfilesystem:AccessPointArn": ["shop-writer-data-arn"] },
          Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" },
        },
      },
      {
        Sid: "WithoutTls",
        Effect: "Deny",
        Principal: "*",
        Action: ["*"],
        Resource: ["shop-writer-files-arn"],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
  });

  it("of several instances are folders apart (X-01)", async () => {
    const target = shopTarget();
    Object.assign(target.system.services["writer"] ?? {}, { singleWriter: { instances: 3, ownSecrets: [] } });
    const points = (await deploy(target)).filter(({ type }) => type === "aws:efs/accessPoint:AccessPoint");
    assert.deepEqual(
      points.map(({ name, inputs }) => [name, (inputs["rootDirectory"] as { path: string }).path]),
      [0, 1, 2].map((number) => [`shop-writer-${number}-data`, `/writer-${number}/data`]),
    );
  });

  it("are found by instance and name", async () => {
    await record(() => {
      const volume = new ServiceVolume("v", { target: shopTarget(), service: "writer", ...surroundings }, {});
      assert.throws(() => volume.accessPointId({ workload: "writer" }, "other"), /has no volume "other"/);
    });
  });
});
