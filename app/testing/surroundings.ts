import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { TestRole } from "../../local/testing/stores/postgres.ts";
import type { TestStores } from "../../local/testing/stores/index.ts";

/** The users of PostgreSQL as a deployment has them. */
export const roles: readonly TestRole[] = [
  { name: "worldstore_server", password: "server-database-password", privileges: "owner" },
  { name: "worldstore_agent", password: "agent-database-password", privileges: "readwrite" },
  { name: "order_queue_worker", password: "worker-database-password", privileges: "readwrite" },
];

const keys = {
  ANTHROPIC_API_KEY: "sk-ant-key-of-the-tests-000000",
  WALLET_KEY: `0x${"ab12".repeat(16)}`,
  ENCRYPTION_KEY: "cd34".repeat(16),
  CROSSMINT_API_KEY: "crossmint-key-of-the-tests",
  SERPAPI_API_KEY: "serpapi-key-of-the-tests",
  FIELD_ENCRYPTION_KEY: "ef56".repeat(16),
};

/** What one process is given, as on Kubernetes: secrets as files, the rest as environment. */
export interface Surroundings {
  environment: Record<string, string>;
  /** The secrets by the names of their variables. */
  secrets: Record<string, string>;
  /** Every text that must never be seen in a log or an answer. */
  secretTexts: string[];
}

/** Prepares the secrets folder and the environment of one process that uses the stores as the given role. */
export async function surroundings(
  stores: TestStores,
  role: string,
  variables: Record<string, string> = {},
): Promise<Surroundings> {
  const directory = await mkdtemp(join(stores.directory, `${role}-`));
  const secrets: Record<string, string> = {
    ...keys,
    DATABASE_URL: stores.postgres.url(role),
    REDIS_URL: stores.redis.url,
    QUEUE_URL: stores.queue.url,
  };
  const secretsFolder = join(directory, "secrets");
  await mkdir(secretsFolder);
  for (const [name, value] of Object.entries(secrets)) await writeFile(join(secretsFolder, name), `${value}\n`);
  const volume = join(directory, "data");
  await mkdir(volume);
  return {
    environment: {
      SECRETS_DIR: secretsFolder,
      NODE_EXTRA_CA_CERTS: stores.certificateAuthority,
      RAILWAY_VOLUME_MOUNT_PATH: volume,
      PORT: "0",
      HOSTNAME: `${role}-0`,
      SHUTDOWN_DELAY_MS: "100",
      LOG_LEVEL: "debug",
      ...variables,
    },
    secrets,
    secretTexts: [
      ...Object.values(secrets),
      ...roles.map(({ password }) => password),
      stores.redis.password,
      stores.queue.password,
    ],
  };
}

/** The same as on ECS: secrets are variables, and the order queue is in SQS, which an emulator stands in for. */
export function onEcs(given: Surroundings, queueUrl: string, endpoint: string): Surroundings {
  const { SECRETS_DIR: _directory, ...environment } = given.environment;
  const variables = {
    QUEUE_URL: queueUrl,
    AWS_ENDPOINT_URL_SQS: endpoint,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  };
  return { ...given, environment: { ...environment, ...given.secrets, ...variables } };
}
