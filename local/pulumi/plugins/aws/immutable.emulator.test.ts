import assert from "node:assert/strict";

import { Models } from "../../../aws/model.ts";
import { convert } from "../../../aws/convert.ts";
import { pythonEnvironment } from "../../../aws/python.ts";
import { creations } from "../../../aws/requests/index.ts";
import { fixedForGood } from "./immutable.ts";

/** What operations take by the name of a property and do not change: which resource is meant, or something else. */
const otherwise: Record<string, string> = {
  "PutImageScanningConfiguration name": "repositoryName",
  "PutImageTagMutability name": "repositoryName",
  "ModifyReplicationGroup replicationGroupId": "ReplicationGroupId",
  // Only from one form of Oracle to another.
  "ModifyDBInstance engine": "Engine",
  // Can be given only when the queue is made, says the reference of the attribute.
  "SetQueueAttributes fifoQueue": "Attributes",
};

describe("what AWS fixes for good", () => {
  let models: Models;
  before(async () => (models = new Models((await pythonEnvironment()).packages)));

  for (const [type, { properties, changedBy }] of Object.entries(fixedForGood)) {
    const [service, ...operations] = changedBy;
    it(`of ${type} is changed by no operation`, () => {
      const model = models.service(service);
      const inputs = Object.fromEntries(properties.map((name) => [name, "x"]));
      const made = creations[type]?.create?.(inputs, { region: "eu-central-1", accountId: "111122223333" });
      assert(made, `nobody says how to create ${type}`);
      const verbs = operations.length === 0 ? ["Update", "Modify", "Rename"] : [];
      const absent = verbs.map((verb) => made.operation.replace(/^Create/, verb));
      assert.deepEqual(
        absent.flatMap((operation) => model.operations(operation)).filter((operation) => absent.includes(operation)),
        [],
      );
      for (const operation of operations) {
        for (const property of properties) {
          const { unknown, parameters } = convert(model, operation, { [property]: "x" }, made.renames ?? {});
          const taken = unknown.length > 0 ? [] : Object.keys(parameters);
          const known = otherwise[`${operation} ${property}`];
          assert.deepEqual(taken, known === undefined ? [] : [known], `${operation} takes ${property}`);
        }
      }
    });
  }
});
