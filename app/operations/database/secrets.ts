import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { z } from "zod";

import { OperationError } from "../operation-error.ts";
import type { SecretTexts } from "../secret-texts.ts";

/** A password whose SCRAM verifier needs no normalization. */
const password = z.string().regex(/^[\x21-\x7e]{8,128}$/, "must be 8 to 128 printable ASCII characters without spaces");

/** What RDS writes into the master's secret. */
export const masterSecret = z.looseObject({ username: z.string().min(1), password });

/** What the secret of a database user holds; further keys are kept. */
export const userSecret = z.looseObject({
  engine: z.literal("postgres"),
  host: z.string().min(1),
  /** A number as text, since ECS hands out texts only. */
  port: z.string().regex(/^\d+$/, "must be a number as text"),
  dbname: z.string().min(1),
  username: z.string().min(1),
  password,
  url: z.string().refine((text) => URL.canParse(text), "must be an address"),
});

export type MasterSecret = z.infer<typeof masterSecret>;
export type UserSecret = z.infer<typeof userSecret>;

export interface SecretReference {
  id: string;
  /** @default whichever version has the stage */
  version?: string;
  /** @default "AWSCURRENT" */
  stage?: "AWSCURRENT" | "AWSPENDING";
}

/**
 * Reads a secret of JSON and remembers what must be hidden.
 *
 * @returns undefined when there is no such secret or version
 * @throws OperationError when it does not have the right shape, without quoting it
 */
export async function findSecret<Secret extends MasterSecret>(
  client: SecretsManagerClient,
  { id, version, stage = "AWSCURRENT" }: SecretReference,
  schema: z.ZodType<Secret>,
  secretTexts: SecretTexts,
): Promise<Secret | undefined> {
  const command = new GetSecretValueCommand({ SecretId: id, VersionId: version, VersionStage: stage });
  const answer = await client.send(command).catch((error: unknown) => {
    if (error instanceof Error && error.name === "ResourceNotFoundException") return undefined;
    throw error;
  });
  if (answer === undefined) return undefined;
  const text = answer.SecretString ?? "";
  secretTexts.add(text);
  const parsed = schema.safeParse(parseJson(text));
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "the value"}: ${message}`);
    throw new OperationError(`The secret ${id} cannot be used: ${problems.join("; ")}.`);
  }
  secretTexts.add(parsed.data.password, ...(typeof parsed.data["url"] === "string" ? [parsed.data["url"]] : []));
  return parsed.data;
}

/** As findSecret, for a secret that must be there. */
export async function readSecret<Secret extends MasterSecret>(
  client: SecretsManagerClient,
  reference: SecretReference,
  schema: z.ZodType<Secret>,
  secretTexts: SecretTexts,
): Promise<Secret> {
  const found = await findSecret(client, reference, schema, secretTexts);
  if (found !== undefined) return found;
  const stage = reference.stage ?? "AWSCURRENT";
  throw new OperationError(
    `The secret ${reference.id} has no value with the stage ${stage}; create it, or start the rotation from its first step.`,
  );
}

/** JSON.parse quotes what it cannot read; this does not. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
