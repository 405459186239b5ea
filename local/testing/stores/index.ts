import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { certificateAuthority, serverCertificate } from "../../../infra/kubernetes/certificates.ts";
import { startPostgres, type TestPostgres, type TestRole } from "./postgres.ts";
import { storePrograms } from "./programs.ts";
import { startRedis, type TestRedis } from "./redis.ts";
import { handOver } from "./server.ts";

/** Real stores for one test file, with TLS and passwords, on the loopback address. */
export interface TestStores {
  /** For files of the tests; removed with the stores. */
  directory: string;
  /** Path of the certificate that clients must trust. */
  certificateAuthority: string;
  postgres: TestPostgres;
  redis: TestRedis;
  queue: TestRedis;
  /** Ends the servers and removes their data. */
  stop: () => Promise<void>;
}

/**
 * Starts PostgreSQL with the given roles, a Redis and a second Redis for the order queue.
 *
 * @throws UserError when the programs are missing and cannot be installed here
 */
export async function startStores(roles: readonly TestRole[]): Promise<TestStores> {
  const programs = await storePrograms();
  const directory = await mkdtemp(join(tmpdir(), "agent-commerce-stores-"));
  const servers: { stop: () => Promise<void> }[] = [];
  const stop = async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await chmod(directory, 0o755);
    const authority = await writeCertificates(directory);
    const postgres = await startPostgres(programs, directory, authority, roles);
    servers.push(postgres.server);
    const redis = await startRedis(programs, directory, authority, "redis");
    servers.push(redis.server);
    const queue = await startRedis(programs, directory, authority, "queue");
    servers.push(queue.server);
    return { directory, certificateAuthority: join(directory, "ca.crt"), postgres, redis, queue, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function writeCertificates(directory: string): Promise<string> {
  const seed = randomBytes(32).toString("hex");
  const authority = await certificateAuthority(seed, "tests");
  const server = await serverCertificate(seed, "tests", ["localhost"]);
  await writeFile(join(directory, "ca.crt"), authority.certificate);
  for (const [name, text] of Object.entries({ "tls.crt": server.certificate, "tls.key": server.key })) {
    await writeFile(join(directory, name), text, { mode: 0o600 });
    await handOver(join(directory, name));
  }
  return authority.certificate;
}
