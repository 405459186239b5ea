import type { Check, Resource } from "../frame/check.ts";
import { Field, isRecord, textOf } from "../frame/field.ts";

/** Whom a policy speaks for: the identity that holds it, those who may take a role, or those who may use a resource. */
export type PolicyUse = "identity" | "trust" | "resource";

/** A JSON policy of a resource. */
export interface JsonPolicy {
  use: PolicyUse;
  field: Field;
}

/** A statement of a JSON policy. */
export interface Statement {
  field: Field;
  /** Anything but a well-written Deny allows. */
  allows: boolean;
  /** In lower case; those of NotAction count as all actions. */
  actions: readonly Entry[];
  resources: readonly Entry[];
  /** `*` for everyone, else what the principal's type names. */
  principals: readonly Entry[];
  /** It speaks of everything except what it names. */
  inverted: readonly Field[];
  condition: Field;
}

/** One word of a statement, and where it stands. */
export interface Entry {
  text: string;
  field: Field;
}

const POLICIES: Readonly<Record<string, readonly [PolicyUse, string][]>> = {
  "aws:iam/policy:Policy": [["identity", "policy"]],
  "aws:iam/rolePolicy:RolePolicy": [["identity", "policy"]],
  "aws:iam/groupPolicy:GroupPolicy": [["identity", "policy"]],
  "aws:iam/userPolicy:UserPolicy": [["identity", "policy"]],
  "aws:iam/role:Role": [["trust", "assumeRolePolicy"]],
  "aws:kms/key:Key": [["resource", "policy"]],
  "aws:kms/externalKey:ExternalKey": [["resource", "policy"]],
  "aws:kms/replicaKey:ReplicaKey": [["resource", "policy"]],
  "aws:kms/keyPolicy:KeyPolicy": [["resource", "policy"]],
  "aws:sqs/queue:Queue": [["resource", "policy"]],
  "aws:sqs/queuePolicy:QueuePolicy": [["resource", "policy"]],
  "aws:sns/topic:Topic": [["resource", "policy"]],
  "aws:sns/topicPolicy:TopicPolicy": [["resource", "policy"]],
  "aws:s3/bucket:Bucket": [["resource", "policy"]],
  "aws:s3/bucketV2:BucketV2": [["resource", "policy"]],
  "aws:s3/bucketPolicy:BucketPolicy": [["resource", "policy"]],
  "aws:ecr/repositoryPolicy:RepositoryPolicy": [["resource", "policy"]],
  "aws:secretsmanager/secret:Secret": [["resource", "policy"]],
  "aws:secretsmanager/secretPolicy:SecretPolicy": [["resource", "policy"]],
  "aws:efs/fileSystemPolicy:FileSystemPolicy": [["resource", "policy"]],
  "aws:backup/vaultPolicy:VaultPolicy": [["resource", "policy"]],
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": [["resource", "policyDocument"]],
};

/** The JSON policies that a resource carries; an absent one is AWS's own, which no rule speaks of. */
export function policiesOf({ type, properties }: Resource): JsonPolicy[] {
  const own = (Object.hasOwn(POLICIES, type) ? (POLICIES[type] ?? []) : []).map(([use, key]) => {
    return { use, field: properties.get(key) };
  });
  const inline = type === "aws:iam/role:Role" ? properties.get("inlinePolicies").items() : [];
  const all = [...own, ...inline.map((policy) => ({ use: "identity" as const, field: policy.get("policy") }))];
  return all.filter(({ field }) => !field.absent && field.value !== "");
}

/**
 * The statements of a policy, whether it is a text or an object, with one statement or many.
 *
 * What is not known yet is reported where it stands; a text that is no policy is a violation.
 */
export function statementsOf(check: Check, { field }: JsonPolicy): Statement[] {
  if (!check.known(field)) {
    return [];
  }
  const document = typeof field.value === "string" ? new Field(field.path, parse(field.value)) : field;
  if (!isRecord(document.value)) {
    check.object(field, {
      found: "text that cannot be read",
      expected: "a policy as a JSON object",
      fix: "Build the document with JSON.stringify.",
    });
    return [];
  }
  return listOf(check, child(document, "statement")).map((statement) => readStatement(check, statement));
}

