import { existsSync, readdirSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { UserError } from "../../../infra/errors.ts";
import { ensureDebianPackages } from "../../packages.ts";

/** The server programs that tests start. */
export interface StorePrograms {
  initdb: string;
  postgres: string;
  /** Started under the name redis-server, since Debian's tools hold the server under another name. */
  redis: string;
}

/**
 * Finds PostgreSQL and Redis, and installs Debian's packages when they are missing. Nothing of them is left running.
 *
 * @throws UserError when they are missing and cannot be installed here
 */
export async function storePrograms(): Promise<StorePrograms> {
  const found = find();
  if (found) return found;
  await withoutDefaultCluster(() => ensureDebianPackages(["postgresql", "redis-tools"], "the tests with real stores"));
  const installed = find();
  if (installed) return installed;
  throw new UserError({
    where: "postgresql redis-tools",
    message: "are installed, yet their programs are not where Debian puts them; install PostgreSQL and Redis by hand.",
  });
}

function find(): StorePrograms | undefined {
  const versions = "/usr/lib/postgresql";
  const newest = existsSync(versions)
    ? readdirSync(versions)
        .filter((version) => existsSync(join(versions, version, "bin/initdb")))
        .sort((a, b) => Number(b) - Number(a))[0]
    : undefined;
  const redis = ["/usr/bin/redis-server", "/usr/bin/redis-check-rdb"].find((file) => existsSync(file));
  if (newest === undefined || redis === undefined) return undefined;
  const folder = join(versions, newest, "bin");
  return { initdb: join(folder, "initdb"), postgres: join(folder, "postgres"), redis };
}

/** Debian's package would create and start a server of its own; while this file exists it does not. */
async function withoutDefaultCluster(install: () => Promise<void>): Promise<void> {
  const folder = "/etc/postgresql-common/createcluster.d";
  const file = join(folder, "agent-commerce-tests.conf");
  const root = process.getuid?.() === 0;
  if (root) {
    await mkdir(folder, { recursive: true });
    await writeFile(file, "create_main_cluster = false\n");
  }
  try {
    await install();
  } finally {
    if (root) await rm(file, { force: true });
  }
}
