import assert from "node:assert/strict";

import { UserError } from "../../infra/errors.ts";
import { settingsOf, sourcesOf } from "./mirror.ts";

describe("the mirror of the images", () => {
  it("is the one that this machine's apt uses, with its security archive", () => {
    const targets = [
      "http://tools.example/apt/|Tools|Packages",
      "http://mirror.example/debian/|Debian|DEP-11",
      "http://mirror.example/debian/|Debian|Packages",
      "http://mirror.example/security/|Debian-Security|Packages",
    ].join("\n");
    assert.equal(
      sourcesOf(targets),
      "deb http://mirror.example/debian/ trixie main\n" +
        "deb http://mirror.example/debian/ trixie-updates main\n" +
        "deb http://mirror.example/security/ trixie-security main\n",
    );
  });

  it("goes without a security archive where this machine has none", () => {
    assert.doesNotMatch(sourcesOf("http://mirror.example/debian/|Debian|Packages"), /security/);
  });

  it("is asked for when this machine has none", () => {
    assert.throws(
      () => sourcesOf("http://archive.example/|Ubuntu|Packages\n"),
      (error) => {
        assert.ok(error instanceof UserError);
        assert.match(error.message, /no Debian mirror is configured .*apt-get update.* --context/s);
        return true;
      },
    );
  });

  it("is reached with this machine's proxy and limits, and with no other setting", () => {
    const dump = [
      'Acquire "";',
      'Acquire::cdrom::mount "/media/cdrom/";',
      'Acquire::http::Proxy "http://proxy.example:3128";',
      'Acquire::https::Verify-Peer "true";',
      'Acquire::Retries "3";',
      'Acquire::Check-Valid-Until "false";',
      'Acquire::http "";',
      'Acquire::IndexTargets::deb::Packages::MetaKey "x";',
    ].join("\n");
    assert.equal(
      settingsOf(dump),
      'Acquire::http::Proxy "http://proxy.example:3128";\nAcquire::https::Verify-Peer "true";\n' +
        'Acquire::Retries "3";\nAcquire::Check-Valid-Until "false";\n',
    );
  });
});
