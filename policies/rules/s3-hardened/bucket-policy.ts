import type { Check } from "../../frame/check.ts";
import { textOf } from "../../frame/field.ts";
import type { Stack } from "../../frame/stack.ts";
import { type Bucket, bucketsOf, settingsOf, strays } from "../../workloads/buckets.ts";
import { covers, publicPart, type Statement, statementsOf } from "../../workloads/iam.ts";
import { refersTo } from "../../workloads/links.ts";
import type { S3Parameters } from "../s3-hardened.ts";

/** What lets another account take a bucket over (FSBP S3.6). */
const ADMINISTRATION = [
  "s3:deletebucketpolicy",
  "s3:putbucketacl",
  "s3:putbucketpolicy",
  "s3:putencryptionconfiguration",
  "s3:putobjectacl",
];

/** The services of AWS that deliver logs of access. */
const DELIVERIES = /^(?:logging\.s3|logdelivery\.elasticloadbalancing|delivery\.logs)\.amazonaws\.com$/;

/** What the policy of a bucket says: it refuses connections without TLS, and lets nobody from outside in. */
export function checkBucketPolicies(stack: Stack, bucket: Bucket, parameters: S3Parameters): void {
  const policies = settingsOf(stack, bucket, "policy").map(({ check, field, inline }) => {
    return { check, field: inline ? field : field.get("policy") };
  });
  const refusing = policies.filter(({ check, field }) => {
    const statements = statementsOf(check, { use: "resource", field });
    statements.forEach((statement) => expectNoOutsider(check, statement, parameters));
    return field.unknown || statements.some((statement) => refusesPlainHttp(check, statement));
  });
  if (refusing.length === 0 && (policies.length > 0 || !strays(stack, "policy"))) {
    const [first] = policies;
    const at = first ?? { check: stack.check(bucket.resource), field: bucket.resource.properties.get("policy") };
    at.check.object(at.field, {
      found: first === undefined ? "no policy" : "no statement about TLS",
      expected: "a statement that refuses everyone without TLS",
      fix: "Deny s3:* to everyone when aws:SecureTransport is false.",
    });
  }
}

function refusesPlainHttp(check: Check, statement: Statement): boolean {
  const { allows, principals, actions, condition } = statement;
  const everyone = principals.some(({ text }) => text === "*");
  const everything = actions.some(({ text }) => text === "s3:*" || text === "*");
  return !allows && everyone && everything && check.known(condition) && asksForTls(statement);
}

function asksForTls({ condition }: Statement): boolean {
  return condition.entries().some(([operator, keys]) =>
    keys.entries().some(([key, value]) => {
      const values = [value, ...value.items()].map((item) => textOf(item.value));
      return /^bool(?:ifexists)?$/i.test(operator) && /^aws:securetransport$/i.test(key) && values.includes("false");
    }),
  );
}

function expectNoOutsider(check: Check, statement: Statement, { administrators }: S3Parameters): void {
  const open = publicPart(check, statement);
  if (open !== undefined) {
    check.object(open, {
      found: "everyone",
      expected: "named principals",
      fix: "Name the principals that need the bucket.",
    });
  }
  if (statement.allows && statement.actions.some(({ text }) => covers(text, ADMINISTRATION))) {
    for (const { text, field } of statement.principals) {
      const account = /^(?:arn:[\w-]+:iam::)?(\d{12})(?::|$)/.exec(text)?.[1];
      if (account !== undefined && !administrators.includes(account)) {
        check.object(field, {
          expected: "nobody whom a bucket's policy lets administer the bucket",
          fix: "Allow reading and writing of objects only; identities of the own account need no bucket policy.",
        });
      }
    }
  }
}

/** Whether a bucket is where logs of access go to: another names it as target, or its policy lets deliveries in. */
export function receivesLogs(stack: Stack, bucket: Bucket): boolean {
  const target = bucketsOf(stack).some((other) =>
    other.parts.some(({ aspect, resource }) => {
      const at = resource.properties.get("targetBucket");
      return aspect === "logging" && refersTo(resource, at, bucket.resource, ["bucket", "id", "arn"]);
    }),
  );
  const inline = bucketsOf(stack).some(({ resource }) => {
    const places = [resource.properties.get("logging"), ...resource.properties.get("loggings").items()];
    return places.some((place) =>
      refersTo(resource, place.get("targetBucket"), bucket.resource, ["bucket", "id", "arn"]),
    );
  });
  return (
    target ||
    inline ||
    settingsOf(stack, bucket, "policy").some(({ check, field, inline: within }) => {
      const document = within ? field : field.get("policy");
      const statements = document.unknown ? [] : statementsOf(check, { use: "resource", field: document });
      return statements.some(
        ({ allows, principals }) => allows && principals.some(({ text }) => DELIVERIES.test(text)),
      );
    })
  );
}
