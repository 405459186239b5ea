import assert from "node:assert/strict";

import { offeredMajors, postgresVersion, redisVersion, versionsAsOf } from "../../infra/aws/versions.ts";
import type { Settings } from "../deploy/stack-file.ts";
import type { PlannedResource } from "./judge.ts";
import { PublishedRules } from "./published.ts";
import { pythonEnvironment } from "./python.ts";
import { at } from "./requests/creation.ts";
import type { Built } from "./testing/build.ts";
import { mutations, type Mutation } from "./testing/mutations.ts";
import { awsSetting, judgedProduction, production, shop, type Carried } from "./testing/programs.ts";

/** What moto 5.2.2 does not have, by the type that needs it. Its other requests are carried out. */
const lacking: Record<string, string> = {
  "aws:backup/selection:Selection": "backup CreateBackupSelection",
  "aws:backup/vaultPolicy:VaultPolicy": "backup PutBackupVaultAccessPolicy",
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": "cloudwatch PutCompositeAlarm",
  "aws:efs/backupPolicy:BackupPolicy": "efs PutBackupPolicy",
  "aws:elasticache/parameterGroup:ParameterGroup": "elasticache ModifyCacheParameterGroup",
  "aws:elasticache/userGroup:UserGroup": "elasticache CreateUserGroup",
  "aws:route53/resolverFirewallConfig:ResolverFirewallConfig": "route53resolver UpdateFirewallConfig",
  "aws:route53/resolverFirewallDomainList:ResolverFirewallDomainList": "route53resolver UpdateFirewallDomains",
  "aws:route53/resolverFirewallRule:ResolverFirewallRule": "route53resolver CreateFirewallRule",
  "aws:route53/resolverFirewallRuleGroup:ResolverFirewallRuleGroup": "route53resolver CreateFirewallRuleGroup",
  "aws:route53/resolverFirewallRuleGroupAssociation:ResolverFirewallRuleGroupAssociation":
    "route53resolver AssociateFirewallRuleGroup",
};

/** What moto refuses though AWS takes it: it cannot read a policy of the log bucket whose principal is everyone. */
const wronglyRefused = /^aws:s3\/bucketLogging:BucketLogging .* 500 s3 PutBucketLogging/;

function assertCarriedOut({ resources, problems, lacking: missing, refused }: Built) {
  assert.deepEqual(problems, []);
  const types = new Set(resources.map(({ type }) => type));
  assert.deepEqual(Object.fromEntries([...missing].sort()), pick(lacking, types));
  assert.deepEqual(
    refused.filter((sentence) => !wronglyRefused.test(sentence)),
    [],
  );
}

function pick(record: Record<string, string>, names: ReadonlySet<string>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => names.has(name)));
}

