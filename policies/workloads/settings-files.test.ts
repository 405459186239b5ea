import assert from "node:assert/strict";
import { readSettings } from "./settings-files.ts";

describe("settings in files", () => {
  it("are read with or without an equals sign, quoted or not, without comments", () => {
    const settings = readSettings("# save no\nsave 900 1 \nSave 300 10\nport = '5432' # usual\nempty \"\"\nbroken\n\n");
    assert.deepEqual(
      [...settings],
      [
        ["save", ["900 1", "300 10"]],
        ["port", ["5432"]],
        ["empty", [""]],
      ],
    );
  });

  it("are none in what is no text", () => {
    assert.equal(readSettings(undefined).size, 0);
    assert.equal(readSettings({ a: 1 }).size, 0);
  });
});
