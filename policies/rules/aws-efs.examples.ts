import { urnOf, UNKNOWN, type TestResource } from "../testing/analyzer.ts";
import type { Examples } from "../testing/examples.ts";

const files: TestResource = {
  type: "aws:efs/fileSystem:FileSystem",
  name: "files",
  properties: { encrypted: true, tags: { backup: "daily" } },
};

const related = (
  type: string,
  name: string,
  properties: Record<string, unknown>,
  property: string,
  of: TestResource,
) => ({
  type,
  name,
  properties: { ...properties, [property]: UNKNOWN },
  propertyDependencies: { [property]: [urnOf(of)] },
});

const backup = (status: string) =>
  related("aws:efs/backupPolicy:BackupPolicy", "backup", { backupPolicy: { status } }, "fileSystemId", files);

const plan: TestResource = {
  type: "aws:backup/selection:Selection",
  name: "daily",
  properties: { selectionTags: [{ type: "STRINGEQUALS", key: "backup", value: "daily" }] },
};

const accessPoint = (properties: Record<string, unknown>): TestResource => ({
  type: "aws:efs/accessPoint:AccessPoint",
  name: "agent",
  properties: { rootDirectory: { path: "/agent" }, posixUser: { uid: 10001, gid: 10001 }, ...properties },
});

const subnet = (mapPublicIpOnLaunch: boolean): TestResource => ({
  type: "aws:ec2/subnet:Subnet",
  name: "subnet",
  properties: { mapPublicIpOnLaunch },
});

const mount = (on: TestResource) => related("aws:efs/mountTarget:MountTarget", "mount", {}, "subnetId", on);

export const examples: Examples = {
  good: [
    {
      title: "A file system with daily backups, entered as one user in a private subnet",
      resources: [files, backup("ENABLED"), plan, accessPoint({}), subnet(false), mount(subnet(false))],
    },
  ],
  bad: [
    { title: "A file system without a backup policy", resources: [files, plan], property: "the resource itself" },
    { title: "A file system that no plan selects", resources: [files, backup("ENABLED")], property: "tags.backup" },
    {
      title: "A backup policy that is off",
      resources: [files, backup("DISABLED"), plan],
      property: "backupPolicy.status",
    },
    {
      title: "An access point to the whole file system",
      resources: [accessPoint({ rootDirectory: { path: "/" } })],
      property: "rootDirectory.path",
    },
    {
      title: "An access point that lets clients say who they are",
      resources: [accessPoint({ posixUser: {} })],
      property: "posixUser.uid",
    },
    {
      title: "A mount target in a public subnet",
      resources: [subnet(true), mount(subnet(true))],
      property: "subnetId",
    },
  ],
};
