import type { Client } from "pg";

import { groupName, loginsOf, type Privileges } from "./names.ts";
import { scramVerifier } from "./scram.ts";

/** A user of a database. */
export interface DatabaseUser {
  name: string;
  privileges: Privileges;
  /** Which of the user's two logins the password is for. */
  login: string;
  password: string;
}

export interface DatabaseRoles {
  database: string;
  users: readonly DatabaseUser[];
  extensions: readonly string[];
}

/** Any number will do, as long as all who set up databases agree on it. */
const lock = 4_207_349_002;

const privileges: readonly Privileges[] = ["owner", "readwrite"];

/**
 * Brings roles, grants and extensions of the connected database to what is given, in one transaction. It needs the
 * rights of RDS's master, which is no superuser: to create roles and databases, and to own the database.
 *
 * The rules are those of local/images/postgres: who is not listed cannot connect, owners share what they make, a
 * readwrite user reads and writes rows. Here each user has two logins, so a group holds what belongs to both.
 */
export async function applyRoles(client: Client, roles: DatabaseRoles): Promise<void> {
  await client.query("BEGIN");
  await client.query("SELECT pg_advisory_xact_lock($1)", [lock]);
  await applyGroups(client, roles.database);
  for (const user of roles.users) await applyUser(client, roles.database, user);
  await closeForgotten(client, roles);
  await closeToPublic(client);
  for (const name of roles.extensions) await client.query(`CREATE EXTENSION IF NOT EXISTS ${quoted(client, name)}`);
  await applyGrants(client, roles.database);
  await client.query("COMMIT");
}

async function applyGroups(client: Client, database: string): Promise<void> {
  for (const group of privileges.map((kind) => groupName(database, kind))) {
    await createMissing(client, group, "NOLOGIN");
    // Whoever hands a database over to a group, or grants in its name, must be a member, and not only its creator.
    await client.query(`GRANT ${quoted(client, group)} TO CURRENT_USER`);
  }
  const owner = groupName(database, "owner");
  await client.query(`ALTER DATABASE ${quoted(client, database)} OWNER TO ${quoted(client, owner)}`);
}

/** Both logins act as their group, so what one of them makes belongs to the other as well. */
async function applyUser(client: Client, database: string, user: DatabaseUser): Promise<void> {
  const group = groupName(database, user.privileges);
  for (const login of loginsOf(user.name)) {
    await createMissing(client, login, "LOGIN");
    const role = quoted(client, login);
    for (const other of privileges.map((kind) => groupName(database, kind))) {
      if (other !== group && (await isMember(client, login, other))) {
        await client.query(`REVOKE ${quoted(client, other)} FROM ${role}`);
      }
    }
    await client.query(`GRANT ${quoted(client, group)} TO ${role}`);
    await client.query(`ALTER ROLE ${role} LOGIN`);
    await client.query(`ALTER ROLE ${role} SET role = ${client.escapeLiteral(group)}`);
  }
  await setPassword(client, user.login, user.password);
}

/** Sets a login's password; the server sees its verifier only. */
export async function setPassword(client: Client, login: string, password: string): Promise<void> {
  const verifier = client.escapeLiteral(scramVerifier(password));
  await client.query(`ALTER ROLE ${quoted(client, login)} PASSWORD ${verifier}`);
}

/** Whether there is a role of this name. */
export async function roleExists(client: Client, name: string): Promise<boolean> {
  const { rowCount } = await client.query("SELECT FROM pg_roles WHERE rolname = $1", [name]);
  return rowCount === 1;
}

async function createMissing(client: Client, name: string, kind: "LOGIN" | "NOLOGIN"): Promise<void> {
  if (!(await roleExists(client, name))) await client.query(`CREATE ROLE ${quoted(client, name)} ${kind}`);
}

/** A user that is no longer listed keeps nothing but its name. */
async function closeForgotten(client: Client, { database, users }: DatabaseRoles): Promise<void> {
  const { rows } = await client.query<{ login: string; group: string }>(
    `SELECT member.rolname AS login, parent.rolname AS "group"
     FROM pg_auth_members JOIN pg_roles AS member ON member.oid = member JOIN pg_roles AS parent ON parent.oid = roleid
     WHERE parent.rolname = ANY ($1) AND member.rolname <> ALL ($2) AND member.rolname <> current_user AND member.rolcanlogin`,
    [privileges.map((kind) => groupName(database, kind)), users.flatMap(({ name }) => loginsOf(name))],
  );
  for (const { login, group } of rows) {
    await client.query(`REVOKE ${quoted(client, group)} FROM ${quoted(client, login)}`);
    await client.query(`ALTER ROLE ${quoted(client, login)} NOLOGIN PASSWORD NULL`);
  }
}

/** A role comes into its own database only. Databases of AWS itself are left alone. */
async function closeToPublic(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    "SELECT datname AS name FROM pg_database WHERE datallowconn AND pg_has_role(datdba, 'USAGE')",
  );
  for (const { name } of rows) await client.query(`REVOKE ALL ON DATABASE ${quoted(client, name)} FROM PUBLIC`);
}

/** What the owners make, now and later, is open to the others. */
async function applyGrants(client: Client, database: string): Promise<void> {
  const owner = quoted(client, groupName(database, "owner"));
  const readwrite = quoted(client, groupName(database, "readwrite"));
  const rows = "SELECT, INSERT, UPDATE, DELETE";
  await client.query(`GRANT CONNECT, TEMPORARY ON DATABASE ${quoted(client, database)} TO ${owner}, ${readwrite}`);
  await client.query(`GRANT USAGE ON SCHEMA public TO ${readwrite}`);
  const { rows: relations } = await client.query<{ name: string; sequence: boolean }>(
    `SELECT relname AS name, relkind = 'S' AS sequence FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
       AND pg_has_role(relowner, 'USAGE')`,
  );
  for (const { name, sequence } of relations) {
    const [what, kind] = sequence ? ["USAGE, SELECT", "SEQUENCE"] : [rows, "TABLE"];
    await client.query(`GRANT ${what} ON ${kind} public.${quoted(client, name)} TO ${readwrite}`);
  }
  const later = `ALTER DEFAULT PRIVILEGES FOR ROLE ${owner} IN SCHEMA public GRANT`;
  await client.query(`${later} ${rows} ON TABLES TO ${readwrite}`);
  await client.query(`${later} USAGE, SELECT ON SEQUENCES TO ${readwrite}`);
}

async function isMember(client: Client, login: string, group: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `SELECT FROM pg_auth_members JOIN pg_roles AS member ON member.oid = member JOIN pg_roles AS parent ON parent.oid = roleid
     WHERE member.rolname = $1 AND parent.rolname = $2`,
    [login, group],
  );
  return (rowCount ?? 0) > 0;
}

function quoted(client: Client, identifier: string): string {
  return client.escapeIdentifier(identifier);
}
