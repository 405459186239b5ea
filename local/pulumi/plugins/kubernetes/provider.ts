import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import type { CheckResult, Context, PluginImplementation } from "../plugin.ts";
import { isObject, reveal } from "../values.ts";
import type { Properties, Value } from "../values.ts";
import { check } from "./check.ts";
import { Cluster } from "./cluster.ts";
import { create, previewCreate } from "./create.ts";
import { diff, compare } from "./diff.ts";
import { readKubeconfig } from "./kubeconfig.ts";
import type { Connection, KubeconfigSource } from "./kubeconfig.ts";
import { read } from "./read.ts";
import { remove } from "./remove.ts";
import { plannedState } from "./state.ts";
import { fieldManagerOf } from "./token.ts";
import { update } from "./update.ts";

const supportedSettings = [
  "kubeconfig",
  "context",
  "namespace",
  "enableServerSideApply",
  "enableConfigMapMutable",
  "enableSecretMutable",
  "suppressDeprecationWarnings",
  "version",
  "pluginDownloadURL",
];

/** The version of the SDK whose programs this plugin serves. */
function sdkVersion(): string {
  const manifest = readFileSync(fileURLToPath(import.meta.resolve("@pulumi/kubernetes/package.json")), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

/** The local kubernetes plugin: objects of any kind by server-side apply. */
export class KubernetesPlugin implements PluginImplementation {
  readonly name = "kubernetes";
  readonly version = sdkVersion();
  private connection: Connection | Error = new Error("The kubernetes plugin was not configured.");
  private connected: Cluster | undefined;
  private mutability = { configMaps: false, secrets: false };
  private warned = false;

  checkConfig(inputs: Properties): Promise<CheckResult> {
    const failures = Object.keys(inputs)
      .filter((key) => !supportedSettings.includes(key) && inputs[key] !== null)
      .map((key) => ({
        property: key,
        reason: "is not supported by the local kubernetes plugin; use the official one.",
      }));
    if (isFalse(inputs["enableServerSideApply"])) {
      failures.push({
        property: "enableServerSideApply",
        reason: "cannot be false: the local kubernetes plugin always applies on the server.",
      });
    }
    return Promise.resolve({ inputs, failures });
  }

  diffConfig(olds: Properties, news: Properties) {
    const changes = compare(reveal(olds), reveal(news)).filter(({ path }) => path[0] !== "version");
    const [from, to] = [serverOf(olds), serverOf(news)];
    const moved = from !== undefined && to !== undefined && from !== to;
    const selects = (key: unknown) => key === "kubeconfig" || key === "context";
    return Promise.resolve({
      changes: changes.map((change) => ({ ...change, replace: moved && selects(change.path[0]) })),
    });
  }

  configure(config: Properties): Promise<void> {
    this.mutability = {
      configMaps: isTrue(config["enableConfigMapMutable"]),
      secrets: isTrue(config["enableSecretMutable"]),
    };
    try {
      this.connection = readKubeconfig(sourceOf(config));
      this.connected = new Cluster(this.connection);
    } catch (error) {
      // A preview needs no cluster; what needs one says why there is none.
      this.connection = error as Error;
    }
    return Promise.resolve();
  }

  check(request: Parameters<PluginImplementation["check"]>[0]) {
    const namespace = this.connection instanceof Error ? "default" : this.connection.namespace;
    const discovery = this.connected?.discovery ?? { isNamespaced: () => Promise.resolve(true) };
    return check(request, { namespace, discovery });
  }

  diff(request: Parameters<PluginImplementation["diff"]>[0]) {
    return Promise.resolve(diff(request, this.mutability));
  }

  async create(request: Parameters<PluginImplementation["create"]>[0], context: Context) {
    if (!request.preview) return await create(request, this.cluster(), context);
    const unreachable = this.connection instanceof Error ? this.connection : await this.cluster().unreachable();
    if (unreachable === undefined) return { id: "", outputs: await previewCreate(request, this.cluster(), context) };
    if (!this.warned) context.log("warning", `${unreachable.message} The plan is made without it.`);
    this.warned = true;
    const kept = { apiVersion: String(request.inputs["apiVersion"]), fieldManager: fieldManagerOf(request.urn) };
    return { id: "", outputs: plannedState(request.inputs, kept) };
  }

  async read(request: Parameters<PluginImplementation["read"]>[0], context: Context) {
    return await read(request, this.cluster(), context);
  }

  async update(request: Parameters<PluginImplementation["update"]>[0], context: Context) {
    return await update(request, this.cluster(), context);
  }

  async delete(request: Parameters<PluginImplementation["delete"]>[0], context: Context) {
    await remove(request, this.cluster(), context);
  }

  private cluster(): Cluster {
    if (this.connected !== undefined) return this.connected;
    throw this.connection as Error;
  }
}

function sourceOf(config: Properties): KubeconfigSource {
  const plain = reveal(config) as Properties;
  const text = (value: Value | undefined) => (isObject(value ?? null) ? JSON.stringify(value) : value);
  const entries = (["kubeconfig", "context", "namespace"] as const)
    .map((key) => [key, text(plain[key])] as const)
    .filter(([, value]) => typeof value === "string" && value !== "");
  return Object.fromEntries(entries);
}

/** The API server a configuration leads to, if that can be told. */
function serverOf(config: Properties): string | undefined {
  try {
    return readKubeconfig(sourceOf(config)).server;
  } catch {
    return undefined;
  }
}

function isTrue(value: Value | undefined): boolean {
  return [true, "true"].includes(reveal(value ?? null) as string | boolean);
}

function isFalse(value: Value | undefined): boolean {
  return [false, "false"].includes(reveal(value ?? null) as string | boolean);
}
