import { randomBytes } from "node:crypto";

import { UpdateServiceCommand, type ECSClient } from "@aws-sdk/client-ecs";
import {
  DescribeSecretCommand,
  PutSecretValueCommand,
  UpdateSecretVersionStageCommand,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { z } from "zod";

import { handler, type Handler, type Invocation } from "../handler.ts";
import { OperationError } from "../operation-error.ts";
import { canLogIn, withConnection, type Login } from "./connection.ts";
import { otherLogin, userOf } from "./names.ts";
import { roleExists, setPassword } from "./roles.ts";
import type { RotationSettings } from "./rotation-settings.ts";
import { findSecret, masterSecret, readSecret, userSecret, type UserSecret } from "./secrets.ts";

const rotationEvent = z.object({
  Step: z.enum(["createSecret", "setSecret", "testSecret", "finishSecret"]),
  SecretId: z.string().min(1),
  ClientRequestToken: z.string().min(1),
});

export interface DatabaseRotationParts extends RotationSettings {
  secretsManager: SecretsManagerClient;
  ecs: ECSClient;
  /** PEM text of the certificates to trust. */
  authorities: string;
}

/**
 * Rotates a database user's password in the four steps of Secrets Manager, with alternating logins: the one that is not
 * in use gets a new password and becomes the current one, the one before stays valid until the next rotation. Every step
 * may be repeated.
 */
export function databaseRotation(parts: DatabaseRotationParts): Handler {
  return handler(rotationEvent, async ({ Step: step, SecretId: id, ClientRequestToken: version }, invocation) => {
    const { VersionIdsToStages: stages = {} } = await parts.secretsManager.send(
      new DescribeSecretCommand({ SecretId: id }),
    );
    const isCurrent = stages[version]?.includes("AWSCURRENT") ?? false;
    const rotation = new Rotation(parts, id, version, invocation);
    if (step === "finishSecret") await rotation.finish(isCurrent, stages);
    else if (!isCurrent) await rotation[step]();
    invocation.logger.info({ secretId: id, step }, "A step of the rotation is done.");
    return {};
  });
}

class Rotation {
  readonly #parts: DatabaseRotationParts;
  readonly #id: string;
  readonly #version: string;
  readonly #invocation: Invocation;

  constructor(parts: DatabaseRotationParts, id: string, version: string, invocation: Invocation) {
    this.#parts = parts;
    this.#id = id;
    this.#version = version;
    this.#invocation = invocation;
  }

  /** Writes the next value as AWSPENDING, unless an earlier try has. */
  async createSecret(): Promise<void> {
    const { secretsManager } = this.#parts;
    const { secretTexts } = this.#invocation;
    const pending = { id: this.#id, version: this.#version, stage: "AWSPENDING" as const };
    if ((await findSecret(secretsManager, pending, userSecret, secretTexts)) !== undefined) return;
    const next = nextSecret(await this.#current());
    secretTexts.add(next.password, next.url);
    await secretsManager.send(
      new PutSecretValueCommand({
        SecretId: this.#id,
        ClientRequestToken: this.#version,
        SecretString: JSON.stringify(next),
        VersionStages: ["AWSPENDING"],
      }),
    );
  }

  /** Gives the password of AWSPENDING to its login in the database, unless an earlier try has. */
  async setSecret(): Promise<void> {
    const { secretsManager, masterSecretArn, authorities } = this.#parts;
    const [current, pending] = [await this.#current(), await this.#pending()];
    if (pending.username !== otherLogin(current.username) || pending.host !== current.host) {
      throw new OperationError(
        `The secret ${this.#id} has an AWSPENDING value for ${pending.username}, expected was ` +
          `${otherLogin(current.username)} at the same host; cancel the rotation and start it again.`,
      );
    }
    const login = loginOf(pending);
    if (await canLogIn(login, authorities)) return;
    const { secretTexts } = this.#invocation;
    const master = await readSecret(secretsManager, { id: masterSecretArn }, masterSecret, secretTexts);
    const { username, password } = master;
    await withConnection({ ...login, username, password }, authorities, async (client) => {
      if (!(await roleExists(client, pending.username))) {
        throw new OperationError(
          `PostgreSQL has no role ${pending.username}; run database-setup for the database first.`,
        );
      }
      await setPassword(client, pending.username, pending.password);
    });
  }

  /** Comes into the database with AWSPENDING. */
  async testSecret(): Promise<void> {
    const pending = await this.#pending();
    await withConnection(loginOf(pending), this.#parts.authorities, (client) => client.query("SELECT 1"));
  }

  /** Makes AWSPENDING the current value and deploys the services that hold it, also after a try that ended in between. */
  async finish(isCurrent: boolean, stages: Record<string, string[]>): Promise<void> {
    if (!isCurrent) {
      const before = Object.keys(stages).find((version) => stages[version]?.includes("AWSCURRENT"));
      await this.#parts.secretsManager.send(
        new UpdateSecretVersionStageCommand({
          SecretId: this.#id,
          VersionStage: "AWSCURRENT",
          MoveToVersionId: this.#version,
          RemoveFromVersionId: before,
        }),
      );
    }
    await this.#deploy(userOf((await this.#current()).username));
  }

  async #deploy(user: string): Promise<void> {
    const { ecs, services } = this.#parts;
    const deployed = (services[user] ?? []).map(async ({ cluster, service }) => {
      await ecs
        .send(new UpdateServiceCommand({ cluster, service, forceNewDeployment: true }))
        .catch((error: unknown) => {
          const { name, message } = error as Error;
          throw new OperationError(
            `The service ${service} in ${cluster} could not be deployed with the new password of ${user} (${name}: ${message}); ` +
              `deploy it before the next rotation, until which the old password works.`,
          );
        });
    });
    const failed = (await Promise.allSettled(deployed)).find((result) => result.status === "rejected");
    if (failed) throw failed.reason;
  }

  async #current(): Promise<UserSecret> {
    const { secretsManager } = this.#parts;
    return await readSecret(secretsManager, { id: this.#id }, userSecret, this.#invocation.secretTexts);
  }

  async #pending(): Promise<UserSecret> {
    const reference = { id: this.#id, version: this.#version, stage: "AWSPENDING" as const };
    return await readSecret(this.#parts.secretsManager, reference, userSecret, this.#invocation.secretTexts);
  }
}

/** The value after this one: the other login, a new password of 256 bits, and both of them in the address. */
export function nextSecret(current: UserSecret): UserSecret {
  const username = otherLogin(current.username);
  const password = randomBytes(32).toString("base64url");
  const url = new URL(current.url);
  url.username = username;
  url.password = password;
  return { ...current, username, password, url: url.href };
}

function loginOf({ host, port, dbname: database, username, password }: UserSecret): Login {
  return { host, port: Number(port), database, username, password };
}
