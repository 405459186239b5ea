import type { Migration } from "../common/migrations.ts";

/** The shape of the payment server's part of the database. */
export const migrations: readonly Migration[] = [
  {
    version: 1,
    name: "orders inbox",
    sql: `CREATE TABLE orders_inbox (
            id text PRIMARY KEY,
            correlation_id text NOT NULL,
            payload jsonb NOT NULL,
            received_at timestamptz NOT NULL DEFAULT now()
          )`,
  },
];
