import assert from "node:assert/strict";
import { canonicalSetting, sameSetting } from "./postgres-settings.ts";

describe("settings of PostgreSQL", () => {
  it("mean the same in every unit", () => {
    for (const [name, text, plain] of [
      ["shared_buffers", "2GB", "262144"],
      ["effective_cache_size", "6GB", "786432"],
      ["wal_buffers", "16MB", "2048"],
      ["work_mem", "10485kB", "10485"],
      ["maintenance_work_mem", "512MB", "524288"],
      ["min_wal_size", "1GB", "1024"],
      ["max_wal_size", "4 GB", "4096"],
      ["max_connections", "200", " 200 "],
      ["random_page_cost", "1.1", "1.10"],
    ] as const) {
      assert.equal(sameSetting(name, text, plain), true, name);
    }
  });

  it("differ where the numbers do", () => {
    assert.equal(sameSetting("shared_buffers", "2GB", "2"), false);
    assert.equal(sameSetting("max_connections", "200", "100"), false);
    assert.equal(canonicalSetting("work_mem", "1TB"), String(1024 ** 3));
    assert.equal(canonicalSetting("ssl", "ON"), "on");
  });
});
