import * as pulumi from "@pulumi/pulumi";

import { UserError } from "../errors.ts";
import type { HealthCheck } from "../spec/health.ts";
import { CertificateAuthority } from "./certificate-authority.ts";
import { Monitoring } from "./monitoring.ts";
import { SystemNamespace } from "./namespace.ts";
import { Network } from "./network.ts";
import { alertReceiver, endpoints, healthChecks, storeEndpoint } from "./outputs.ts";
import { Postgres } from "./postgres.ts";
import { queuePlan } from "./queue.ts";
import { Redis } from "./redis.ts";
import { SystemSecrets } from "./secrets.ts";
import { SystemService } from "./service.ts";
import type { Target } from "./target.ts";
import { unsupported } from "./unsupported.ts";

type InClusterStore = Postgres | Redis;

/**
 * A system on Kubernetes, in a namespace of its own.
 *
 * @throws UserError with everything that this target cannot do, before any resource is made
 */
export class KubernetesSystem extends pulumi.ComponentResource {
  readonly namespace: string;
  /** Addresses inside the cluster by service. */
  readonly endpoints: Record<string, string>;
  readonly serviceNames: string[];
  /** host:port, empty without a database */
  readonly databaseEndpoint: string;
  /** host:port, empty without a Redis */
  readonly redisEndpoint: string;
  /** Names of the sealed secrets. */
  readonly secretNames: string[];
  readonly healthChecks: HealthCheck[];
  /** Where alerts are seen. */
  readonly alertReceiver: string;

  constructor(name: string, target: Target, opts: pulumi.ComponentResourceOptions) {
    const problems = unsupported(target.system, target.settings);
    if (problems.length > 0) throw new UserError(problems);
    super("agent-commerce:kubernetes:KubernetesSystem", name, {}, opts);

    const namespace = new SystemNamespace(`${name}-namespace`, { target }, { parent: this });
    const network = new Network(`${name}-network`, { target }, { parent: this, dependsOn: [namespace] });
    const secrets = new SystemSecrets(`${name}-secrets`, { target }, { parent: this });
    const stores = this.createStores(name, target, secrets, { parent: this, dependsOn: [network] });
    const services = this.createServices(name, target, secrets, stores, {
      parent: this,
      dependsOn: [network, ...Object.values(stores.byName)],
    });
    new Monitoring(`${name}-monitoring`, { target }, { parent: this, dependsOn: [network] });

    this.namespace = target.settings.namespace;
    this.endpoints = endpoints(target);
    this.serviceNames = Object.keys(target.system.services).sort();
    this.databaseEndpoint = storeEndpoint(target, "postgres");
    this.redisEndpoint = storeEndpoint(target, "redis");
    this.secretNames = [...Object.values(stores.byName), ...services].flatMap(({ secretNames }) => secretNames).sort();
    this.healthChecks = healthChecks(target);
    this.alertReceiver = alertReceiver(target);
    this.registerOutputs({ namespace: this.namespace });
  }

  private createStores(name: string, target: Target, secrets: SystemSecrets, opts: pulumi.ComponentResourceOptions) {
    const byName: Record<string, InClusterStore> = {};
    let authority: CertificateAuthority | undefined;
    for (const [store, specification] of Object.entries(target.system.stores)) {
      if (specification.engine === "objects" || specification.engine === "mongodb") continue;
      authority ??= new CertificateAuthority(`${name}-certificate-authority`, { target }, opts);
      const args = { target, store, secrets, authority };
      const storeName = `${name}-${store}`;
      switch (specification.engine) {
        case "postgres":
          byName[store] = new Postgres(storeName, { ...args, specification }, opts);
          break;
        case "redis":
          byName[store] = new Redis(storeName, { ...args, specification, component: "cache" }, opts);
          break;
        case "queue":
          byName[store] = new Redis(
            storeName,
            { ...args, specification: queuePlan(specification), component: "queue" },
            opts,
          );
          break;
      }
    }
    return { byName, authority };
  }

  private createServices(
    name: string,
    target: Target,
    secrets: SystemSecrets,
    { byName, authority }: { byName: Record<string, InClusterStore>; authority: CertificateAuthority | undefined },
    opts: pulumi.ComponentResourceOptions,
  ): SystemService[] {
    const stores = Object.fromEntries(Object.entries(byName).map(([store, { access }]) => [store, access]));
    return Object.keys(target.system.services).map(
      (service) =>
        new SystemService(
          `${name}-${service}`,
          { target, service, secrets, stores, ...(authority ? { authority } : {}) },
          opts,
        ),
    );
  }
}
