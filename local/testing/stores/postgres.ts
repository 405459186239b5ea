import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { Client } from "pg";

import type { StorePrograms } from "./programs.ts";
import { freePort, handOver, Server, unprivileged } from "./server.ts";

/** A role for a service: the owner creates tables, the others read and write them, as in a deployment. */
export interface TestRole {
  name: string;
  password: string;
  privileges: "owner" | "readwrite";
}

export interface TestPostgres {
  server: Server;
  /** The address for a role. */
  url: (role: string) => string;
  /** The address for the superuser. */
  adminUrl: string;
}

const database = "worldstore";

/**
 * Starts PostgreSQL on the loopback address with TLS and SCRAM only.
 *
 * @param directory for the data; holds tls.crt and tls.key
 */
export async function startPostgres(
  programs: StorePrograms,
  directory: string,
  certificateAuthority: string,
  roles: readonly TestRole[],
): Promise<TestPostgres> {
  const data = join(directory, "postgres");
  const passwordFile = join(directory, "admin-password");
  const adminPassword = "admin-password-of-the-tests";
  await mkdir(data);
  await writeFile(passwordFile, adminPassword, { mode: 0o600 });
  await handOver(data);
  await handOver(passwordFile);
  const initdb = ["-D", data, "-U", "postgres", "--pwfile", passwordFile, "-A", "scram-sha-256", "--no-sync"];
  await promisify(execFile)(...unprivileged(programs.initdb, [...initdb, "-E", "UTF8", "--locale=C"]), {
    cwd: directory,
  });
  await writeFile(join(data, "pg_hba.conf"), "hostssl all all 127.0.0.1/32 scram-sha-256\n");

  const port = await freePort();
  const settings = {
    listen_addresses: "127.0.0.1",
    port,
    unix_socket_directories: "",
    ssl: "on",
    ssl_cert_file: join(directory, "tls.crt"),
    ssl_key_file: join(directory, "tls.key"),
    fsync: "off",
    log_statement: "all",
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const url = (user: string, password: string, name = database) =>
    `postgres://${user}:${password}@localhost:${port}/${name}?sslmode=verify-full`;
  const admin = (name?: string) => url("postgres", adminPassword, name);
  const query = (statements: readonly string[], name: string) =>
    queryAll(admin(name), certificateAuthority, statements);
  const server = new Server(unprivileged(programs.postgres, ["-D", data, ...options]), () =>
    query(["SELECT 1"], "postgres"),
  );
  await server.start();

  const owner = roles.find(({ privileges }) => privileges === "owner")?.name ?? "postgres";
  const others = roles.filter(({ privileges }) => privileges !== "owner");
  await query(
    [
      ...roles.map(({ name, password }) => `CREATE ROLE "${name}" LOGIN PASSWORD '${password}'`),
      `CREATE DATABASE ${database} OWNER "${owner}"`,
    ],
    "postgres",
  );
  const grant = "IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO";
  await query(
    others.map(({ name }) => `ALTER DEFAULT PRIVILEGES FOR ROLE "${owner}" ${grant} "${name}"`),
    database,
  );
  const passwords = new Map(roles.map(({ name, password }) => [name, password]));
  return { server, url: (role) => url(role, passwords.get(role) ?? ""), adminUrl: admin() };
}

/** Runs statements one after the other on a connection of their own. */
async function queryAll(url: string, certificateAuthority: string, statements: readonly string[]): Promise<void> {
  const { searchParams, host, pathname, username, password } = new URL(url);
  searchParams.delete("sslmode");
  const client = new Client({
    connectionString: `postgres://${username}:${password}@${host}${pathname}`,
    ssl: { ca: certificateAuthority },
    connectionTimeoutMillis: 2_000,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
