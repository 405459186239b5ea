import assert from "node:assert/strict";

import { DeployedProduction, type StateResource } from "./testing/state.ts";

/** What an earlier program left in the state, from which today's is an edit. */
type Earlier = (resources: StateResource[]) => StateResource[];

const database = "worldstore-stores-postgres-primary";
const cache = "worldstore-stores-redis-group";
const volume = "worldstore-worldstore-agent-files-files";

/** The program gave a property another value, or none. */
function had(name: string, property: string, value: string | number | boolean | undefined): Earlier {
  return (resources) => {
    const { inputs } = named(resources, name);
    if (value === undefined) delete inputs[property];
    else inputs[property] = value;
    return resources;
  };
}

function named(resources: readonly StateResource[], name: string): StateResource {
  const found = resources.find(({ urn, custom }) => custom && urn.endsWith(`::${name}`));
  assert(found, `the state has no ${name}`);
  return found;
}

/** All texts of the state were others. */
const replaced =
  (now: string, before: string): Earlier =>
  (resources) =>
    JSON.parse(JSON.stringify(resources).replaceAll(now, before)) as StateResource[];

/** The most likely edits that would take data away, and what holds it: a resource, or how their names start. */
const edits: [edit: string, earlier: Earlier, resource: string][] = [
  [
    "a database has another name in the specification",
    replaced("stores-postgres", "stores-main"),
    "worldstore-stores-main-",
  ],
  ["the name inside the database", had(database, "dbName", "shop"), database],
  ["the administrator of the database", had(database, "username", "admin1"), database],
  ["the encryption of the database", had(database, "storageEncrypted", false), database],
  ["the key of the database", had(database, "kmsKeyId", "arn:aws:kms:eu-central-1:111122223333:key/old"), database],
  ["the port of Redis", had(cache, "port", 6379), cache],
  ["the subnets of Redis", had(cache, "subnetGroupName", "worldstore-prod-private"), cache],
  [
    "the name of a bucket",
    had("worldstore-stores-backups-bucket", "bucket", "copies"),
    "worldstore-stores-backups-bucket",
  ],
  [
    "the object lock of a bucket",
    had("worldstore-stores-audit-bucket", "objectLockEnabled", undefined),
    "worldstore-stores-audit-bucket",
  ],
  ["the performance of a volume", had(volume, "performanceMode", "maxIO"), volume],
  [
    "the name of a queue",
    had("worldstore-stores-orders-messages", "name", "orders"),
    "worldstore-stores-orders-messages",
  ],
  ["the environment", replaced('"worldstore-prod', '"worldstore-live'), "worldstore-"],
  [
    "a store is no longer in the specification",
    (resources) => {
      const gone = {
        ...named(resources, "worldstore-stores-backups-bucket"),
        dependencies: [],
        propertyDependencies: {},
      };
      return [...resources, { ...gone, urn: gone.urn.replace("-backups-", "-reports-"), id: "reports" }];
    },
    "worldstore-stores-reports-bucket",
  ],
];

describe("dangerous edits of a production stack", function () {
  this.timeout(120_000);
  let production: DeployedProduction;
  before(async () => (production = await DeployedProduction.deploy()));
  after(() => production.remove());

  it("are told from no edit: the program finds everything as it left it", async () => {
    const { code, text } = await production.preview((resources) => resources);
    assert.equal(code, 0, text);
    assert.doesNotMatch(text, /to (create|update|replace|delete)/);
  });

  for (const [edit, earlier, resource] of edits) {
    it(`are refused: ${edit}`, async () => {
      const { code, text } = await production.preview(earlier);
      assert.notEqual(code, 0, text);
      const refusals = text.split("\n").filter((line) => /unable to replace|cannot be deleted/.test(line));
      assert(
        refusals.some((line) => line.includes(resource)),
        text.slice(-2000),
      );
      assert.match(text, /protect/);
    });
  }

  it("are planned when the stack says that the data may go", async () => {
    const { code, text } = await production.preview(had(database, "dbName", "shop"), { unprotected: ["postgres"] });
    assert.equal(code, 0, text);
    assert.match(text, /aws:rds\/instance:Instance: \(replace\)/);
    assert.match(text, /\+-1 to replace/);
  });

  it("are not what AWS changes in place: a newer major version of the database", async () => {
    const { code, text } = await production.preview(had(database, "engineVersion", "16.15"));
    assert.equal(code, 0, text);
    assert.match(text, /~ engineVersion *: "16\.15" => "17\.11"/);
    assert.doesNotMatch(text, /to replace/);
  });
});
