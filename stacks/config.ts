import { z } from "zod";

import { UserError, type Problem } from "../infra/errors.ts";
import { list } from "../infra/spec/names.ts";
import { colours, omittableFeatures } from "../infra/settings.ts";
import { profileNames } from "../infra/profile.ts";
import { awsSchema } from "./aws-config.ts";
import { systemNames } from "./systems.ts";

/** The Pulumi project, and the namespace of its configuration keys. */
export const project = "agent-commerce";

const pem = /^-----BEGIN CERTIFICATE-----\s[\s\S]+-----END CERTIFICATE-----\s*$/;
const imageReference =
  /^[a-z0-9]([a-z0-9._:/-]*[a-z0-9])?(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(@sha256:[0-9a-f]{64})?$/;
const hostName = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const dnsName = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;
const dnsLabel = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

const omission = z.strictObject({
  feature: z.enum(omittableFeatures),
  reason: z.string().min(10, "give a reason of at least 10 characters"),
  expires: z.iso.date("write the day as YYYY-MM-DD"),
});

const images = z.record(
  z.string(),
  z.string().regex(imageReference, "write it like registry/name:tag or name@sha256:..."),
);

const schema = z.strictObject({
  /** Which specification is deployed. */
  system: z.enum(systemNames),
  /** Where it is deployed. */
  target: z.enum(["kubernetes", "ecs"]),
  /** How big and how protected it is. */
  profile: z.enum(profileNames),
  /** @default the specification's namespace */
  namespace: z.string().regex(dnsLabel, "use at most 63 lower-case letters, digits and hyphens").optional(),
  /** Path or content of a kubeconfig. @default $KUBECONFIG, else ~/.kube/config */
  kubeconfig: z.string().min(1, "give a path or the content of a kubeconfig").optional(),
  /** @default the kubeconfig's current context */
  context: z.string().min(1, "name a context of the kubeconfig").optional(),
  /** Image references by name. */
  images,
  /** Values of external secrets by name; set with `pulumi config set --secret --path externalSecrets.NAME`. */
  externalSecrets: z.record(z.string(), z.string().min(1, "the value is empty")).default({}),
  /** The sealed-secrets controller's public certificate, PEM. */
  sealingCertificate: z.string().regex(pem, "give the PEM text that `kubeseal --fetch-cert` prints").optional(),
  /** Where stores run. @default "managed" (X-60) */
  datastoreMode: z.enum(["incluster", "managed"]).default("managed"),
  /** @default the cluster's default storage class */
  storageClass: z.string().min(1, "name a storage class of the cluster").optional(),
  /** @default "single" (X-01) */
  agentMode: z.enum(["single", "sharded"]).default("single"),
  /** @default "self-managed" (WS-CFG-21) */
  walletMode: z.enum(["self-managed", "crossmint"]).default("self-managed"),
  /** Parts of the specification that this stack leaves out, each with a reason and an end. */
  omissions: z.array(omission).default([]),
  /** Host names of public endpoints by the endpoint's name, such as payment. */
  hosts: z.record(z.string(), z.string().regex(hostName, "write a full host name such as pay.example.com")).default({}),
  /** The cluster's IngressClass; required on kubernetes for public endpoints, as the next two (X-41). */
  ingressClass: z.string().regex(dnsName, "name an IngressClass of the cluster").optional(),
  /** The namespace of the ingress controller's pods. */
  ingressNamespace: z.string().regex(dnsLabel, "use at most 63 lower-case letters, digits and hyphens").optional(),
  /** The ClusterIssuer of cert-manager that signs the endpoints' certificates, with a DNS-01 solver. */
  certificateIssuer: z.string().regex(dnsName, "name a ClusterIssuer of the cluster").optional(),
  /** On kubernetes: which set of pods of a blue-green release has the traffic. @default "blue" (WS-OPS-07) */
  liveColour: z.enum(colours).optional(),
  /** On kubernetes: images of the idle set of pods, by name. @default none: the idle set is empty */
  candidateImages: images.default({}),
  /** Stores and services whose data may be replaced or deleted by an update. @default none */
  unprotected: z.array(z.string()).default([]),
  /** Where and how AWS is used; required on ecs, and on kubernetes for managed stores. */
  aws: awsSchema.optional(),
  /** Label on everything: who answers for it. @default "platform" */
  owner: z.string().regex(dnsLabel, "use at most 63 lower-case letters, digits and hyphens").default("platform"),
});

/** A stack's validated configuration. */
export type StackConfig = z.infer<typeof schema>;

const structured = new Set([
  "images",
  "candidateImages",
  "externalSecrets",
  "omissions",
  "hosts",
  "unprotected",
  "aws",
]);
const secret = new Set(["externalSecrets"]);

/**
 * Reads the configuration from the texts that Pulumi hands to a program, by full key such as "agent-commerce:system".
 *
 * @throws UserError with every problem, by key
 */
export function parseConfig(texts: Record<string, string>): StackConfig {
  const problems: Problem[] = [];
  const values: Record<string, unknown> = {};
  for (const [key, text] of Object.entries(texts)) {
    if (!key.startsWith(`${project}:`)) continue;
    const name = key.slice(project.length + 1);
    if (!(name in schema.shape)) {
      problems.push({
        where: key,
        message: `there is no such setting; remove it. The settings are ${list(schema.shape)}.`,
      });
    } else if (structured.has(name)) {
      try {
        values[name] = JSON.parse(text);
      } catch {
        problems.push({
          where: key,
          message: `it is not structured; set it with \`pulumi config set --path '${name}...'\`.`,
        });
      }
    } else {
      values[name] = text;
    }
  }
  const result = schema.safeParse(values);
  const named = new Set(problems.map(({ where }) => where));
  if (!result.success) {
    const issues = result.error.issues.map((issue) => toProblem(issue, values));
    problems.push(...issues.filter(({ where }) => !named.has(where)));
  }
  if (problems.length > 0) throw new UserError(problems);
  return result.data as StackConfig;
}

function toProblem(issue: z.core.$ZodIssue, values: Record<string, unknown>): Problem {
  const [name = "", ...rest] = issue.path.map(String);
  const where = `${project}:${[name, ...rest].join(".")}`;
  const value = issue.path.reduce<unknown>(
    (at, part) => (at as Record<PropertyKey, unknown> | undefined)?.[part],
    values,
  );
  const shown =
    secret.has(name) || value === undefined || typeof value === "object"
      ? ""
      : `${JSON.stringify(value)} is not allowed; `;
  const set = `\`pulumi config set ${rest.length > 0 ? `--path ` : ""}${[name, ...rest].join(".")} VALUE\``;
  if (value === undefined && issue.code !== "unrecognized_keys") {
    const allowed = issue.code === "invalid_value" ? `; allowed are ${issue.values.join(", ")}` : "";
    return { where, message: `it is required${allowed}. Set it with ${set}.` };
  }
  switch (issue.code) {
    case "invalid_value":
      return { where, message: `${shown}allowed are ${issue.values.join(", ")}.` };
    case "unrecognized_keys":
      return { where, message: `it has no part ${issue.keys.map((key) => `"${key}"`).join(" or ")}; remove it.` };
    case "invalid_type":
      return { where, message: `it must be of type ${issue.expected}; set it with ${set}.` };
    default:
      return { where, message: `${shown}${issue.message}.` };
  }
}
