import assert from "node:assert/strict";

import { UserError } from "../errors.ts";
import type { Settings } from "../settings.ts";
import { find, record, type RecordedResource } from "../testing/record.ts";
import { AwsSystem } from "./index.ts";
import type { Target } from "./target.ts";
import { shopTarget } from "./testing/shop.ts";

const deploy = (target: Target, options?: { preview: boolean }) =>
  record(() => new AwsSystem(target.system.name, target, {}), options);

const withSettings = (target: Target, settings: Partial<Settings>): Target => ({
  ...target,
  settings: { ...target.settings, ...settings },
});

/** Resources whose loss is the loss of data, or of what makes data readable. */
const stateful = [
  "aws:backup/vault:Vault",
  "aws:ecr/repository:Repository",
  "aws:efs/fileSystem:FileSystem",
  "aws:elasticache/replicationGroup:ReplicationGroup",
  "aws:kms/key:Key",
  "aws:rds/instance:Instance",
  "aws:s3/bucket:Bucket",
  "aws:secretsmanager/secret:Secret",
  "aws:sqs/queue:Queue",
  "random:index/randomBytes:RandomBytes",
];
const holdsData = ({ type, name }: RecordedResource) => stateful.includes(type) && !/jobs-failed$/.test(name);

/** What exists before a resource: what it and its components depend on, and so on; a component waits for its own. */
function madeBefore(resources: readonly RecordedResource[], name: string, found = new Set<string>()): Set<string> {
  for (const resource of resources.filter((resource) => resource.name === name)) {
    for (const other of [...resource.dependencies, resource.parent]) {
      if (found.has(other)) continue;
      found.add(other);
      madeBefore(resources, other, found);
    }
  }
  return found;
}

/** Documents in JSON that AWS decides by, by the property that holds them. */
const documents = ["policy", "containerDefinitions", "assumeRolePolicy", "redrivePolicy", "redriveAllowPolicy"];
/** It names access points, which get their ids from AWS. */
const knownLater = "aws:efs/fileSystemPolicy:FileSystemPolicy";

describe("A system on AWS", () => {
  let planned: RecordedResource[];
  before(async () => (planned = await deploy(shopTarget(), { preview: true })));

  it("gives every resource a component as parent, whose name begins its own", () => {
    for (const { name, parent } of planned.filter(({ type }) => type !== "pulumi:pulumi:Stack")) {
      if (name !== "shop") assert.ok(parent !== "" && name.startsWith(parent), `${name} is a child of ${parent}`);
    }
  });

  it("gives every resource another logical name", () => {
    const names = planned.map(({ type, name }) => `${type} ${name}`);
    assert.equal(new Set(names).size, names.length);
  });

  it("knows every document before it exists", () => {
    for (const { type, name, inputs } of planned.filter(({ type }) => type !== knownLater)) {
      for (const property of documents.filter((property) => property in inputs)) {
        assert.doesNotThrow(
          () => JSON.parse(String(inputs[property])),
          `${name}.${property}: ${String(inputs[property])}`,
        );
        assert.ok(!String(inputs[property]).includes("undefined"), `${type} ${name}.${property}`);
      }
    }
  });

  it("shows no secret and no word for a missing value anywhere", () => {
    const { externalSecrets } = shopTarget().settings;
    const text = JSON.stringify(planned);
    for (const [name, value] of Object.entries(externalSecrets)) assert.ok(!text.includes(value as string), name);
    assert.doesNotMatch(text, /\bundefined\b|\[object Object\]|Calling \[toString\]/);
  });

  it("protects all that holds data, where the profile protects", async () => {
    for (const { type, name, protect } of planned.filter(holdsData)) assert.ok(protect, `${type} ${name}`);
    const dev = await deploy(shopTarget("dev"));
    for (const { type, name, protect } of dev) assert.equal(protect, false, `${type} ${name}`);
  });

  it("lifts the protection of one store when the stack says so", async () => {
    const target = withSettings(shopTarget(), { unprotected: ["db"] });
    const resources = await deploy(target);
    assert.equal(find(resources, "aws:rds/instance:Instance", "shop-stores-db-primary").protect, false);
    assert.equal(
      find(resources, "aws:elasticache/replicationGroup:ReplicationGroup", "shop-stores-cache-group").protect,
      true,
    );
  });

  it("starts services after stores, secrets, log groups, the network and the jobs before a release", () => {
    const before = madeBefore(planned, "shop-api-copies-service");
    for (const part of [
      "shop-stores-db-primary",
      "shop-stores-db-users-setup-call",
      "shop-secrets-token-version",
      "shop-foundation-logs-info",
      "shop-endpoints-ecr.dkr",
      "shop-jobs-migrate-run",
    ]) {
      assert.ok(before.has(part), `${part} is not among ${[...before].sort().join(", ")}`);
    }
  });

  it("is the same whatever the order of its specification", async () => {
    const target = shopTarget();
    const reversed = <Value>(all: Record<string, Value>) => Object.fromEntries(Object.entries(all).reverse());
    const { services, stores, secrets, jobs, flows } = target.system;
    const system = {
      ...target.system,
      services: reversed(services),
      stores: reversed(stores),
      secrets: reversed(secrets),
      jobs: reversed(jobs),
      flows: [...flows].reverse(),
    };
    assert.deepEqual(await deploy({ ...target, system }, { preview: true }), planned);
  });

  it("makes no resource when there is something that it cannot do", async () => {
    const target = shopTarget();
    const { api } = target.system.services;
    assert(api);
    const services = { ...target.system.services, api: { ...api, terminationGrace: "10 min" as const } };
    assert.throws(() => new AwsSystem("shop", { ...target, system: { ...target.system, services } }, {}), UserError);
  });

  it("uses an existing network without changing it", async () => {
    const target = shopTarget();
    const ids = ["subnet-1", "subnet-2"];
    const network = {
      vpcId: "vpc-1",
      cidr: "10.0.0.0/16",
      publicSubnetIds: ids,
      privateSubnetIds: ids,
      dataSubnetIds: ids,
    };
    const types = new Set((await deploy({ ...target, aws: { ...target.aws, network } })).map(({ type }) => type));
    for (const type of ["aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "aws:ec2/natGateway:NatGateway"]) {
      assert.ok(!types.has(type), type);
    }
    assert.ok(types.has("aws:ec2/securityGroup:SecurityGroup"));
  });
});
