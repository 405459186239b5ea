import { arnAt, step, text, type Creations } from "./creation.ts";

const uuid = "12345678-1234-1234-1234-123456789012";

/** The firewall before the load balancer. */
export const firewall: Creations = {
  "aws:wafv2/webAcl:WebAcl": {
    create: (inputs) => step("wafv2", "CreateWebACL", inputs),
    outputs: ({ name }, answer, place) => ({
      id: text(answer, ["Summary", "Id"], uuid),
      arn: text(answer, ["Summary", "ARN"], arnAt(place, "wafv2", `regional/webacl/${String(name)}/${uuid}`)),
    }),
    read: ({ name, scope }, answer) =>
      step("wafv2", "GetWebACL", { name, scope, id: text(answer, ["Summary", "Id"], uuid) }),
  },
  "aws:wafv2/webAclAssociation:WebAclAssociation": {
    create: (inputs) => step("wafv2", "AssociateWebACL", inputs),
  },
  "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": {
    create: ({ resourceArn, ...configuration }) =>
      step(
        "wafv2",
        "PutLoggingConfiguration",
        { loggingConfiguration: { resourceArn, ...configuration } },
        {
          renames: {
            "loggingConfiguration.redactedFields.singleHeader": "SingleHeader",
            "loggingConfiguration.loggingFilter.filters.conditions.actionCondition": "ActionCondition",
          },
        },
      ),
  },
};
