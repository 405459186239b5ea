import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";

import { StartError } from "../common/start-error.ts";
import { DataVolume } from "./data-volume.ts";

describe("the data volume", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "data-volume-"));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  it("counts the starts and keeps the count", () => {
    for (const expected of [1, 2, 3]) {
      const volume = DataVolume.open(directory, "agent-0");
      assert.equal(volume.starts, expected);
      volume.check();
      volume.close();
    }
  });

  it("is held by one at a time, and free again after its close", () => {
    const first = DataVolume.open(directory, "agent-0");
    assert.throws(
      () => DataVolume.open(directory, "agent-1"),
      (error) =>
        error instanceof StartError && error.message.startsWith(`another agent holds the data volume ${directory};`),
    );
    first.check();
    first.close();
    DataVolume.open(directory, "agent-1").close();
  });

  it("refuses a folder that is not there and a file that is no database, in a sentence", () => {
    assert.throws(
      () => DataVolume.open(join(directory, "none"), "agent-0"),
      /RAILWAY_VOLUME_MOUNT_PATH must name a folder/,
    );
    writeFileSync(join(directory, "agent-instance.db3"), "this is no database".repeat(100));
    assert.throws(() => DataVolume.open(directory, "agent-0"), /cannot be used \(file is not a database\)/);
  });

  it("knows the space of its file system", async () => {
    const volume = DataVolume.open(directory, "agent-0");
    const { total, free } = await volume.space();
    assert.ok(total > 0 && free >= 0 && free <= total);
    volume.close();
  });

  it("fails its check when it is closed", () => {
    const volume = DataVolume.open(directory, "agent-0");
    volume.close();
    assert.throws(() => volume.check());
  });
});
