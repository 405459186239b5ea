import assert from "node:assert/strict";
import { ResourceDraft } from "../frame/draft.ts";
import { UNKNOWN, urnOf } from "../testing/analyzer.ts";
import { stackVerdict, verdict } from "../testing/pack.ts";
import { firstReport } from "../testing/report.ts";
import { awsEfs } from "./aws-efs.ts";

const POLICY = "aws-efs";
const files = { type: "aws:efs/fileSystem:FileSystem", properties: { arn: "arn:efs:1", tags: { backup: "daily" } } };
const policyOf = { fileSystemId: [urnOf(files)] };
const backup = {
  type: "aws:efs/backupPolicy:BackupPolicy",
  properties: { backupPolicy: { status: "ENABLED" }, fileSystemId: UNKNOWN },
  propertyDependencies: policyOf,
};
const selection = (properties: Record<string, unknown>) => ({ type: "aws:backup/selection:Selection", properties });
const daily = selection({ selectionTags: [{ key: "backup", value: "daily" }] });
const point = (properties: Record<string, unknown>) =>
  verdict(POLICY, {
    type: "aws:efs/accessPoint:AccessPoint",
    properties: { rootDirectory: { path: "/agent" }, posixUser: { uid: 10001, gid: 10001 }, ...properties },
  });

describe("POL-AWS-EFS (WS-SEC-19)", () => {
  it("accepts file systems with backups, chosen by tag, condition or name", async () => {
    assert.deepEqual(await stackVerdict(POLICY, [files, backup, daily]), []);
    const condition = selection({
      conditions: [{ stringEquals: [{ key: "aws:ResourceTag/backup", value: "daily" }] }],
      resources: ["*"],
    });
    assert.deepEqual(await stackVerdict(POLICY, [files, backup, condition]), []);
    assert.deepEqual(await stackVerdict(POLICY, [files, backup, selection({ resources: ["arn:efs:1"] })]), []);
  });

  it("says what is wrong and what to do", async () => {
    assert.deepEqual(await firstReport(POLICY, files, daily), [
      "mandatory",
      "POL-AWS-EFS: EFS file systems are backed up, private and entered as one user",
      "  resource: subject (aws:efs/fileSystem:FileSystem)",
      "  property: the resource itself",
      "  found:    no backup policy",
      "  expected: a BackupPolicy of the file system with the status ENABLED",
      "  fix:      Back the file system up, and give its access points a folder and a user of their own.",
      "  required: WS-SEC-19; AWS FSBP EFS.2, EFS.3, EFS.4, EFS.6, EFS.7; SOC 2 A1.2, CC6.1",
    ]);
  });

  it("rejects file systems that no plan takes", async () => {
    const missed = ['mandatory tags.backup: "daily"'];
    assert.deepEqual(await stackVerdict(POLICY, [files, backup]), missed);
    for (const other of [
      { selectionTags: [{ key: "backup", value: "weekly" }] },
      { selectionTags: [{ key: "component", value: "daily" }] },
      { conditions: [{ stringEquals: [{ key: "backup", value: "daily" }] }] },
      { resources: ["arn:efs:2"] },
    ]) {
      assert.deepEqual(await stackVerdict(POLICY, [files, backup, selection(other)]), missed);
    }
    const bare = { ...files, properties: { arn: "arn:efs:1" } };
    assert.deepEqual(await stackVerdict(POLICY, [bare, backup, daily]), ["mandatory tags.backup: nothing"]);
    const parameters = { backupTag: "copies" };
    assert.deepEqual(await stackVerdict(POLICY, [files, backup, daily], { [POLICY]: { parameters } }), [
      "mandatory tags.copies: nothing",
    ]);
  });

  it("rejects a policy that is off, and takes none of another file system for one", async () => {
    const off = { ...backup, properties: { ...backup.properties, backupPolicy: { status: "DISABLED" } } };
    assert.deepEqual(await stackVerdict(POLICY, [files, off, daily]), ['mandatory backupPolicy.status: "DISABLED"']);
    const foreign = { ...backup, propertyDependencies: {} };
    assert.deepEqual(await stackVerdict(POLICY, [files, foreign, daily]), [
      "mandatory the resource itself: no backup policy",
    ]);
  });

  it("rejects access points to the root or as any user", async () => {
    assert.deepEqual(await point({}), []);
    assert.deepEqual(await point({ rootDirectory: { path: "/" } }), ['mandatory rootDirectory.path: "/"']);
    assert.deepEqual(await point({ rootDirectory: undefined, posixUser: undefined }), [
      "mandatory rootDirectory.path: nothing",
      "mandatory posixUser.uid: nothing",
      "mandatory posixUser.gid: nothing",
    ]);
    assert.deepEqual(await point({ posixUser: { uid: 0, gid: 1 } }), ["mandatory posixUser.uid: 0"]);
  });

  it("rejects mount targets in subnets that give out public addresses", async () => {
    const mounted = (mapPublicIpOnLaunch: unknown, dependencies: Record<string, string[]>) => {
      const subnet = { type: "aws:ec2/subnet:Subnet", properties: { mapPublicIpOnLaunch } };
      const target = { type: "aws:efs/mountTarget:MountTarget", properties: { subnetId: UNKNOWN } };
      return stackVerdict(POLICY, [subnet, { ...target, propertyDependencies: dependencies }]);
    };
    const on = { subnetId: ["urn:pulumi:test::project::aws:ec2/subnet:Subnet::subject"] };
    assert.deepEqual(await mounted(true, on), ["mandatory subnetId: a subnet that gives out public addresses"]);
    assert.deepEqual(await mounted(false, on), []);
    assert.deepEqual(await mounted(undefined, on), []);
    assert.deepEqual(await mounted(true, {}), []);
  });

  it("waits for values that are not known yet", async () => {
    assert.deepEqual(await point({ rootDirectory: UNKNOWN, posixUser: { uid: UNKNOWN, gid: 0 } }), [
      "mandatory posixUser.gid: 0",
      "advisory not evaluated: rootDirectory",
      "advisory not evaluated: posixUser.uid",
    ]);
    const unknown = { ...files, properties: { tags: UNKNOWN } };
    assert.deepEqual(await stackVerdict(POLICY, [unknown, backup, daily]), ["advisory not evaluated: tags"]);
  });

  it("remediates a backup policy that is off", () => {
    const remediated = (type: string, properties: Record<string, unknown>) => {
      const draft = new ResourceDraft({ type, name: "n" }, properties);
      awsEfs.remediate?.(draft, {});
      return draft.properties;
    };
    const on = { backupPolicy: { status: "ENABLED" } };
    assert.deepEqual(remediated(backup.type, { backupPolicy: { status: "DISABLED" } }), on);
    assert.deepEqual(remediated(backup.type, structuredClone(on)), on);
    assert.deepEqual(remediated(files.type, {}), {});
  });
});
