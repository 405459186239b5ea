import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Redis } from "ioredis";

import type { StorePrograms } from "./programs.ts";
import { freePort, handOver, Server, unprivileged } from "./server.ts";

export interface TestRedis {
  server: Server;
  /** The address for the service's user. */
  url: string;
  password: string;
}

/** What the users of a deployment may do: everything with data, nothing that administers. */
const serviceRules = "~* &* +@all -@admin -@dangerous +info";

/**
 * Starts Redis on the loopback address with TLS and a user of its own; every write is kept on disk.
 *
 * @param directory holds tls.crt and tls.key
 * @param name of the server's folder
 */
export async function startRedis(
  programs: StorePrograms,
  directory: string,
  certificateAuthority: string,
  name: string,
): Promise<TestRedis> {
  const data = join(directory, name);
  await mkdir(data);
  await handOver(data);
  const program = join(data, "redis-server");
  await symlink(programs.redis, program);
  const port = await freePort();
  const password = `password-of-${name}-for-the-tests`;
  const settings = [
    "bind 127.0.0.1",
    "port 0",
    `tls-port ${port}`,
    `tls-cert-file ${join(directory, "tls.crt")}`,
    `tls-key-file ${join(directory, "tls.key")}`,
    "tls-auth-clients no",
    `dir ${data}`,
    "appendonly yes",
    'save ""',
    "user default off",
    `user service on >${password} ${serviceRules}`,
  ];
  await writeFile(join(data, "redis.conf"), settings.map((line) => `${line}\n`).join(""), { mode: 0o600 });
  await handOver(join(data, "redis.conf"));
  const url = `rediss://service:${password}@localhost:${port}`;
  const command = unprivileged(program, [join(data, "redis.conf")]);
  const server = new Server(command, () => ping(url, certificateAuthority));
  await server.start();
  return { server, url, password };
}

async function ping(url: string, ca: string): Promise<void> {
  const redis = new Redis(url, { tls: { ca }, lazyConnect: true, retryStrategy: () => null });
  redis.on("error", () => undefined);
  try {
    await redis.connect();
    await redis.ping();
  } finally {
    redis.disconnect();
  }
}
