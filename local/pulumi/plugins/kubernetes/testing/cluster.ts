import { randomBytes } from "node:crypto";

import { startCluster } from "../../../../cluster/index.ts";
import { DrivenResource } from "../../testing/resource.ts";
import { PluginDriver } from "../../testing/driver.ts";
import type { JsonObject, Properties } from "../../values.ts";
import { Cluster } from "../cluster.ts";
import { readKubeconfig } from "../kubeconfig.ts";
import type { KubeObject } from "../object.ts";

const main = `${import.meta.dirname}/../main.ts`;
const signal = new AbortController().signal;

/** A namespace of the local cluster, and a plugin that works in it. */
export class TestNamespace {
  readonly name: string;
  readonly kubeconfig: string;
  readonly driver: PluginDriver;
  readonly cluster: Cluster;

  private constructor(name: string, kubeconfig: string, driver: PluginDriver, cluster: Cluster) {
    this.name = name;
    this.kubeconfig = kubeconfig;
    this.driver = driver;
    this.cluster = cluster;
  }

  /** Makes the namespace and starts the plugin; the cluster is started when it is not running. */
  static async make(settings: Properties = {}): Promise<TestNamespace> {
    const { kubeconfig } = await startCluster();
    const name = `plugin-${randomBytes(4).toString("hex")}`;
    const cluster = new Cluster(readKubeconfig({ kubeconfig }));
    await applyAs("test", cluster, { apiVersion: "v1", kind: "Namespace", metadata: { name } });
    const driver = await PluginDriver.start(main, { kubeconfig, namespace: name, ...settings });
    return new TestNamespace(name, kubeconfig, driver, cluster);
  }

  /** Another plugin process in the same namespace. */
  async another(settings: Properties = {}): Promise<PluginDriver> {
    return await PluginDriver.start(main, { kubeconfig: this.kubeconfig, namespace: this.name, ...settings });
  }

  async remove(): Promise<void> {
    await this.driver.stop();
    await this.cluster.delete({ apiVersion: "v1", kind: "Namespace", name: this.name }, "Background", signal);
  }

  resource(type: string, name: string, driver = this.driver): DrivenResource {
    return new DrivenResource(driver, `kubernetes:${type}`, name);
  }

  async get(apiVersion: string, kind: string, name: string): Promise<KubeObject | undefined> {
    return await this.cluster.get({ apiVersion, kind, name, namespace: this.name });
  }

  /** Changes an object as somebody else would. */
  async applyAs(manager: string, object: JsonObject): Promise<KubeObject> {
    const metadata = { namespace: this.name, ...(object["metadata"] as JsonObject) };
    return await applyAs(manager, this.cluster, { ...object, metadata } as unknown as KubeObject);
  }
}

async function applyAs(manager: string, cluster: Cluster, object: KubeObject): Promise<KubeObject> {
  const { apiVersion, kind, metadata } = object;
  const namespace = metadata["namespace"] as string | undefined;
  const reference = {
    apiVersion,
    kind,
    name: String(metadata["name"]),
    ...(namespace === undefined ? {} : { namespace }),
  };
  return await cluster.apply(reference, object, { fieldManager: manager, force: true, signal });
}
