import * as pulumi from "@pulumi/pulumi";

import { UserError } from "../errors.ts";
import type { HealthCheck } from "../spec/health.ts";
import { withoutFeatures } from "../spec/omit.ts";
import { Edge } from "./edge.ts";
import { SystemJob } from "./job.ts";
import type { ManagedStores } from "./managed-stores.ts";
import { Monitoring } from "./monitoring.ts";
import { SystemNamespace } from "./namespace.ts";
import { Network } from "./network.ts";
import { alertReceiver, endpoints, healthChecks } from "./outputs.ts";
import { SystemSecrets } from "./secrets.ts";
import { SystemService } from "./service.ts";
import { Stores } from "./stores.ts";
import type { Target } from "./target.ts";
import { unsupported } from "./unsupported.ts";
import type { Surroundings } from "./variables.ts";

/**
 * A system on Kubernetes, in a namespace of its own. Its stores are in the cluster, or on AWS beside it: then the options
 * need a provider for AWS as well.
 *
 * @throws UserError with everything that this target cannot do, before any resource is made
 */
export class KubernetesSystem extends pulumi.ComponentResource {
  readonly namespace: string;
  /** Addresses by service. */
  readonly endpoints: Record<string, string>;
  readonly serviceNames: string[];
  /** host:port, empty without a database */
  readonly databaseEndpoint: string | pulumi.Output<string>;
  /** host:port, empty without a Redis */
  readonly redisEndpoint: string | pulumi.Output<string>;
  /** Names of the sealed secrets. */
  readonly secretNames: string[];
  readonly healthChecks: HealthCheck[];
  /** Where alerts are seen. */
  readonly alertReceiver: string;
  /** What is on AWS beside the cluster. Undefined: nothing. */
  readonly managed: Pick<ManagedStores, "keyArns" | "networkIds" | "backupBucket"> | undefined;

  constructor(name: string, whole: Target, opts: pulumi.ComponentResourceOptions) {
    const { settings } = whole;
    const problems = unsupported(whole.system, settings);
    if (problems.length > 0) throw new UserError(problems);
    super("agent-commerce:kubernetes:KubernetesSystem", name, {}, opts);
    const system = withoutFeatures(whole.system, settings.omissions);
    const target: Target = { system, settings };

    const namespace = new SystemNamespace(`${name}-namespace`, { target }, { parent: this });
    const network = new Network(`${name}-network`, { target }, { parent: this, dependsOn: [namespace] });
    const secrets = new SystemSecrets(`${name}-secrets`, { target }, { parent: this });
    const stores = new Stores(name, { target, secrets }, { parent: this, dependsOn: [network] });
    const { authority } = stores;
    const surroundings: Surroundings = { target, secrets, stores: stores.access, ...(authority ? { authority } : {}) };
    const ready = [network, ...stores.components];
    const jobs = createJobs(name, surroundings, { parent: this, dependsOn: ready });
    const gates = jobs.filter(({ gate }) => gate);
    const services = Object.keys(system.services).map((service) => {
      const args = { ...surroundings, service };
      return new SystemService(`${name}-${service}`, args, { parent: this, dependsOn: [...ready, ...gates] });
    });
    if (Object.keys(system.publicEndpoints).length > 0) {
      new Edge(`${name}-edge`, { target }, { parent: this, dependsOn: services });
    }
    new Monitoring(`${name}-monitoring`, { target }, { parent: this, dependsOn: [network] });

    this.namespace = settings.namespace;
    this.endpoints = endpoints(target);
    this.serviceNames = Object.keys(system.services).sort();
    this.databaseEndpoint = stores.endpoint("postgres");
    this.redisEndpoint = stores.endpoint("redis");
    this.secretNames = [stores, ...jobs, ...services].flatMap(({ secretNames }) => secretNames).sort();
    this.healthChecks = healthChecks(target);
    this.alertReceiver = [alertReceiver(target), ...(stores.managed ? [stores.managed.alertTopics] : [])].join(", ");
    this.managed = stores.managed;
    this.registerOutputs({ namespace: this.namespace });
  }
}

function createJobs(name: string, surroundings: Surroundings, opts: pulumi.ComponentResourceOptions): SystemJob[] {
  return Object.keys(surroundings.target.system.jobs).map(
    (job) => new SystemJob(`${name}-${job}`, { ...surroundings, job }, opts),
  );
}
