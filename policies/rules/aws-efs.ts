import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { refersTo } from "../workloads/links.ts";

interface Parameters {
  backupTag: string;
}

const FILE_SYSTEM = "aws:efs/fileSystem:FileSystem";
const ACCESS_POINT = "aws:efs/accessPoint:AccessPoint";
const MOUNT_TARGET = "aws:efs/mountTarget:MountTarget";
const BACKUP_POLICY = "aws:efs/backupPolicy:BackupPolicy";
const SELECTION = "aws:backup/selection:Selection";
const SUBNET = "aws:ec2/subnet:Subnet";

/** Files are backed up, and who mounts them gets one folder as one user. */
export const awsEfs = definePolicy<Parameters>({
  id: "POL-AWS-EFS",
  title: "EFS file systems are backed up, private and entered as one user",
  severity: "medium",
  level: "mandatory",
  targets: ["aws"],
  controls: { fsbp: ["EFS.2", "EFS.3", "EFS.4", "EFS.6", "EFS.7"], soc2: ["A1.2", "CC6.1"] },
  requirements: ["WS-SEC-19"],
  remediation: "Back the file system up, and give its access points a folder and a user of their own.",
  parameters: {
    backupTag: {
      type: "string",
      description: "Tag by which plans of AWS Backup select file systems.",
      default: "backup",
    },
  },
  check(check, { type, properties }) {
    if (type === ACCESS_POINT) {
      check.expect(properties.get("rootDirectory", "path"), (path) => !["", "/"].includes(textOf(path)), {
        expected: "a folder below the root of the file system",
      });
      for (const id of ["uid", "gid"]) {
        check.expect(properties.get("posixUser", id), (value) => /^[1-9]\d*$/.test(textOf(value)), {
          expected: "a number other than 0, whatever the client says",
        });
      }
    }
    if (type === BACKUP_POLICY) {
      check.expect(properties.get("backupPolicy", "status"), (status) => status === "ENABLED", { expected: "ENABLED" });
    }
  },
  checkStack(stack, { backupTag }) {
    for (const files of stack.index.ofType(FILE_SYSTEM)) {
      checkBackups(stack, files, backupTag);
    }
    const open = stack.index
      .ofType(SUBNET)
      .filter(({ properties }) => properties.get("mapPublicIpOnLaunch").value === true);
    for (const target of stack.index.ofType(MOUNT_TARGET)) {
      const subnet = target.properties.get("subnetId");
      if (open.some((candidate) => refersTo(target, subnet, candidate, ["id", "arn"]))) {
        stack.check(target).object(subnet, {
          found: "a subnet that gives out public addresses",
          expected: "a private subnet",
          fix: "Mount the file system in private subnets only.",
        });
      }
    }
  },
  remediate(draft) {
    if (draft.type === BACKUP_POLICY) {
      draft.get("backupPolicy", "status").set("ENABLED");
    }
  },
});

function checkBackups(stack: Stack, files: StackResource, backupTag: string): void {
  const check = stack.check(files);
  const own = stack.index.ofType(BACKUP_POLICY).some((policy) => {
    return refersTo(policy, policy.properties.get("fileSystemId"), files, ["id", "arn", "fileSystemId"]);
  });
  if (!own) {
    check.object(files.properties, {
      found: "no backup policy",
      expected: "a BackupPolicy of the file system with the status ENABLED",
    });
  }
  const tag = files.properties.get("tags", backupTag);
  const planned = stack.index.ofType(SELECTION).some((selection) => names(selection, files, tag));
  if (!planned && check.known(tag)) {
    check.object(tag, {
      expected: `a value of the tag ${backupTag} that a plan of AWS Backup selects`,
      fix: "Tag the file system for a backup plan of the stack, or name it in the plan's selection.",
    });
  }
}

/** Whether a selection of a backup plan takes a file system, by its ARN or by its tag. */
function names(selection: StackResource, files: StackResource, tag: Field): boolean {
  const { properties } = selection;
  const arns = properties.get("resources");
  const listed = [arns, ...arns.items()].some((arn) => refersTo(selection, arn, files, ["id", "arn"]));
  const conditions = properties
    .get("conditions")
    .items()
    .flatMap((condition) => condition.get("stringEquals").items());
  const wanted = [
    ...properties.get("selectionTags").items(),
    ...conditions.filter((condition) => textOf(condition.get("key").value).startsWith("aws:ResourceTag/")),
  ];
  const tagged = wanted.some((item) => {
    const key = textOf(item.get("key").value).replace(/^aws:ResourceTag\//, "");
    return tag.path.endsWith(`.${key}`) && textOf(tag.value) !== "" && item.get("value").value === tag.value;
  });
  return listed || tagged;
}
