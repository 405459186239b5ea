import type { Output, StackReference } from "@pulumi/pulumi";

import type { HealthCheck } from "../infra/spec/health.ts";

/** What a stack tells other projects. No output carries a secret value. */
export interface StackOutputs {
  /** Addresses by service name; inside the cluster or VPC unless a public endpoint exists. */
  endpoints: Record<string, string>;
  namespaceOrClusterName: string;
  serviceNames: string[];
  /** host:port */
  databaseEndpoint: string;
  /** host:port */
  redisEndpoint: string;
  /** Where secrets are: ARNs, or names of sealed secrets. */
  secretArnsOrSealedSecretNames: string[];
  alertTopicOrReceiver: string;
  healthChecks: HealthCheck[];
  /** What the stack leaves out of its specification, with the reason. */
  omissions: string[];
}

/** The names of all outputs. */
export const outputNames: readonly (keyof StackOutputs)[] = [
  "endpoints",
  "namespaceOrClusterName",
  "serviceNames",
  "databaseEndpoint",
  "redisEndpoint",
  "secretArnsOrSealedSecretNames",
  "alertTopicOrReceiver",
  "healthChecks",
  "omissions",
];

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
