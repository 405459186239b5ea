import { output, type Output } from "@pulumi/pulumi";

import { AwsSystem } from "../infra/aws/index.ts";
import type { Settings } from "../infra/settings.ts";
import type { System } from "../infra/spec/system.ts";
import { awsProvider } from "./aws-provider.ts";
import { omissionTexts, type StackOutputs } from "./outputs.ts";

/** Deploys a system to AWS ECS. */
export function deployToEcs(
  system: System,
  settings: Settings,
): { [Name in keyof StackOutputs]: Output<StackOutputs[Name]> } {
  const { aws } = settings;
  if (aws === undefined) throw new Error("the settings for AWS are missing");
  const provider = awsProvider(system, settings, aws);
  const deployed = new AwsSystem(system.name, { system, settings, aws }, { provider });
  return {
    endpoints: output(deployed.endpoints),
    loadBalancerDns: output(deployed.loadBalancerDns),
    namespaceOrClusterName: output(deployed.clusterNames.join(",")),
    serviceNames: output(deployed.serviceNames),
    databaseEndpoint: output(deployed.databaseEndpoint),
    redisEndpoint: output(deployed.redisEndpoint),
    secretArnsOrSealedSecretNames: output(deployed.secretArns),
    kmsKeyArns: output(deployed.keyArns),
    backupBucket: output(deployed.backupBucket),
    dashboardUrls: output(deployed.dashboardUrls),
    alertTopicOrReceiver: output(deployed.alertTopics),
    networkIds: output(deployed.networkIds),
    healthChecks: output(deployed.healthChecks),
    omissions: output(omissionTexts(settings)),
  };
}
