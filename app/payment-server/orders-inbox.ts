import { DatabaseError, type Pool } from "pg";

import type { OrderMessage } from "./order-message.ts";

/** An order that can never be stored, however often it is tried. */
export class UnacceptableOrder extends Error {}

/**
 * Stores a received order durably and once: the same order again changes nothing.
 *
 * @throws UnacceptableOrder when its id already belongs to another order or PostgreSQL refuses its content
 */
export async function storeOrder(pool: Pool, { id, correlationId, payload }: OrderMessage): Promise<void> {
  const statement = `
    INSERT INTO orders_inbox (id, correlation_id, payload) VALUES ($1, $2, $3::jsonb)
    ON CONFLICT (id) DO UPDATE SET id = orders_inbox.id
    RETURNING payload = $3::jsonb AS same`;
  try {
    const { rows } = await pool.query<{ same: boolean }>(statement, [id, correlationId, JSON.stringify(payload)]);
    if (!rows[0]?.same) throw new UnacceptableOrder("id already belongs to an order with another payload");
  } catch (error) {
    if (isRefusal(error)) throw new UnacceptableOrder(`PostgreSQL refuses the order (${error.code})`, { cause: error });
    throw error;
  }
}

/** Class 22 is "data exception", class 23 "integrity constraint violation": the order's own fault. */
function isRefusal(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && /^2[23]/.test(error.code ?? "");
}
