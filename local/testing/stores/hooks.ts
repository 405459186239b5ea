import { after, before } from "mocha";

import { UserError } from "../../../infra/errors.ts";
import { startStores, type TestStores } from "./index.ts";
import type { TestRole } from "./postgres.ts";

/**
 * Gives the tests of a group real stores, from before the first to after the last. Where none can be had the group is
 * skipped and the reason is printed.
 *
 * @returns the stores, once the tests run
 */
export function useStores(roles: readonly TestRole[]): () => TestStores {
  let stores: TestStores | undefined;
  before("start PostgreSQL and Redis", async function () {
    this.timeout(300_000);
    try {
      stores = await startStores(roles);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      console.log(`      skipped: ${error.message}`);
      this.skip();
    }
  });
  after("stop PostgreSQL and Redis", async () => {
    await stores?.stop();
  });
  return () => {
    if (stores === undefined) throw new Error("The stores are there only while tests run.");
    return stores;
  };
}
