import assert from "node:assert/strict";
import { BackupClient } from "@aws-sdk/client-backup";

import { startBackup } from "./start-backup.ts";
import { AwsStandIn, type Asked } from "./testing/aws-stand-in.ts";
import { emulatedClient } from "./testing/emulated.ts";
import { testInvocation } from "./testing/invocation.ts";

const event = {
  vaultName: "worldstore-prod",
  resourceArn: "arn:aws:elasticfilesystem:eu-central-1:123456789012:file-system/fs-1",
  roleArn: "arn:aws:iam::123456789012:role/backup",
  timeoutSeconds: 1,
};

describe("a backup by AWS Backup, which a small server stands in for", () => {
  let standIn: AwsStandIn;
  let states: Record<string, unknown>[];
  beforeEach(async () => {
    const running = { State: "RUNNING" };
    standIn = new AwsStandIn(({ operation }: Asked) =>
      operation === "PUT /backup-jobs" ? { BackupJobId: "job-1" } : (states.shift() ?? running),
    );
    await standIn.start();
  });
  afterEach(() => standIn.stop());

  const run = async (changes: Record<string, unknown> = {}) =>
    await startBackup({ backup: new BackupClient(emulatedClient(standIn.endpoint)), interval: 20 })(
      { ...event, ...changes },
      testInvocation("request-7"),
    );

  it("is started once for a call and waited for", async () => {
    states = [{ State: "CREATED" }, { State: "RUNNING" }, { State: "COMPLETED", RecoveryPointArn: "arn:recovery" }];
    assert.deepEqual(await run(), { backupJobId: "job-1", recoveryPointArn: "arn:recovery" });
    assert.deepEqual(standIn.asked[0], {
      operation: "PUT /backup-jobs",
      body: {
        BackupVaultName: event.vaultName,
        ResourceArn: event.resourceArn,
        IamRoleArn: event.roleArn,
        IdempotencyToken: "request-7",
      },
    });
    assert.equal(standIn.asked[1]?.operation, "GET /backup-jobs/job-1");
  });

  for (const state of ["FAILED", "ABORTED", "EXPIRED", "PARTIAL"]) {
    it(`fails with the reason when it ends as ${state}`, async () => {
      states = [{ State: state, StatusMessage: "the role may not" }];
      await assert.rejects(run(), new RegExp(`file-system/fs-1 ended as ${state}: the role may not\\.`));
    });
  }

  it("fails when it takes longer than allowed", async () => {
    states = [];
    await assert.rejects(run(), /job-1 of .* is not complete after 1 seconds/);
  });

  it("refuses what is no event", async () => {
    await assert.rejects(
      run({ resourceArn: "fs-1", timeoutSeconds: 1_000 }),
      /resourceArn: .*; timeoutSeconds: Too big/,
    );
    assert.deepEqual(standIn.asked, []);
  });
});
