import { Provider } from "@pulumi/kubernetes/provider.js";
import { output, type Output, type ProviderResource } from "@pulumi/pulumi";

import { KubernetesSystem } from "../infra/kubernetes/index.ts";
import type { Settings } from "../infra/settings.ts";
import type { System } from "../infra/spec/system.ts";
import type { StackConfig } from "./config.ts";
import { omissionTexts, type StackOutputs } from "./outputs.ts";

const none: Record<string, string> = {};

/** Deploys a system to a Kubernetes cluster, with managed stores on AWS beside it. */
export async function deployToKubernetes(
  system: System,
  settings: Settings,
  config: StackConfig,
): Promise<{ [Name in keyof StackOutputs]: Output<StackOutputs[Name]> }> {
  const provider = new Provider("kubernetes", {
    // Otherwise a changed setting of a store deletes the store's workload before it makes it again.
    enableConfigMapMutable: true,
    ...(config.kubeconfig === undefined ? {} : { kubeconfig: config.kubeconfig }),
    ...(config.context === undefined ? {} : { context: config.context }),
  });
  const providers = [provider, ...(await providersForStores(system, settings))];
  const deployed = new KubernetesSystem(system.name, { system, settings }, { providers });
  return {
    endpoints: output(deployed.endpoints),
    loadBalancerDns: output(""),
    namespaceOrClusterName: output(deployed.namespace),
    serviceNames: output(deployed.serviceNames),
    databaseEndpoint: output(deployed.databaseEndpoint),
    redisEndpoint: output(deployed.redisEndpoint),
    secretArnsOrSealedSecretNames: output(deployed.secretNames),
    kmsKeyArns: output(deployed.managed?.keyArns ?? none),
    backupBucket: output(deployed.managed?.backupBucket ?? ""),
    dashboardUrls: output(none),
    alertTopicOrReceiver: output(deployed.alertReceiver),
    networkIds: output(deployed.managed?.networkIds ?? none),
    healthChecks: output(deployed.healthChecks),
    omissions: output(omissionTexts(settings)),
  };
}

/** The way to AWS, loaded where stores are there. */
async function providersForStores(system: System, settings: Settings): Promise<ProviderResource[]> {
  const { datastoreMode, aws } = settings;
  if (datastoreMode !== "managed" || aws === undefined) return [];
  const { awsProvider } = await import("./aws-provider.ts");
  return [awsProvider(system, settings, aws)];
}
