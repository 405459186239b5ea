import assert from "node:assert/strict";

import { declared } from "../spec/names.ts";
import { find, record } from "../testing/record.ts";
import { Discovery, isConnected, serviceConnect, sharedAddresses } from "./discovery.ts";
import { shopTarget } from "./testing/shop.ts";

const target = shopTarget();

describe("How services find each other", () => {
  it("is under their own names and ports, where a flow leads to them", () => {
    assert.deepEqual(serviceConnect(target, "api", { workload: "api", number: 0 }), {
      enabled: true,
      namespace: "shop-test",
      services: [{ portName: "http", discoveryName: "api_http", clientAlias: [{ dnsName: "api", port: 8080 }] }],
    });
  });

  it("is as clients, where a flow only leads from them", () => {
    const connect = serviceConnect(target, "writer", { workload: "writer", number: 0 });
    assert.deepEqual(connect, { enabled: true, namespace: "shop-test", services: [] });
  });

  it("is not at all without a flow between services, and jobs are no clients", () => {
    assert.equal(serviceConnect(target, "worker", { workload: "worker", number: 0 }), undefined);
    assert.equal(isConnected(target, "worker"), false);
    assert.equal(isConnected(target, "report"), false);
  });

  it("has no one address for several instances", () => {
    const several = shopTarget();
    assert.deepEqual(sharedAddresses(several), []);
    declared(several.system.services, "api").singleWriter = { instances: 2, ownSecrets: [] };
    assert.deepEqual(sharedAddresses(several), ["api"]);
  });

  it("is in one namespace", async () => {
    const resources = await record(() => new Discovery("discovery", { target }, {}));
    const namespace = find(resources, "aws:servicediscovery/httpNamespace:HttpNamespace", "discovery-namespace");
    assert.equal(namespace.parent, "discovery");
    assert.deepEqual(namespace.inputs, {
      name: "shop-test",
      description: "Services of shop",
      tags: { component: "discovery" },
    });
  });
});
