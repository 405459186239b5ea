/** Whom a statement of a resource's own policy speaks of. */
export type Principal = { services: readonly string[] } | { arns: readonly string[] } | "everyone";

/** A statement of an IAM policy. */
export interface Statement {
  /** What it is for, letters and digits only. */
  sid: string;
  /** @default "Allow" */
  effect?: "Allow" | "Deny";
  /** Only in the policies of resources. @default the holder of the policy */
  principal?: Principal;
  actions: readonly string[];
  resources: readonly string[];
  /** Such as { StringEquals: { "aws:SourceAccount": "111122223333" } }. @default none */
  conditions?: Record<string, Record<string, string | readonly string[]>>;
}

/** An IAM policy as JSON. The same statements give the same text. */
export function policyDocument(...statements: readonly Statement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements.map(statementOf) });
}

/** Lets a service of AWS take a role, for the account's own resources only. */
export function trustPolicy(service: string, accountId: string): string {
  return policyDocument({
    sid: "Assume",
    principal: { services: [service] },
    actions: ["sts:AssumeRole"],
    resources: [],
    conditions: { StringEquals: { "aws:SourceAccount": accountId } },
  });
}

function statementOf({ sid, effect = "Allow", principal, actions, resources, conditions }: Statement) {
  return {
    Sid: sid,
    Effect: effect,
    ...(principal === undefined ? {} : { Principal: principalOf(principal) }),
    Action: [...actions].sort(),
    ...(resources.length === 0 ? {} : { Resource: [...resources].sort() }),
    ...(conditions === undefined ? {} : { Condition: conditions }),
  };
}

function principalOf(principal: Principal): string | Record<string, readonly string[]> {
  if (principal === "everyone") return "*";
  return "services" in principal ? { Service: [...principal.services].sort() } : { AWS: [...principal.arns].sort() };
}
