import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { z } from "zod";

import { handler, type Handler } from "../handler.ts";
import { OperationError } from "../operation-error.ts";
import { withConnection } from "./connection.ts";
import { loginsOf } from "./names.ts";
import { applyRoles, type DatabaseUser } from "./roles.ts";
import { masterSecret, readSecret, userSecret } from "./secrets.ts";

const identifier = z
  .string()
  .regex(/^[a-z_][a-z0-9_]{0,49}$/, "must be 1 to 50 lower-case letters, digits and _, beginning with no digit")
  .refine((name) => !name.startsWith("pg_"), "must not begin with pg_, which PostgreSQL keeps for itself");

const setupEvent = z
  .object({
    host: z.string().min(1),
    port: z.number().int().min(1).max(65_535),
    database: identifier,
    masterSecretArn: z.string().min(1),
    extensions: z.array(z.string().regex(/^[a-z][a-z0-9_-]*$/, "must be the name of an extension")),
    users: z.array(
      z.object({ name: identifier, privileges: z.enum(["owner", "readwrite"]), secretId: z.string().min(1) }),
    ),
  })
  .refine(
    ({ database, users }) => {
      const names = [`${database}_owner`, `${database}_readwrite`, ...users.flatMap(({ name }) => loginsOf(name))];
      return new Set(names).size === names.length;
    },
    { path: ["users"], message: "every name and NAME_clone must be used once, and be no group of the database" },
  );

export interface DatabaseSetupParts {
  secretsManager: SecretsManagerClient;
  /** PEM text of the certificates to trust. */
  authorities: string;
}

/** Brings users, grants and extensions of one database to what the event says; the same event again changes nothing. */
export function databaseSetup({ secretsManager, authorities }: DatabaseSetupParts): Handler {
  return handler(setupEvent, async (event, { logger, secretTexts }) => {
    const { host, port, database, extensions } = event;
    const master = await readSecret(secretsManager, { id: event.masterSecretArn }, masterSecret, secretTexts);
    const users = await Promise.all(
      event.users.map(async ({ name, privileges, secretId }): Promise<DatabaseUser> => {
        const secret = await readSecret(secretsManager, { id: secretId }, userSecret, secretTexts);
        const { username, password } = secret;
        if (!loginsOf(name).includes(username)) {
          throw new OperationError(
            `The secret ${secretId} is of the user ${username}; allowed is ${loginsOf(name).join(" or ")}.`,
          );
        }
        return { name, privileges, login: username, password };
      }),
    );
    const { username, password } = master;
    await withConnection({ host, port, database, username, password }, authorities, (client) =>
      applyRoles(client, { database, users, extensions }),
    );
    logger.info({ database, users: users.map(({ name }) => name), extensions }, "The database has been set up.");
    return { users: users.map(({ login }) => login) };
  });
}
