import { PolicyPack } from "@pulumi/policy";
import { catalogue } from "./catalogue.ts";
import { onConfigure } from "./configure-request.ts";
import { ServedPack } from "./frame/serve.ts";

const pack = new ServedPack(catalogue, () => new Date());
onConfigure((settings) => pack.configure(settings));

new PolicyPack("agent-commerce", {
  displayName: "agent-commerce",
  description: "The security checklist of the agent-commerce systems, for Kubernetes and AWS ECS.",
  policies: pack.policies,
});
