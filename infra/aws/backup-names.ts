import { arn, iamArn } from "./arns.ts";
import { physicalName } from "./names.ts";
import { componentTags } from "./tags.ts";
import type { Target } from "./target.ts";

/** The name of the plan by which everything that keeps data is copied; resources name it in their tag `backup`. */
const plan = "daily";

/** The tags of a store or service whose data is copied by AWS Backup. */
export function backedUpTags(component: string): Record<string, string> {
  return componentTags(component, backupTag);
}

/** The tag by which the plan selects resources. */
export const backupTag = { backup: plan };

/** The name of the plan. */
export function backupPlanName(target: Target): string {
  return physicalName(target, "backupPlan", plan);
}

/** The name of the vault that holds backups. */
export function vaultName(target: Target): string {
  return physicalName(target, "backupVault");
}

/** The ARN of the vault. */
export function vaultArn(target: Target): string {
  return arn(target.aws, "backup", `backup-vault:${vaultName(target)}`);
}

/** The name of the role with which AWS Backup reads what it copies. */
export function backupRoleName(target: Target): string {
  return physicalName(target, "role", "backup", "service");
}

/** The ARN of that role. */
export function backupRoleArn(target: Target): string {
  return iamArn(target.aws, `role/${backupRoleName(target)}`);
}
