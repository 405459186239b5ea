import assert from "node:assert/strict";
import { createServer, type Server } from "node:net";
import type { AddressInfo } from "node:net";

import { UserError } from "../../infra/errors.ts";
import { holders, occupies, parseListeners, requireFree } from "./ports.ts";

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0000000000000000 100 0 0 10 0
   1: 0100007F:1F91 0100007F:C001 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0000000000000000 100 0 0 10 0
`;

describe("the check of ports", () => {
  it("reads listening sockets from the kernel's table and no others", () => {
    assert.deepEqual(parseListeners(table), [{ hexAddress: "0100007F", port: 8080, inode: "4711" }]);
  });

  const listener = (hexAddress: string) => ({ hexAddress, port: 8080, inode: "1" });
  const wanted = { host: "127.0.0.1", port: 8080 };
  const cases: [string, string, boolean][] = [
    ["the same address", "0100007F", true],
    ["another address of the machine", "0200000A", false],
    ["every IPv4 address", "00000000", true],
    ["every IPv6 address", "00000000000000000000000000000000", true],
    ["the address written as IPv6", "0000000000000000FFFF00000100007F", true],
    ["the IPv6 loopback address", "00000000000000000000000001000000", false],
  ];
  for (const [what, hex, expected] of cases) {
    it(`finds a port ${expected ? "taken" : "free"} beside a listener on ${what}`, () => {
      assert.equal(occupies(listener(hex), wanted), expected);
      assert.equal(occupies(listener(hex), { ...wanted, port: 8081 }), false);
    });
  }

  describe("on this machine", () => {
    let server: Server;
    let address: { host: string; port: number };

    before(async function () {
      if (process.platform !== "linux") {
        console.log("    skipped: only Linux has /proc");
        this.skip();
      }
      server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      address = { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
    });

    after(() => server?.close());

    it("names the process that holds a port", async () => {
      assert.equal((await holders([address])).get(address)?.pid, process.pid);
      await assert.rejects(requireFree("apiserver", [address]), (error: UserError) => {
        assert.ok(error instanceof UserError);
        const expected = new RegExp(
          `^127.0.0.1:${address.port}: apiserver needs this port and process ${process.pid} `,
        );
        assert.match(error.message, expected);
        return true;
      });
    });

    it("lets a free port pass", async () => {
      await new Promise((resolve) => server.close(resolve));
      await requireFree("apiserver", [address]);
    });
  });
});
