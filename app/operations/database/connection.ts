import { Client, DatabaseError } from "pg";

import { OperationError } from "../operation-error.ts";

export interface Login {
  host: string;
  port: number;
  database: string;
  username: string;
  password: string;
}

/** Class 28 of PostgreSQL's errors: the server does not let this user in. */
const refusal = /^28/;

/**
 * Runs the work on a connection with TLS whose certificate fits the host.
 *
 * @param authorities PEM text of the certificates to trust
 * @throws OperationError when there is no connection
 */
export async function withConnection<T>(
  login: Login,
  authorities: string,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const { host, port, database, username, password } = login;
  const client = new Client({
    host,
    port,
    database,
    user: username,
    password,
    ssl: { ca: authorities },
    application_name: "operations",
    connectionTimeoutMillis: 10_000,
    statement_timeout: 60_000,
  });
  // A connection that breaks also fails the statement that runs on it.
  client.on("error", () => undefined);
  try {
    await client.connect().catch((error: unknown) => {
      throw new OperationError(explain(login, error), { cause: error });
    });
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Whether the server lets a login in. @throws OperationError when it cannot be asked */
export async function canLogIn(login: Login, authorities: string): Promise<boolean> {
  try {
    await withConnection(login, authorities, (client) => client.query("SELECT 1"));
    return true;
  } catch (error) {
    const { cause } = error as { cause?: unknown };
    if (cause instanceof DatabaseError && refusal.test(cause.code ?? "")) return false;
    throw error;
  }
}

function explain({ host, port, database, username }: Login, error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  const place = `PostgreSQL at ${host}:${port}`;
  if (error instanceof DatabaseError && refusal.test(error.code ?? "")) {
    return `${place} refuses the user ${username} for the database ${database} (${code}); its secret does not hold the password that is set there.`;
  }
  return `${place} cannot be reached as ${username} (${code ?? message}); check host, security groups and certificate.`;
}
