import assert from "node:assert/strict";

import { masquerade, overlapping } from "./network.ts";
import { clusterName, nodeAddress, podRange, serviceRange } from "./settings.ts";

describe("the cluster's network", () => {
  it("has ranges that do not overlap, with the node's address in the pods'", () => {
    assert.deepEqual(overlapping([{ dst: serviceRange, dev: clusterName }]), []);
    assert.equal(overlapping([{ dst: podRange, dev: "eth1" }]).length, 1);
    assert.ok(nodeAddress.startsWith(podRange.split("0/")[0]!));
  });

  const routes: [string, string, boolean][] = [
    ["default", "eth0", false],
    ["192.0.2.0/24", "eth0", false],
    ["10.216.0.0/16", "vpn0", false],
    ["10.217.2.0/24", "vpn0", false],
    ["10.0.0.0/8", "vpn0", true],
    ["10.217.0.0/16", "docker0", true],
    ["10.217.31.0/24", "vpn0", true],
    ["10.217.20.7", "vpn0", true],
    [serviceRange, clusterName, false],
    ["10.217.0.17", "veth1234", false],
  ];
  for (const [dst, dev, expected] of routes) {
    it(`${expected ? "refuses" : "accepts"} a route to ${dst} by ${dev}`, () => {
      assert.equal(overlapping([{ dst, dev }]).length > 0, expected);
    });
  }

  it("replaces its packet rules as a whole, even where there are none yet", () => {
    const lines = masquerade().split("\n");
    assert.deepEqual(lines.slice(0, 3), [
      `table ip ${clusterName}`,
      `delete table ip ${clusterName}`,
      `table ip ${clusterName} {`,
    ]);
  });
});
