import type { Json, JsonObject } from "../values.ts";
import { ApiError, Client, UnreachableError } from "./client.ts";
import { Discovery } from "./discovery.ts";
import type { Connection } from "./kubeconfig.ts";
import { arrayAt, objectAt } from "./object.ts";
import type { KubeObject, ObjectReference } from "./object.ts";

/** How an object is applied. */
export interface ApplyOptions {
  fieldManager: string;
  /** Take over fields that others manage. @default false */
  force?: boolean;
  /** Let the API server compute the outcome without storing it. @default false */
  dryRun?: boolean;
  signal: AbortSignal;
}

/** The objects of one cluster. */
export class Cluster {
  readonly connection: Connection;
  readonly client: Client;
  readonly discovery: Discovery;

  constructor(connection: Connection) {
    this.connection = connection;
    this.client = new Client(connection);
    this.discovery = new Discovery(this.client);
  }

  /** Why the cluster cannot be reached; undefined when it answers. */
  async unreachable(): Promise<UnreachableError | undefined> {
    try {
      await this.client.json("/version");
      return undefined;
    } catch (error) {
      if (error instanceof UnreachableError) return error;
      if (error instanceof ApiError && error.status === 401) {
        return new UnreachableError(this.connection, "the credentials are not accepted (401)");
      }
      return undefined;
    }
  }

  /** The object as it is now, or undefined when there is none (or its kind is not known). */
  async get(reference: ObjectReference, signal?: AbortSignal): Promise<KubeObject | undefined> {
    const served = await this.discovery.find(reference.apiVersion, reference.kind);
    if (served === undefined) return undefined;
    const path = this.discovery.path(served, reference);
    return await absentAsUndefined(this.client.json<KubeObject>(path, signal === undefined ? {} : { signal }));
  }

  /** Applies an object on the server's side and returns it as it is then. Unknown and repeated fields are errors. */
  async apply(reference: ObjectReference, object: KubeObject, options: ApplyOptions): Promise<KubeObject> {
    const { fieldManager, force = false, dryRun = false, signal } = options;
    const served = await this.discovery.require(reference.apiVersion, reference.kind, signal);
    const body = served.namespaced ? object : { ...object, metadata: withoutNamespace(object.metadata) };
    return await this.client.json<KubeObject>(this.discovery.path(served, reference), {
      method: "PATCH",
      contentType: "application/apply-patch+yaml",
      query: { fieldManager, fieldValidation: "Strict", force: String(force), ...(dryRun ? { dryRun: "All" } : {}) },
      body,
      signal,
    });
  }

  /** Asks for an object's deletion. An object that is gone already is no error. */
  async delete(reference: ObjectReference, propagationPolicy: string, signal: AbortSignal): Promise<void> {
    const served = await this.discovery.find(reference.apiVersion, reference.kind);
    if (served === undefined) return;
    const path = this.discovery.path(served, reference);
    await absentAsUndefined(this.client.json(path, { method: "DELETE", body: { propagationPolicy }, signal }));
  }

  /** The items of a list, such as the pods of a namespace. An empty list when it may not be read. */
  async list(path: string, query: Record<string, string>, signal: AbortSignal): Promise<JsonObject[]> {
    const list = await this.client.json<JsonObject>(path, { query, signal }).catch((error: unknown) => {
      if (error instanceof ApiError) return {};
      throw error;
    });
    return arrayAt(list, "items").map((item: Json) => objectAt(item));
  }
}

async function absentAsUndefined<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

function withoutNamespace({ namespace: _, ...metadata }: JsonObject): JsonObject {
  return metadata;
}