function readStatement(check: Check, field: Field): Statement {
  const words = (key: string) => listOf(check, child(field, key)).flatMap((item) => wordOf(check, item));
  const inverted = ["notAction", "notResource", "notPrincipal"]
    .map((key) => child(field, key))
    .filter((item) => !item.absent);
  return {
    field,
    allows: textOf(child(field, "effect").value) !== "Deny",
    actions: words("action").map(({ text, field: at }) => ({ text: text.toLowerCase(), field: at })),
    resources: words("resource"),
    principals: principalsOf(check, child(field, "principal")),
    inverted,
    condition: child(field, "condition"),
  };
}

/** `"*"`, or one or more words by the type of the principal. */
function principalsOf(check: Check, field: Field): Entry[] {
  if (!check.known(field)) {
    return [];
  }
  const lists = isRecord(field.value) ? field.entries().map(([, list]) => list) : [field];
  return lists.flatMap((list) => listOf(check, list)).flatMap((item) => wordOf(check, item));
}

function wordOf(check: Check, field: Field): Entry[] {
  const text = check.known(field) ? textOf(field.value) : "";
  return text === "" ? [] : [{ text, field }];
}

/** A list, or the one element that stands in its place. */
function listOf(check: Check, field: Field): Field[] {
  if (!check.known(field) || field.absent) {
    return [];
  }
  return Array.isArray(field.value) ? field.items() : [field];
}

/** AWS reads the names of elements whatever their case. */
function child(field: Field, name: string): Field {
  const entry = field.entries().find(([key]) => key.toLowerCase() === name.toLowerCase());
  return entry === undefined ? field.get(name) : entry[1];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether an action of a policy, which may hold wildcards, covers one of the given actions (in lower case). */
export function covers(pattern: string, actions: readonly string[]): boolean {
  const shape = new RegExp(
    `^${pattern
      .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
    "i",
  );
  return actions.some((action) => shape.test(action));
}

/** Condition keys that tie a statement to known accounts, networks or resources. */
const NARROWING =
  /^(?:aws:(?:source(?:arn|account|owner|orgid|orgpaths|vpc|vpce|ip)|principal(?:arn|account|orgid|orgpaths)|userid)|kms:(?:calleraccount|viaservice)|s3:dataaccesspointaccount|elasticfilesystem:accesspointarn|elasticfilesystem:accessedviamounttarget)$/;

/** Operators that hold only when the key is there and equals a value. */
const EQUALITY = /^(?:foranyvalue:)?(?:string(?:equals|like|equalsignorecase)|arn(?:equals|like)|ipaddress|bool)$/;

/** Values of a condition that everyone meets. */
const EVERYONE = /^(?:\*+|arn:\*+|arn(?::\*){5,}|0\.0\.0\.0\/0|::\/0|false)$/;

/** What makes a statement public: it allows everyone and no condition narrows it. Undefined if it does not. */
export function publicPart(check: Check, statement: Statement): Field | undefined {
  if (!statement.allows) {
    return undefined;
  }
  const excluded = statement.inverted.find(({ path }) => /notprincipal$/i.test(path));
  const everyone = excluded ?? statement.principals.find(({ text }) => text === "*")?.field;
  return everyone === undefined || narrows(check, statement.condition) ? undefined : everyone;
}

/** Whether a condition ties a statement to known accounts, networks or resources; one that is not known yet may. */
function narrows(check: Check, condition: Field): boolean {
  if (!check.known(condition)) {
    return true;
  }
  return condition.entries().some(([operator, keys]) => {
    if (!EQUALITY.test(operator.toLowerCase())) {
      return false;
    }
    return check.entries(keys).some(([key, value]) => {
      const values = listOf(check, value);
      const open = values.some((item) => EVERYONE.test(textOf(item.value)));
      return NARROWING.test(key.toLowerCase()) && !open && (value.unknown || values.length > 0);
    });
  });
}

/** A resource of a policy that stands for everything: `*`, or everything of one service such as `arn:aws:s3:::*`. */
export function isEverything(resource: string): boolean {
  const [, region, account, id] = /^arn:[^:]*:[^:]*:([^:]*):([^:]*):(.*)$/.exec(resource) ?? [];
  // Without an account the first part is a name: `audit/*` are the objects of the bucket audit.
  const kind = region === "" && account === "" ? "" : "(?:[\\w-]+[:/])?";
  return /^\*+$/.test(resource) || (id !== undefined && new RegExp(`^${kind}\\*+(?:[:/]\\*)*$`).test(id));
}
