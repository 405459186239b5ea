import { BackupClient } from "@aws-sdk/client-backup";
import { ECSClient } from "@aws-sdk/client-ecs";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

import { databaseCertificateBundle } from "./certificates.ts";
import { readRotationSettings } from "./database/rotation-settings.ts";
import { databaseRotation } from "./database/rotation.ts";
import { databaseSetup } from "./database/setup.ts";
import type { Handler } from "./handler.ts";
import { runTask } from "./run-task.ts";
import { startBackup } from "./start-backup.ts";

/** How long AWS may take, in milliseconds, before a request counts as failed and is tried again. */
const patience = { requestHandler: { connectionTimeout: 5_000, requestTimeout: 30_000, throwOnRequestTimeout: true } };

/** The functions by the names of their commands. */
export const handlers: Readonly<Record<string, (environment: NodeJS.ProcessEnv) => Handler>> = {
  "database-setup": () =>
    databaseSetup({ secretsManager: new SecretsManagerClient(patience), authorities: databaseCertificateBundle() }),
  "database-rotation": (environment) =>
    databaseRotation({
      secretsManager: new SecretsManagerClient(patience),
      ecs: new ECSClient(patience),
      authorities: databaseCertificateBundle(),
      ...readRotationSettings(environment),
    }),
  "run-task": () => runTask({ ecs: new ECSClient(patience) }),
  "start-backup": () => startBackup({ backup: new BackupClient(patience) }),
};