describe("the plan of AWS resources", function () {
  this.timeout(180_000);
  const carried: Carried[] = [];
  let worldstore: Carried;
  let shopped: Carried;
  before(async () => {
    carried.push((worldstore = await production()));
    carried.push((shopped = await shop()));
  });
  after(() => Promise.all(carried.map(({ stop }) => stop())));

  describe("of worldstore in production", () => {
    it("is legal by the constraints that AWS publishes, and created by its SDK in an emulator", () => {
      assertCarriedOut(worldstore);
      const { resources, sent, lacking } = worldstore;
      const requests = [...sent.values()].reduce((sum, count) => sum + count, 0);
      const types = new Set(resources.map(({ type }) => type));
      console.log(`      ${resources.length} resources of ${types.size} types, ${requests} requests carried out`);
      for (const [type, operation] of [...lacking].sort()) console.log(`      moto has no ${operation} for ${type}`);
      assert(resources.length > 250 && requests > 350);
    });

    it("is there afterwards", async () => {
      const ask = (service: string, operation: string, parameters = {}) =>
        worldstore.sdk.send({ service, operation, parameters });
      const databases = await ask("rds", "DescribeDBInstances");
      assert.equal(at(databases, "DBInstances", 0, "Engine"), "postgres");
      assert.equal(at(databases, "DBInstances", 0, "MultiAZ"), true);
      const caches = await ask("elasticache", "DescribeReplicationGroups");
      assert.equal(at(caches, "ReplicationGroups", 0, "TransitEncryptionEnabled"), true);
      const balancers = await ask("elbv2", "DescribeLoadBalancers");
      assert.equal(at(balancers, "LoadBalancers", 0, "Scheme"), "internet-facing");
      const clusters = await ask("ecs", "ListClusters");
      const arns = at(clusters, "clusterArns") as string[];
      const services = await Promise.all(arns.map((cluster) => ask("ecs", "ListServices", { cluster })));
      const planned = worldstore.resources.filter(({ type }) => type === "aws:ecs/service:Service").length;
      assert.equal(services.flatMap((answer) => at(answer, "serviceArns")).length, planned);
      const keys = await ask("kms", "ListAliases");
      assert(JSON.stringify(keys).includes("alias/worldstore-prod-data"));
    });
  });

  it("of a shop with jobs, queues and Spot is legal and created as well", () => assertCarriedOut(shopped));

  it("stays within the quotas that every account has", () => {
    const sizes = new Map<string, number>();
    const count = (what: string, size: number) => sizes.set(what, (sizes.get(what) ?? 0) + size);
    for (const { type, inputs } of [...worldstore.resources, ...shopped.resources]) {
      const of = (name: string) => String(inputs[name]);
      if (type === "aws:iam/rolePolicy:RolePolicy") count(`policies of ${of("role")}`, of("policy").length);
      if (type === "aws:iam/rolePolicyAttachment:RolePolicyAttachment") count(`attachments of ${of("role")}`, 1);
      if (/SecurityGroup(In|E)gressRule$/.test(type)) count(`${type} of ${of("securityGroupId")}`, 1);
    }
    const most = { policies: 10_240, attachments: 10, "aws:vpc": 60 };
    const above = [...sizes].filter(([what, size]) =>
      Object.entries(most).some(([start, quota]) => what.startsWith(start) && size > quota),
    );
    assert.deepEqual(above, []);
    assert(sizes.size > 30);
  });

  const subnets = (kind: number) => ["a", "b", "c"].map((zone) => `subnet-0123456789abcd${zone}0${kind}`);
  const others: [what: string, overrides: () => Promise<Settings>][] = [
    ["in the staging profile", async () => ({ profile: "staging" })],
    ["in the dev profile", async () => ({ profile: "dev" })],
    ["with a sharded Redis", () => awsSetting({ redisClusterMode: true })],
    ["in another region", () => awsSetting({ region: "us-east-1" })],
    [
      "in an existing network",
      () =>
        awsSetting({
          zones: ["eu-central-1a", "eu-central-1b", "eu-central-1c"],
          existingNetwork: {
            vpcId: "vpc-0123456789abcdef0",
            cidr: "10.0.0.0/16",
            publicSubnetIds: subnets(1),
            privateSubnetIds: subnets(2),
            dataSubnetIds: subnets(3),
          },
        }),
    ],
    ["beside a Kubernetes cluster", async () => ({ target: "kubernetes" })],
  ];
  for (const [what, overrides] of others) {
    it(`of worldstore ${what} is legal`, async () => {
      const { resources, problems } = await judgedProduction(await overrides());
      assert.deepEqual(problems, []);
      assert(resources.length > 100);
    });
  }

  it("uses engine versions that AWS offers", async () => {
    const { packages } = await pythonEnvironment();
    const rules = new PublishedRules(packages, "eu-central-1");
    assert.equal(rules.date, versionsAsOf);
    for (const major of offeredMajors.postgres) {
      const EngineVersion = postgresVersion(major)?.version;
      const parameters = { Engine: "postgres", EngineVersion };
      assert.deepEqual(rules.violations("rds", "CreateDBInstance", parameters), []);
    }
    for (const major of offeredMajors.redis) {
      const parameters = { Engine: "redis", EngineVersion: redisVersion(major)?.version };
      assert.deepEqual(rules.violations("elasticache", "CreateReplicationGroup", parameters), []);
    }
  });

  it("cannot hold a type that nobody says how to create", () => {
    const planned = { type: "aws:sqs/pond:Pond", name: "pond", inputs: {} };
    assert.match(worldstore.judge.problems(planned).join(), /aws:sqs\/pond:Pond pond: the table .* does not know/);
  });

  describe("with one mistake", () => {
    for (const mutation of mutations) {
      const { type, property, value, says } = mutation;
      const shown = JSON.stringify(value);
      it(`${type.split(":")[1]} ${property}: ${shown.length > 40 ? `${shown.slice(0, 37)}...` : shown}`, () => {
        const all = [...worldstore.resources, ...shopped.resources];
        const changed = mutated(all, mutation);
        const problems = worldstore.judge.problems(changed);
        const leaf = property.split(/[./]/).at(-1) ?? "";
        const named = problems.filter(
          (sentence) => sentence.includes(property.split(/[./]/)[0] ?? "") || sentence.includes(leaf),
        );
        assert(
          named.some((sentence) => says.test(sentence)),
          `nothing says ${String(says)}:\n${problems.join("\n")}`,
        );
      });
    }
  });
});

/** The first planned resource of the type, with one property changed. */
function mutated(resources: readonly PlannedResource[], { type, property, value }: Mutation): PlannedResource {
  const [whole = "", inside] = property.split("/");
  const path = whole.split(".");
  const fits = ({ type: each, inputs }: PlannedResource) =>
    each === `aws:${type}` && (path.length === 1 || at(inputs, ...path.slice(0, -1)) !== undefined);
  const found = resources.find(fits);
  assert(found, `no ${type} is planned`);
  const resource = structuredClone(found);
  if (inside === undefined) set(resource.inputs, path, value);
  else {
    const document = JSON.parse(String(resource.inputs[whole])) as Record<string, unknown>;
    set(document, inside.split("."), value);
    resource.inputs[whole] = JSON.stringify(document);
  }
  return resource;
}

function set(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const parent = at(target, ...path.slice(0, -1)) as Record<string, unknown>;
  parent[path.at(-1) ?? ""] = value;
}
