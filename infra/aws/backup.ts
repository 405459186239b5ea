import { Plan } from "@pulumi/aws/backup/plan.js";
import { Selection } from "@pulumi/aws/backup/selection.js";
import { Vault } from "@pulumi/aws/backup/vault.js";
import { VaultLockConfiguration } from "@pulumi/aws/backup/vaultLockConfiguration.js";
import { VaultPolicy } from "@pulumi/aws/backup/vaultPolicy.js";
import { EventRule } from "@pulumi/aws/cloudwatch/eventRule.js";
import { EventTarget } from "@pulumi/aws/cloudwatch/eventTarget.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment.js";
import * as pulumi from "@pulumi/pulumi";

import { toSeconds } from "../spec/units.ts";
import { partitionOf } from "./arns.ts";
import { backupPlanName, backupRoleArn, backupRoleName, backupTag, vaultName } from "./backup-names.ts";
import type { Keys } from "./keys.ts";
import { physicalName } from "./names.ts";
import { topicArn } from "./notifications.ts";
import { policyDocument, trustPolicy } from "./policy-document.ts";
import { componentTags } from "./tags.ts";
import type { Target } from "./target.ts";

/** Every day at 02:00 UTC; no requirement of this time, but of one a day. */
const schedule = "cron(0 2 * * ? *)";
/** Minutes in which a backup must begin and end. */
const window = { startWindow: 60, completionWindow: 480 };

/** AWS's own policies for its backup role; S3 has some of its own. */
const managedPolicies = [
  "service-role/AWSBackupServiceRolePolicyForBackup",
  "service-role/AWSBackupServiceRolePolicyForRestores",
  "AWSBackupServiceRolePolicyForS3Backup",
  "AWSBackupServiceRolePolicyForS3Restore",
];

/** The role with which AWS Backup reads what it copies. It exists before the keys, whose policies name it. */
export class BackupRole extends pulumi.ComponentResource {
  constructor(name: string, { target }: { target: Target }, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:BackupRole", name, {}, opts);
    const { aws } = target;
    const role = new Role(
      `${name}-role`,
      {
        name: backupRoleName(target),
        description: "AWS Backup",
        assumeRolePolicy: trustPolicy("backup.amazonaws.com", aws.accountId),
        tags: componentTags("backup"),
      },
      { parent: this },
    );
    for (const policy of managedPolicies) {
      const policyArn = `arn:${partitionOf(aws.region)}:iam::aws:policy/${policy}`;
      new RolePolicyAttachment(
        `${name}-${policy.split("ForS3").length > 1 ? "s3-" : ""}${policy.includes("Restore") ? "restore" : "backup"}`,
        { role: role.name, policyArn },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}

/**
 * A copy of everything that carries the tag `backup`, every day, in a vault of its own (POL-BACKUP-COVERAGE).
 *
 * These copies stand apart from the stores. Databases go back to any point in time by themselves, so the plan takes no
 * continuous copies, which would take the databases' own away.
 */
export class Backups extends pulumi.ComponentResource {
  constructor(
    name: string,
    { target, keys }: { target: Target; keys: Pick<Keys, "arn"> },
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("agent-commerce:aws:Backups", name, {}, opts);
    const { profile } = target.settings;
    const tags = componentTags("backup");
    const vault = new Vault(
      `${name}-vault`,
      { name: vaultName(target), kmsKeyArn: keys.arn("data"), forceDestroy: !profile.protect, tags },
      { parent: this, protect: profile.protect },
    );
    if (profile.protect) this.guard(name, target, vault);
    const plan = new Plan(
      `${name}-plan`,
      {
        name: backupPlanName(target),
        rules: [
          {
            ruleName: "daily",
            targetVaultName: vault.name,
            schedule,
            ...window,
            lifecycle: { deleteAfter: keptDays(target) },
            recoveryPointTags: tags,
          },
        ],
        tags,
      },
      { parent: this },
    );
    new Selection(
      `${name}-selection`,
      {
        name: "tagged",
        planId: plan.id,
        iamRoleArn: backupRoleArn(target),
        // Resources must fulfil all conditions; a list of tags would take those with any of them.
        resources: ["*"],
        conditions: [
          {
            stringEquals: Object.entries({
              ...backupTag,
              system: target.system.name,
              environment: target.settings.environment,
            }).map(([key, value]) => ({ key: `aws:ResourceTag/${key}`, value })),
          },
        ],
      },
      { parent: this },
    );
    this.announceFailures(name, target);
    this.registerOutputs({});
  }

  /** Nobody deletes a copy before its time; in production the vault itself refuses shorter lives. */
  private guard(name: string, target: Target, vault: Vault) {
    new VaultPolicy(
      `${name}-vault-policy`,
      {
        backupVaultName: vault.name,
        policy: policyDocument({
          sid: "KeepCopies",
          effect: "Deny",
          principal: "everyone",
          actions: ["backup:DeleteBackupVault", "backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"],
          resources: ["*"],
        }),
      },
      { parent: this },
    );
    if (target.settings.profileName !== "production") return;
    // Without `changeableForDays` the lock is in governance mode: who has a special right can still undo it.
    new VaultLockConfiguration(
      `${name}-vault-lock`,
      { backupVaultName: vault.name, minRetentionDays: keptDays(target) },
      { parent: this, protect: true },
    );
  }

  private announceFailures(name: string, target: Target) {
    const rule = new EventRule(
      `${name}-failures`,
      {
        name: physicalName(target, "eventRule", "backup-failures"),
        description: "A backup did not succeed",
        eventPattern: JSON.stringify({
          source: ["aws.backup"],
          "detail-type": ["Backup Job State Change"],
          detail: { state: ["ABORTED", "EXPIRED", "FAILED"] },
        }),
        tags: componentTags("backup"),
      },
      { parent: this },
    );
    new EventTarget(
      `${name}-failures-topic`,
      { rule: rule.name, targetId: "topic", arn: topicArn(target, "critical") },
      { parent: this },
    );
  }
}

function keptDays({ settings }: Target): number {
  return toSeconds(settings.profile.backupRetention) / 86_400;
}
