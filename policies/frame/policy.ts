import type { PolicyConfigJSONSchema } from "@pulumi/policy/schema.js";
import type { Check, Resource } from "./check.ts";
import type { Draft } from "./draft.ts";
import type { Stack } from "./stack.ts";

/** How bad a violation is; the level decides whether it stops a deployment. */
export type Severity = "low" | "medium" | "high" | "critical";

/** Control ids of public frameworks, only where the policy checks what the control asks for. */
export interface Controls {
  /** Pod Security Standards: the upstream check ids. */
  pss?: readonly string[];
  /** NSA/CISA Kubernetes hardening guidance: kubescape control ids. */
  nsa?: readonly string[];
  /** CIS Kubernetes Benchmark 1.12. */
  cis?: readonly string[];
  /** AWS Foundational Security Best Practices. */
  fsbp?: readonly string[];
  /** PCI DSS 4.0: requirement numbers. */
  pci?: readonly string[];
  /** SOC 2: trust services criteria. */
  soc2?: readonly string[];
}

/** What a policy says about itself; data only, for reports and documentation. */
export interface Metadata {
  /** The requirement's own id, such as `POL-IMG-PINNED`. */
  id: `POL-${string}`;
  title: string;
  severity: Severity;
  /** The level when the configuration sets none. */
  level: "advisory" | "mandatory";
  targets: readonly ("kubernetes" | "aws")[];
  controls: Controls;
  /** The security items of the five systems that the policy covers, such as `WS-SEC-45`. */
  requirements: readonly string[];
  /** What to do about a violation, as a sentence. */
  remediation: string;
  /** A page about the policy. @default its reference page */
  link?: string;
  /** False: no exemption is ever accepted. @default true */
  exemptable?: boolean;
}

/** A policy's parameters: a JSON schema for each, with the value that holds when the configuration sets none. */
export type ParameterSchema<P = Record<string, unknown>> = {
  readonly [K in keyof P]: PolicyConfigJSONSchema & { description: string; default: P[K] };
};

/** One policy: its metadata, its parameters and its rules. */
export interface Policy extends Metadata {
  /** The name Pulumi knows it by: the id without `POL-`, in kebab case. */
  readonly name: string;
  readonly parameters: ParameterSchema;
  /** Judges one resource before it is created or updated. */
  check?(check: Check, resource: Resource, parameters: object): void;
  /** Judges the whole stack, for what no single resource shows. */
  checkStack?(stack: Stack, parameters: object): void;
  /** Sets what has one right value; twice does no more than once, and what is right already stays as it is. */
  remediate?(draft: Draft, parameters: object): void;
}

/** A policy as its file writes it, with typed parameters. */
export interface PolicyDefinition<P extends object> extends Metadata {
  parameters?: ParameterSchema<P>;
  check?: (check: Check, resource: Resource, parameters: P) => void;
  checkStack?: (stack: Stack, parameters: P) => void;
  remediate?: (draft: Draft, parameters: P) => void;
}

/** Gives a definition its name; the parameters reach the rules complete, see `readParameters`. */
export function definePolicy<P extends object = Record<never, never>>(definition: PolicyDefinition<P>): Policy {
  return {
    ...(definition as Metadata & Pick<Policy, "check" | "checkStack" | "remediate">),
    name: nameOf(definition.id),
    parameters: definition.parameters ?? {},
  };
}

/** The name Pulumi knows a policy by. */
export function nameOf(id: Metadata["id"]): string {
  return id.slice("POL-".length).toLowerCase();
}

/** The defaults of the policy under the values that the configuration gives. */
export function readParameters(policy: Policy, config: Record<string, unknown>): object {
  const defaults = Object.fromEntries(Object.entries(policy.parameters).map(([key, schema]) => [key, schema.default]));
  return { ...defaults, ...config };
}
