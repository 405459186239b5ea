import type { PostgresStore } from "../spec/store.ts";
import { toMebibytes, type Size } from "../spec/units.ts";
import type { StoreUserAccess } from "./store-access.ts";

/** PostgreSQL's own default, in mebibytes. */
const usualSharedBuffers = 128;

/** PostgreSQL's sizes by unit, in mebibytes; a number alone counts blocks of 8 KiB. */
const sizeUnits: Record<string, number> = { "": 8 / 1024, kB: 1 / 1024, MB: 1, GB: 1024 };

/**
 * The server's settings as a postgresql.conf, sorted by name. Addresses, certificates and authentication are the image's.
 *
 * Statements of the specification come last, so that they win over what follows from its sizes.
 */
export function postgresConf({ port, maxConnections, parameters = {} }: PostgresStore): string {
  const settings: Record<string, string> = {
    port: String(port),
    max_connections: String(maxConnections),
    timezone: "UTC",
    ...parameters,
  };
  return Object.entries(settings)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`)
    .join("");
}

/** What the image's start script brings to life: the database, a role for each service, and extensions. */
export interface PostgresRoles {
  databases: { name: string; owner: string }[];
  roles: { name: string; passwordFile: string; database: string; privileges: "owner" | "readwrite" }[];
  extensions: string[];
}

/**
 * The database with a role for each service that has a flow to it.
 *
 * The database belongs to the first service that may change its tables, so that what it creates is open to the others; to
 * a role that cannot log in if there is no such service.
 *
 * @param secretsFolder where the file with each user's password is
 */
export function postgresRoles(
  { database, extensions = [] }: PostgresStore,
  users: readonly Pick<StoreUserAccess, "user" | "privileges">[],
  secretsFolder: string,
): PostgresRoles {
  const owner = users.find(({ privileges }) => privileges === "owner")?.user ?? `${database}_owner`;
  return {
    databases: [{ name: database, owner }],
    roles: users.map(({ user, privileges }) => ({
      name: user,
      passwordFile: `${secretsFolder}/${user}`,
      database,
      privileges,
    })),
    extensions: [...extensions].sort(),
  };
}

/** Memory of the server: four times its shared buffers, as PostgreSQL's manual advises, and at least 512 MiB. */
export function postgresMemory(parameters: Record<string, string> = {}): Size {
  const [, amount, unit = ""] = /^(\d+) ?(kB|MB|GB)?$/.exec(parameters["shared_buffers"] ?? "") ?? [];
  const buffers = amount === undefined ? usualSharedBuffers : Number(amount) * (sizeUnits[unit] ?? 1);
  return `${Math.max(toMebibytes("512 MiB"), Math.ceil(4 * buffers))} MiB`;
}
