import type { Output, StackReference } from "@pulumi/pulumi";

import type { Settings } from "../infra/settings.ts";
import type { HealthCheck } from "../infra/spec/health.ts";

/** What a stack tells other projects. No output carries a secret value. */
export interface StackOutputs {
  /** Addresses by service name; inside the cluster or VPC unless a public endpoint exists. */
  endpoints: Record<string, string>;
  /** DNS name of the load balancer on AWS; empty elsewhere. */
  loadBalancerDns: string;
  /** Kubernetes namespace, or ECS clusters joined by commas. */
  namespaceOrClusterName: string;
  serviceNames: string[];
  /** host:port */
  databaseEndpoint: string;
  /** host:port */
  redisEndpoint: string;
  /** Where secrets are: ARNs, or names of sealed secrets. */
  secretArnsOrSealedSecretNames: string[];
  /** Customer keys on AWS by purpose: data, secrets, operations. */
  kmsKeyArns: Record<string, string>;
  /** Bucket of backups on AWS; empty elsewhere. */
  backupBucket: string;
  /** Addresses of dashboards by name. */
  dashboardUrls: Record<string, string>;
  alertTopicOrReceiver: string;
  /** VPC and subnets on AWS by name; several ids are joined by commas. */
  networkIds: Record<string, string>;
  healthChecks: HealthCheck[];
  /** What the stack leaves out of its specification, with the reason. */
  omissions: string[];
}

/** The names of all outputs. */
export const outputNames: readonly (keyof StackOutputs)[] = [
  "endpoints",
  "loadBalancerDns",
  "namespaceOrClusterName",
  "serviceNames",
  "databaseEndpoint",
  "redisEndpoint",
  "secretArnsOrSealedSecretNames",
  "kmsKeyArns",
  "backupBucket",
  "dashboardUrls",
  "alertTopicOrReceiver",
  "networkIds",
  "healthChecks",
  "omissions",
];

/** What the stack leaves out, each as a sentence. */
export function omissionTexts({ omissions }: Pick<Settings, "omissions">): string[] {
  return omissions.map(({ feature, reason, expires }) => `${feature} until ${expires}: ${reason}`);
}

/**
 * Reads the outputs of a stack of this project from another Pulumi project.
 *
 * @example
 * const shop = readOutputs(new pulumi.StackReference("organization/agent-commerce/prod"));
 * const url = shop.endpoints.apply((endpoints) => endpoints["worldstore-server"]);
 */
export function readOutputs(reference: StackReference): { [Name in keyof StackOutputs]: Output<StackOutputs[Name]> } {
  return Object.fromEntries(outputNames.map((name) => [name, reference.requireOutput(name)])) as ReturnType<
    typeof readOutputs
  >;
}
