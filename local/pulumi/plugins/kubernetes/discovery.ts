import { setTimeout as sleep } from "node:timers/promises";

import type { JsonObject } from "../values.ts";
import { ApiError } from "./client.ts";
import type { Client } from "./client.ts";
import { arrayAt, groupOf, objectAt } from "./object.ts";
import type { ObjectReference } from "./object.ts";

/** How the API server serves a kind. */
export interface ServedKind {
  plural: string;
  namespaced: boolean;
}

const appearsWithin = 30_000;

/** The groups every cluster has; their cluster-scoped kinds are known without asking. */
const builtInGroups: ReadonlySet<string> = new Set(
  (
    " apps batch autoscaling policy networking.k8s.io rbac.authorization.k8s.io storage.k8s.io apiextensions.k8s.io " +
    "admissionregistration.k8s.io scheduling.k8s.io coordination.k8s.io discovery.k8s.io node.k8s.io " +
    "apiregistration.k8s.io certificates.k8s.io events.k8s.io flowcontrol.apiserver.k8s.io"
  ).split(" "),
);
const clusterScoped: ReadonlySet<string> = new Set([
  "APIService",
  "CSIDriver",
  "CSINode",
  "CertificateSigningRequest",
  "ClusterRole",
  "ClusterRoleBinding",
  "ClusterTrustBundle",
  "CustomResourceDefinition",
  "FlowSchema",
  "IPAddress",
  "IngressClass",
  "MutatingAdmissionPolicy",
  "MutatingAdmissionPolicyBinding",
  "MutatingWebhookConfiguration",
  "Namespace",
  "Node",
  "PersistentVolume",
  "PriorityClass",
  "PriorityLevelConfiguration",
  "RuntimeClass",
  "ServiceCIDR",
  "StorageClass",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
  "ValidatingWebhookConfiguration",
  "VolumeAttachment",
  "VolumeAttributesClass",
]);

/** Knows which kinds the API server serves, and where. */
export class Discovery {
  private readonly client: Client;
  private readonly groups = new Map<string, Promise<Map<string, ServedKind>>>();

  constructor(client: Client) {
    this.client = client;
  }

  /** The kind as it is served, or undefined when the server does not know it (yet). */
  async find(apiVersion: string, kind: string): Promise<ServedKind | undefined> {
    const cached = await this.groups.get(apiVersion);
    if (cached?.has(kind)) return cached.get(kind);
    const loading = this.load(apiVersion);
    this.groups.set(apiVersion, loading);
    loading.catch(() => this.groups.delete(apiVersion));
    return (await loading).get(kind);
  }

  /**
   * The kind as it is served; a kind whose definition was made a moment ago is waited for.
   *
   * @throws Error when the server does not come to know it
   */
  async require(apiVersion: string, kind: string, signal: AbortSignal): Promise<ServedKind> {
    const deadline = Date.now() + (builtInGroups.has(groupOf(apiVersion)) ? 0 : appearsWithin);
    for (;;) {
      const found = await this.find(apiVersion, kind);
      if (found) return found;
      if (Date.now() > deadline) break;
      await sleep(500, undefined, { signal });
    }
    throw new Error(
      `The API server does not know the kind ${kind} of ${apiVersion}; create its CustomResourceDefinition first ` +
        "(with `dependsOn`), or correct the apiVersion.",
    );
  }

  /** Whether objects of the kind live in a namespace. A kind that is not known yet is taken to. */
  async isNamespaced(apiVersion: string, kind: string): Promise<boolean> {
    if (builtInGroups.has(groupOf(apiVersion))) return !clusterScoped.has(kind);
    const served = await this.find(apiVersion, kind).catch(() => undefined);
    return served?.namespaced ?? true;
  }

  /** The path of an object, or of all objects of its kind in its namespace. */
  path(served: ServedKind, { apiVersion, namespace, name }: ObjectReference): string {
    const place = served.namespaced ? `/namespaces/${encodeURIComponent(namespace ?? "default")}` : "";
    return `${root(apiVersion)}${place}/${served.plural}/${encodeURIComponent(name)}`;
  }

  private async load(apiVersion: string): Promise<Map<string, ServedKind>> {
    const kinds = new Map<string, ServedKind>();
    try {
      const list = await this.client.json<JsonObject>(root(apiVersion));
      for (const item of arrayAt(list, "resources")) {
        const { name, kind, namespaced } = objectAt(item);
        if (!String(name).includes("/"))
          kinds.set(String(kind), { plural: String(name), namespaced: namespaced === true });
      }
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) throw error;
    }
    return kinds;
  }
}

function root(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}
