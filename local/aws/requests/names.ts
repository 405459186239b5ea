import { arnAt, at, step, text, type Creations, type Inputs } from "./creation.ts";

/** A record set of one name and type. */
function recordSet({ name, type, ttl, records, aliases }: Inputs): Inputs {
  const alias = at(aliases, 0);
  return {
    name,
    type,
    ttl,
    resourceRecords: (records as unknown[] | undefined)?.map((value) => ({ value })),
    aliasTarget: alias && {
      dnsName: at(alias, "name"),
      hostedZoneId: at(alias, "zoneId"),
      evaluateTargetHealth: at(alias, "evaluateTargetHealth"),
    },
  };
}

/** A made resource of the resolver, under one name of the answer. */
function resolver(operation: string, member: string, prefix: string, renames: Record<string, string | undefined> = {}) {
  return {
    create: (inputs: Inputs) => step("route53resolver", operation, inputs, { renames }),
    outputs: (_inputs: Inputs, answer: unknown, place: { region: string; accountId: string }) => {
      const id = text(answer, [member, "Id"], `${prefix}-0123456789abcdef`);
      return { id, arn: text(answer, [member, "Arn"], arnAt(place, "route53resolver", `${prefix}/${id}`)) };
    },
  };
}

/** Names: DNS, the resolver's firewall, and names inside the cluster. */
export const names: Creations = {
  "aws:route53/record:Record": {
    create: (inputs) => {
      const action = inputs["allowOverwrite"] === true ? "UPSERT" : "CREATE";
      const changes = [{ action, resourceRecordSet: recordSet(inputs) }];
      return step("route53", "ChangeResourceRecordSets", { hostedZoneId: inputs["zoneId"], changeBatch: { changes } });
    },
    outputs: ({ zoneId, name, type }) => ({ id: [zoneId, name, type].join("_"), fqdn: name }),
  },
  "aws:route53/resolverFirewallDomainList:ResolverFirewallDomainList": {
    ...resolver("CreateFirewallDomainList", "FirewallDomainList", "rslvr-fdl", { domains: undefined }),
    then: ({ domains }, { id }) => [
      step("route53resolver", "UpdateFirewallDomains", { firewallDomainListId: id, operation: "REPLACE", domains }),
    ],
  },
  "aws:route53/resolverFirewallRuleGroup:ResolverFirewallRuleGroup": resolver(
    "CreateFirewallRuleGroup",
    "FirewallRuleGroup",
    "rslvr-frg",
  ),
  "aws:route53/resolverFirewallRule:ResolverFirewallRule": {
    create: (inputs) => step("route53resolver", "CreateFirewallRule", inputs),
  },
  "aws:route53/resolverFirewallRuleGroupAssociation:ResolverFirewallRuleGroupAssociation": resolver(
    "AssociateFirewallRuleGroup",
    "FirewallRuleGroupAssociation",
    "rslvr-frgassoc",
  ),
  "aws:route53/resolverFirewallConfig:ResolverFirewallConfig": {
    create: (inputs) => step("route53resolver", "UpdateFirewallConfig", inputs),
  },
  "aws:servicediscovery/httpNamespace:HttpNamespace": {
    create: (inputs) => step("servicediscovery", "CreateHttpNamespace", inputs),
    read: () => step("servicediscovery", "ListNamespaces", {}),
    outputs: ({ name }, _answer, place) => {
      const id = "ns-0123456789abcdef";
      return { id, arn: arnAt(place, "servicediscovery", `namespace/${id}`), httpName: name };
    },
  },
};
