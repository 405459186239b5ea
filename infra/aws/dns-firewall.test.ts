import assert from "node:assert/strict";

import { find, record, type RecordedResource } from "../testing/record.ts";
import { DnsFirewall } from "./dns-firewall.ts";
import { allowedNames } from "./network-hosts.ts";
import { Network } from "./network.ts";
import { shopTarget } from "./testing/shop.ts";
import type { Target } from "./target.ts";

function create(target: Target): Promise<RecordedResource[]> {
  return record(() => {
    new DnsFirewall("dns", { target, network: new Network("net", { target }, {}) }, {});
  });
}

describe("The firewall of names", () => {
  it("allows the outside hosts of the system, its own host and what AWS needs", () => {
    assert.deepEqual(allowedNames(shopTarget()), [
      "*.amazonaws.com",
      "*.eu-central-1.compute.internal",
      "api.bank.example",
      "login.bank.example",
      "www.shop.example",
    ]);
  });

  it("allows the registries of images and knows AWS's names elsewhere", () => {
    const target = structuredClone(shopTarget());
    target.settings.images["collector"] = "Registry.example:5000/collector:1.0";
    target.aws.region = "us-east-1";
    const names = allowedNames(target);
    assert.ok(names.includes("registry.example"));
    assert.ok(names.includes("*.ec2.internal"));
    target.aws.region = "cn-north-1";
    assert.ok(allowedNames(target).includes("*.amazonaws.com.cn"));
  });

  it("follows allowed names wherever they lead, and finds no others", async () => {
    const resources = await create(shopTarget());
    const rule = (name: string) =>
      find(resources, "aws:route53/resolverFirewallRule:ResolverFirewallRule", name).inputs;
    assert.deepEqual(rule("dns-allow"), {
      name: "allow",
      firewallRuleGroupId: "dns-rules-id",
      firewallDomainListId: "dns-allowed-id",
      priority: 100,
      action: "ALLOW",
      firewallDomainRedirectionAction: "TRUST_REDIRECTION_DOMAIN",
    });
    assert.deepEqual(rule("dns-block"), {
      name: "block",
      firewallRuleGroupId: "dns-rules-id",
      firewallDomainListId: "dns-all-id",
      priority: 200,
      action: "BLOCK",
      blockResponse: "NODATA",
    });
    const list = (name: string) =>
      find(resources, "aws:route53/resolverFirewallDomainList:ResolverFirewallDomainList", name).inputs["domains"];
    assert.deepEqual(list("dns-allowed"), allowedNames(shopTarget()));
    assert.deepEqual(list("dns-all"), ["*"]);
    const type = "aws:route53/resolverFirewallRuleGroupAssociation:ResolverFirewallRuleGroupAssociation";
    const association = find(resources, type, "dns-association");
    assert.equal(association.inputs["vpcId"], "net-vpc-id");
    assert.equal(association.inputs["mutationProtection"], "ENABLED");
    assert.deepEqual(association.dependencies, ["dns-allow", "dns-block", "dns-rules", "net-vpc"]);
    assert.deepEqual(
      find(resources, "aws:route53/resolverFirewallConfig:ResolverFirewallConfig", "dns-config").inputs,
      {
        resourceId: "net-vpc-id",
        firewallFailOpen: "DISABLED",
      },
    );
    assert.ok(resources.filter(({ name }) => name.startsWith("dns-")).every(({ parent }) => parent === "dns"));
  });

  it("leaves an existing network to its owner", async () => {
    const target = structuredClone(shopTarget());
    target.aws.network = {
      vpcId: "vpc-1",
      cidr: "10.9.0.0/16",
      publicSubnetIds: [],
      privateSubnetIds: [],
      dataSubnetIds: [],
    };
    assert.ok(!(await create(target)).some(({ type }) => type.startsWith("aws:route53")));
  });
});
