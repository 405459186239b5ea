import assert from "node:assert/strict";

import fc from "fast-check";

import type { ProfileName } from "../profile.ts";
import type { RedisStore } from "../spec/store.ts";
import { find, record, type RecordedResource } from "../testing/record.ts";
import { nodeAddresses, Redis } from "./redis.ts";
import { shopTarget } from "./testing/shop.ts";
import { surroundings } from "./testing/surroundings.ts";

interface Options {
  profileName?: ProfileName;
  clusterMode?: boolean;
  change?: Partial<RedisStore>;
}

function deploy({ profileName = "production", clusterMode = false, change = {} }: Options = {}) {
  const target = shopTarget(profileName);
  target.aws = { ...target.aws, redisClusterMode: clusterMode };
  const specification = { ...(target.system.stores["cache"] as RedisStore), ...change };
  target.system.stores["cache"] = specification;
  const args = { target, store: "cache", specification, ...surroundings };
  return record(() => new Redis("shop-cache", args, {}));
}

const group = (resources: RecordedResource[]) =>
  find(resources, "aws:elasticache/replicationGroup:ReplicationGroup", "shop-cache-group");

describe("A cache on AWS", () => {
  let resources: RecordedResource[];
  before(async () => (resources = await deploy({ change: { nodes: 3, persistence: "snapshot" } })));

  it("has nodes in several zones, TLS only, encrypted and protected", () => {
    const { inputs, protect } = group(resources);
    assert.deepEqual(inputs, {
      replicationGroupId: "shop-test-cache",
      description: "What may vanish.",
      engine: "redis",
      engineVersion: "7.1",
      nodeType: "cache.t4g.micro",
      port: 6380,
      clusterMode: "disabled",
      numCacheClusters: 3,
      automaticFailoverEnabled: true,
      multiAzEnabled: true,
      parameterGroupName: "shop-test-cache-redis7",
      subnetGroupName: "shop-test-cache",
      securityGroupIds: ["sg-store-cache"],
      userGroupIds: ["shop-test-cache"],
      transitEncryptionEnabled: true,
      transitEncryptionMode: "required",
      atRestEncryptionEnabled: true,
      kmsKeyId: "key-data",
      autoMinorVersionUpgrade: true,
      applyImmediately: false,
      maintenanceWindow: "sun:04:00-sun:05:00",
      snapshotRetentionLimit: 30,
      snapshotWindow: "00:30-01:30",
      finalSnapshotIdentifier: "shop-test-cache-final",
      logDeliveryConfigurations: ["slow-log", "engine-log"].map((logType) => ({
        logType,
        logFormat: "json",
        destinationType: "cloudwatch-logs",
        destination: "/shop/test/platform/redis",
      })),
      tags: { component: "cache" },
    });
    assert.equal(protect, true);
    const { inputs: parameters } = find(
      resources,
      "aws:elasticache/parameterGroup:ParameterGroup",
      "shop-cache-parameters",
    );
    assert.equal(parameters["family"], "redis7");
    assert.deepEqual(parameters["parameters"], [{ name: "maxmemory-policy", value: "allkeys-lru" }]);
  });

  it("admits a user with a password for each service, and nobody else (WS-NET-01)", () => {
    const type = "aws:elasticache/user:User";
    const { inputs } = find(resources, type, "shop-cache-users-api");
    assert.deepEqual(inputs, {
      userId: "shop-test-cache-api",
      userName: "api",
      engine: "redis",
      accessString: "on ~* &* +@all -@admin -@dangerous +info",
      authenticationMode: { type: "password", passwords: ["[secret]"] },
      tags: { component: "cache" },
    });
    assert.equal(find(resources, type, "shop-cache-users-default").inputs["accessString"], "off ~* -@all");
    assert.deepEqual(
      find(resources, "aws:elasticache/userGroup:UserGroup", "shop-cache-users-group").inputs["userIds"],
      ["shop-test-cache-default", "shop-test-cache-api"],
    );
    assert.equal("authToken" in group(resources).inputs, false);
  });

  it("keeps the address of each user in a protected secret", () => {
    const { inputs, protect } = find(resources, "aws:secretsmanager/secret:Secret", "shop-cache-api-secret");
    assert.equal(inputs["name"], "shop/test/cache/api");
    assert.deepEqual(inputs["tags"], { component: "cache", rotation: "90 d" });
    assert.equal(protect, true);
    const version = find(resources, "aws:secretsmanager/secretVersion:SecretVersion", "shop-cache-api-version");
    assert.deepEqual(version.ignoreChanges, []);
    assert.equal(
      resources.filter(({ type, name }) => type.startsWith("random:") && name.startsWith("shop-cache-api")).length,
      0,
      "the secret holds the password of the cache's user",
    );
  });

  const topologies: [Options, object][] = [
    [
      { change: { nodes: 1 } },
      { clusterMode: "disabled", numCacheClusters: 1, automaticFailoverEnabled: false, multiAzEnabled: false },
    ],
    [
      { profileName: "dev", change: { nodes: 3 } },
      { clusterMode: "disabled", numCacheClusters: 1, automaticFailoverEnabled: false, multiAzEnabled: false },
    ],
    [
      { clusterMode: true, change: { nodes: 3 } },
      {
        clusterMode: "enabled",
        numNodeGroups: 3,
        replicasPerNodeGroup: 1,
        automaticFailoverEnabled: true,
        multiAzEnabled: true,
      },
    ],
    [
      { clusterMode: true, profileName: "dev", change: { nodes: 2 } },
      {
        clusterMode: "enabled",
        numNodeGroups: 2,
        replicasPerNodeGroup: 0,
        automaticFailoverEnabled: true,
        multiAzEnabled: false,
      },
    ],
  ];
  for (const [options, expected] of topologies) {
    it(`for ${JSON.stringify(options)} is ${JSON.stringify(expected)}`, async () => {
      const { inputs } = group(await deploy(options));
      for (const [name, value] of Object.entries(expected)) assert.equal(inputs[name], value, name);
    });
  }

  it("that may lose everything has no snapshots", async () => {
    const { inputs } = group(await deploy());
    assert.equal(inputs["snapshotRetentionLimit"], 0);
    assert.equal("finalSnapshotIdentifier" in inputs, false);
  });
});

describe("The addresses of nodes", () => {
  it("are the group's with the node in the place of its role", () => {
    assert.equal(
      nodeAddresses("master.shop-test-cache.abc123.euc1.cache.amazonaws.com", ["shop-test-cache-001"], 6380),
      "shop-test-cache-001.shop-test-cache.abc123.euc1.cache.amazonaws.com:6380",
    );
    assert.equal(
      nodeAddresses("clustercfg.c.x.euc1.cache.amazonaws.com", ["c-0001-001", "c-0002-001"], 6379),
      "c-0001-001.c.x.euc1.cache.amazonaws.com:6379,c-0002-001.c.x.euc1.cache.amazonaws.com:6379",
    );
  });

  it("are as many as there are nodes", () => {
    const ids = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,9}-00[1-9]$/), { minLength: 1 });
    fc.assert(fc.property(ids, (ids) => nodeAddresses("master.x.y", ids, 1).split(",").length === ids.length));
  });
});
