import { createHash } from "node:crypto";

import { UserError } from "../errors.ts";
import type { PublicEndpoint } from "../spec/service.ts";

/** AWS compares a request with at most this many patterns in a condition. */
const mostPatterns = 3;
const longestPattern = 128;
/** AWS's range of priorities is 1 to 50000. */
const mostPriorities = 50_000;

/** The paths of a listener's rule: patterns with wildcards, or one regular expression where those are too many. */
export type PathCondition = { values: string[] } | { regexValues: [string] };

/**
 * Which paths are let through: the open ones and everything below them, while nothing is below the health path.
 *
 * @throws UserError if AWS has no room for the paths
 */
export function pathCondition(name: string, { paths, healthPath }: PublicEndpoint): PathCondition {
  const roots = paths.map((path) => path.replace(/\/+$/, ""));
  const values = roots.flatMap((root) => {
    if (root === "") return ["/*"];
    return root === healthPath ? [root] : [root, `${root}/*`];
  });
  if (values.length <= mostPatterns) return { values };
  const alternatives = roots.map((root) => (root === healthPath ? `${literal(root)}$` : `${literal(root)}(/|$)`));
  const expression = `^(${alternatives.join("|")})`;
  if (expression.length > longestPattern) {
    throw new UserError({
      where: `publicEndpoints.${name}.paths`,
      message: `the paths make an expression of ${expression.length} characters, and a load balancer takes ${longestPattern}; open common parents.`,
    });
  }
  return { regexValues: [expression] };
}

function literal(path: string): string {
  return path.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/**
 * The priorities of the endpoints' rules. Which comes first does not matter while no two open one path of a host.
 * Each keeps its own when another is added: two rules that exchanged theirs would be refused by AWS.
 */
export function rulePriorities(endpoints: readonly string[]): Record<string, number> {
  const taken = new Set<number>();
  const priorities: Record<string, number> = {};
  for (const endpoint of [...endpoints].sort()) {
    let priority = createHash("sha256").update(endpoint).digest().readUInt32BE() % mostPriorities;
    while (taken.has(priority)) priority = (priority + 1) % mostPriorities;
    taken.add(priority);
    priorities[endpoint] = priority + 1;
  }
  return priorities;
}
