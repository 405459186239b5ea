import assert from "node:assert/strict";

import { shop } from "../aws/testing/shop.ts";
import { find, record } from "../testing/record.ts";
import { shopTarget } from "../testing/shop.ts";
import { KubernetesSystem } from "./index.ts";
import { endpoints } from "./outputs.ts";
import type { Target } from "./target.ts";

function published(): Target {
  const target = shopTarget();
  const { publicEndpoints, flows } = shop();
  target.system.publicEndpoints = publicEndpoints;
  target.system.flows = [...target.system.flows, ...flows.filter(({ from }) => "edge" in from)];
  target.settings.hosts = { web: "www.shop.example" };
  target.settings.ingress = { className: "traefik", namespace: "ingress", certificateIssuer: "letsencrypt" };
  return target;
}

describe("A public endpoint", () => {
  it("leads from its host to the open paths of its service and to nothing else, over TLS", async () => {
    const resources = await record(() => new KubernetesSystem("shop", published(), {}));
    const ingress = find(resources, "kubernetes:networking.k8s.io/v1:Ingress", "shop-edge-web");
    const { metadata, spec } = ingress.inputs as { metadata: { annotations: object; name: string }; spec: object };
    assert.equal(metadata.name, "web");
    assert.deepEqual(metadata.annotations, { "cert-manager.io/cluster-issuer": "letsencrypt" });
    const backend = { service: { name: "api", port: { name: "http" } } };
    assert.deepEqual(spec, {
      ingressClassName: "traefik",
      tls: [{ hosts: ["www.shop.example"], secretName: "web-endpoint-tls" }],
      rules: [
        {
          host: "www.shop.example",
          http: { paths: ["/v1", "/health"].map((path) => ({ path, pathType: "Prefix", backend })) },
        },
      ],
    });
    const edge = find(resources, "agent-commerce:kubernetes:Edge", ingress.parent);
    assert.ok(edge.dependencies.includes("shop-api-workload"));
  });

  it("is the address of its service", () => {
    assert.equal(endpoints(published())["api"], "https://www.shop.example");
    assert.equal(endpoints(published())["writer"], "http://writer.shop.svc:8080");
  });

  it("is nothing where the stack leaves it out", async () => {
    const target = published();
    target.settings.omissions = [{ feature: "public-endpoints", reason: "a test", expires: "2030-01-01" }];
    const without = await record(() => new KubernetesSystem("shop", target, {}));
    assert.deepEqual(without, await record(() => new KubernetesSystem("shop", shopTarget(), {})));
  });
});
