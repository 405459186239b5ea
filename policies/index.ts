import { PolicyPack } from "@pulumi/policy";
import { catalogue } from "./catalogue.ts";
import { servedPolicies } from "./frame/serve.ts";

new PolicyPack("agent-commerce", {
  displayName: "agent-commerce",
  description: "The security checklist of the agent-commerce systems, for Kubernetes and AWS ECS.",
  policies: servedPolicies(catalogue, () => new Date()),
});
