import type { Examples } from "../testing/examples.ts";
import { aws, managedRule, webAcl } from "../testing/network-fixtures.ts";

const log = aws("wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", {}, "log", { resourceArn: [webAcl()] });
const silent = { ...managedRule, visibilityConfig: { cloudwatchMetricsEnabled: false } };

export const examples: Examples = {
  good: [{ title: "A web ACL with rules, metrics and a log", resources: [webAcl(), log] }],
  bad: [
    { title: "A web ACL without rules", resources: [webAcl({ rules: [] }), log], property: "rules" },
    {
      title: "A rule that is not counted",
      resources: [webAcl({ rules: [silent] }), log],
      property: "rules[0].visibilityConfig.cloudwatchMetricsEnabled",
    },
  ],
};
