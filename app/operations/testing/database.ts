import { readFileSync } from "node:fs";
import { Client } from "pg";

import type { TestStores } from "../../../local/testing/stores/index.ts";

/** A database as RDS gives it: its master is no superuser, but may create roles and databases, and owns the database. */
export class TestDatabase {
  readonly host = "localhost";
  readonly port: number;
  readonly name = "worldstore";
  readonly master = { username: "keeper", password: "password-of-the-master" };
  /** PEM text. */
  readonly authorities: string;
  readonly #admin: URL;

  constructor(stores: TestStores) {
    this.#admin = new URL(stores.postgres.adminUrl);
    this.port = Number(this.#admin.port);
    this.authorities = readFileSync(stores.certificateAuthority, "utf8");
  }

  /** Makes the master the owner of an empty database without other roles. */
  async reset(): Promise<void> {
    const { username, password } = this.master;
    const admin = await this.connect(this.#admin.username, this.#admin.password, "postgres");
    try {
      await admin.query(`DROP DATABASE IF EXISTS ${this.name} WITH (FORCE)`);
      const { rows } = await admin.query<{ rolname: string }>(
        "SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_' AND rolname <> current_user",
      );
      for (const { rolname } of rows) {
        await admin.query(`DROP OWNED BY ${rolname}`);
        await admin.query(`DROP ROLE ${rolname}`);
      }
      await admin.query(`CREATE ROLE ${username} LOGIN CREATEROLE CREATEDB PASSWORD '${password}'`);
      await admin.query(`CREATE DATABASE ${this.name} OWNER ${username}`);
    } finally {
      await admin.end();
    }
  }

  async connect(user: string, password: string, database = this.name): Promise<Client> {
    const { host, port, authorities } = this;
    const client = new Client({ host, port, database, user, password, ssl: { ca: authorities } });
    client.on("error", () => undefined);
    try {
      await client.connect();
    } catch (error) {
      await client.end();
      throw error;
    }
    return client;
  }

  /** Runs statements one after the other as a user. @returns the rows of the last one */
  async query(user: { username: string; password: string }, ...statements: string[]): Promise<unknown[]> {
    const client = await this.connect(user.username, user.password);
    try {
      let rows: unknown[] = [];
      for (const statement of statements) rows = (await client.query(statement)).rows;
      return rows;
    } finally {
      await client.end();
    }
  }
}
