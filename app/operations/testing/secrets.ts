import { randomUUID } from "node:crypto";

import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { CreateSecretCommand, GetSecretValueCommand, PutSecretValueCommand } from "@aws-sdk/client-secrets-manager";

import type { TestDatabase } from "./database.ts";

export interface TestUserSecret {
  username: string;
  password: string;
  url: string;
}

/** Secrets in the emulator, with the shapes that a deployment gives them. */
export class TestSecrets {
  readonly client: SecretsManagerClient;
  readonly #database: TestDatabase;

  constructor(client: SecretsManagerClient, database: TestDatabase) {
    this.client = client;
    this.#database = database;
  }

  /** Creates a secret with a name that no other has. @returns its ARN */
  async create(value: unknown): Promise<string> {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    const { ARN } = await this.client.send(
      new CreateSecretCommand({ Name: `test/${randomUUID()}`, SecretString: text }),
    );
    return ARN ?? "";
  }

  async createMaster(): Promise<string> {
    return await this.create(this.#database.master);
  }

  async createUser(username: string, password: string): Promise<string> {
    return await this.create(this.userValue(username, password));
  }

  userValue(username: string, password: string): object {
    const { host, port, name } = this.#database;
    const url = `postgres://${username}:${password}@${host}:${port}/${name}?sslmode=verify-full`;
    const masterarn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:master-AAAAAA";
    return { engine: "postgres", host, port: String(port), dbname: name, username, password, url, masterarn };
  }

  async put(id: string, value: unknown): Promise<void> {
    await this.client.send(new PutSecretValueCommand({ SecretId: id, SecretString: JSON.stringify(value) }));
  }

  /** @param stage @default "AWSCURRENT" */
  async read(id: string, stage = "AWSCURRENT"): Promise<TestUserSecret> {
    const { SecretString } = await this.client.send(new GetSecretValueCommand({ SecretId: id, VersionStage: stage }));
    return JSON.parse(SecretString ?? "") as TestUserSecret;
  }
}
