import {
  DescribeBackupJobCommand,
  StartBackupJobCommand,
  type BackupClient,
  type DescribeBackupJobOutput,
} from "@aws-sdk/client-backup";
import { z } from "zod";

import { handler, type Handler } from "./handler.ts";
import { OperationError } from "./operation-error.ts";
import { poll } from "./polling.ts";

const backupEvent = z.object({
  vaultName: z.string().min(1),
  resourceArn: z.string().startsWith("arn:"),
  roleArn: z.string().startsWith("arn:"),
  /** Lambda ends a function after 15 minutes. */
  timeoutSeconds: z.number().int().min(1).max(900),
});

/** States that a job never leaves. */
const final = new Set(["COMPLETED", "ABORTED", "FAILED", "EXPIRED", "PARTIAL"]);

export interface StartBackupParts {
  backup: BackupClient;
  /** Milliseconds between two questions. @default 3000 */
  interval?: number;
}

/** Backs up one resource, such as a volume before its writer is replaced, and waits until the recovery point is complete. */
export function startBackup({ backup, interval = 3_000 }: StartBackupParts): Handler {
  return handler(backupEvent, async (event, { requestId, deadline, logger }) => {
    const { BackupJobId: backupJobId = "" } = await backup.send(
      new StartBackupJobCommand({
        BackupVaultName: event.vaultName,
        ResourceArn: event.resourceArn,
        IamRoleArn: event.roleArn,
        IdempotencyToken: requestId,
      }),
    );
    logger.info({ backupJobId }, "The backup has been started.");
    const limits = { timeoutSeconds: event.timeoutSeconds, deadline, interval };
    const job = await poll(() => finishedJob(backup, backupJobId), limits);
    const what = `The backup ${backupJobId} of ${event.resourceArn}`;
    if (job === undefined) {
      throw new OperationError(
        `${what} is not complete after ${event.timeoutSeconds} seconds, or the function's own timeout; it goes on.`,
      );
    }
    if (job.State !== "COMPLETED") {
      throw new OperationError(`${what} ended as ${job.State}: ${job.StatusMessage ?? "AWS Backup gives no reason"}.`);
    }
    return { backupJobId, recoveryPointArn: job.RecoveryPointArn };
  });
}

async function finishedJob(backup: BackupClient, backupJobId: string): Promise<DescribeBackupJobOutput | undefined> {
  const job = await backup.send(new DescribeBackupJobCommand({ BackupJobId: backupJobId }));
  return final.has(job.State ?? "") ? job : undefined;
}
