import assert from "node:assert/strict";

import type { ProfileName } from "../profile.ts";
import { find, record } from "../testing/record.ts";
import { BackupRole, Backups } from "./backup.ts";
import { account, shopTarget } from "./testing/shop.ts";
import { surroundings } from "./testing/surroundings.ts";

const deploy = (profileName: ProfileName) =>
  record(() => new Backups("shop-backup", { target: shopTarget(profileName), ...surroundings }, {}));

describe("Backups", () => {
  it("are taken every night of everything of this stack that carries the tag", async () => {
    const resources = await deploy("production");
    const plan = find(resources, "aws:backup/plan:Plan", "shop-backup-plan").inputs;
    assert.deepEqual(plan["rules"], [
      {
        ruleName: "daily",
        targetVaultName: "shop-test",
        schedule: "cron(0 2 * * ? *)",
        startWindow: 60,
        completionWindow: 480,
        lifecycle: { deleteAfter: 30 },
        recoveryPointTags: { component: "backup" },
      },
    ]);
    const selection = find(resources, "aws:backup/selection:Selection", "shop-backup-selection").inputs;
    assert.equal(selection["iamRoleArn"], `arn:aws:iam::${account}:role/shop-test-backup-service`);
    assert.deepEqual(selection["conditions"], [
      {
        stringEquals: [
          { key: "aws:ResourceTag/backup", value: "daily" },
          { key: "aws:ResourceTag/system", value: "shop" },
          { key: "aws:ResourceTag/environment", value: "test" },
        ],
      },
    ]);
  });

  it("are in an encrypted vault from which nobody deletes, and which production locks", async () => {
    const resources = await deploy("production");
    const vault = find(resources, "aws:backup/vault:Vault", "shop-backup-vault");
    assert.deepEqual(vault.inputs, {
      name: "shop-test",
      kmsKeyArn: "key-data",
      forceDestroy: false,
      tags: { component: "backup" },
    });
    assert.equal(vault.protect, true);
    const { inputs } = find(resources, "aws:backup/vaultPolicy:VaultPolicy", "shop-backup-vault-policy");
    assert.match(inputs["policy"] as string, /"Effect":"Deny".*"backup:DeleteRecoveryPoint"/);
    const lock = find(resources, "aws:backup/vaultLockConfiguration:VaultLockConfiguration", "shop-backup-vault-lock");
    assert.deepEqual(lock.inputs, { backupVaultName: "shop-test", minRetentionDays: 30 });
    assert.equal(lock.protect, true);
  });

  const guards: [ProfileName, number, number][] = [
    ["production", 1, 1],
    ["staging", 1, 0],
    ["dev", 0, 0],
  ];
  for (const [profileName, policies, locks] of guards) {
    it(`have ${policies} policies and ${locks} locks in ${profileName}`, async () => {
      const types = (await deploy(profileName)).map(({ type }) => type);
      assert.equal(types.filter((type) => type === "aws:backup/vaultPolicy:VaultPolicy").length, policies);
      assert.equal(
        types.filter((type) => type === "aws:backup/vaultLockConfiguration:VaultLockConfiguration").length,
        locks,
      );
    });
  }

  it("call a person when they fail", async () => {
    const resources = await deploy("production");
    const rule = find(resources, "aws:cloudwatch/eventRule:EventRule", "shop-backup-failures").inputs;
    assert.deepEqual(JSON.parse(rule["eventPattern"] as string), {
      source: ["aws.backup"],
      "detail-type": ["Backup Job State Change"],
      detail: { state: ["ABORTED", "EXPIRED", "FAILED"] },
    });
    const target = find(resources, "aws:cloudwatch/eventTarget:EventTarget", "shop-backup-failures-topic").inputs;
    assert.equal(target["arn"], `arn:aws:sns:eu-central-1:${account}:shop-test-critical`);
  });

  it("are taken with a role that has AWS's own policies for it", async () => {
    const resources = await record(() => new BackupRole("shop-backup", { target: shopTarget() }, {}));
    const policies = resources
      .filter(({ type }) => type === "aws:iam/rolePolicyAttachment:RolePolicyAttachment")
      .map(({ inputs }) => inputs["policyArn"]);
    assert.deepEqual(policies, [
      "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
      "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores",
      "arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Backup",
      "arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Restore",
    ]);
  });
});
