import * as pulumi from "@pulumi/pulumi";

import { UserError } from "../errors.ts";
import type { HealthCheck } from "../spec/health.ts";
import type { Store } from "../spec/store.ts";
import { Audit } from "./audit.ts";
import { Backups } from "./backup.ts";
import { Clusters } from "./cluster.ts";
import { Dashboards } from "./dashboards.ts";
import { Discovery } from "./discovery.ts";
import { DnsFirewall } from "./dns-firewall.ts";
import { Edge } from "./edge.ts";
import { EventRules } from "./event-rules.ts";
import { Foundation } from "./foundation.ts";
import { operationsCalls } from "./function-names.ts";
import { OperationsFunction } from "./functions.ts";
import { Jobs } from "./jobs.ts";
import { keyPurposes } from "./key-policies.ts";
import { MetricFilters } from "./metric-filters.ts";
import { Monitoring } from "./monitoring.ts";
import { NetworkEndpoints } from "./network-endpoints.ts";
import { NetworkFlowLogs } from "./network-flow-logs.ts";
import { Network } from "./network.ts";
import {
  alertTopics,
  backupBucket,
  clusterNames,
  endpoints,
  healthChecks,
  networkIds,
  secretArns,
  serviceNames,
} from "./outputs.ts";
import { SecurityGroups } from "./security-groups.ts";
import { SystemSecrets } from "./secrets.ts";
import { SystemService } from "./service.ts";
import { Stores, type StoresArgs } from "./stores.ts";
import type { Target } from "./target.ts";
import { unsupported } from "./unsupported.ts";
import { ServiceVolume } from "./volume.ts";

/**
 * A system on AWS: its services on ECS Fargate, its stores as services of AWS.
 *
 * @throws UserError with everything that this target cannot do, before any resource is made
 */
export class AwsSystem extends pulumi.ComponentResource {
  /** Addresses by service: public ones, or those inside the VPC. */
  readonly endpoints: Record<string, string>;
  /** DNS name of the load balancer; empty without public endpoints. */
  readonly loadBalancerDns: pulumi.Output<string>;
  readonly clusterNames: string[];
  readonly serviceNames: string[];
  /** host:port, empty without a database */
  readonly databaseEndpoint: pulumi.Output<string>;
  /** host:port, empty without a Redis */
  readonly redisEndpoint: pulumi.Output<string>;
  /** ARNs without their six random characters. */
  readonly secretArns: string[];
  /** Customer keys by purpose. */
  readonly keyArns: Record<string, pulumi.Output<string>>;
  readonly backupBucket: string;
  /** Addresses by name. */
  readonly dashboardUrls: Record<string, string>;
  /** Topics of alerts, the critical one first. */
  readonly alertTopics: string;
  readonly networkIds: Record<string, pulumi.Output<string>>;
  readonly healthChecks: HealthCheck[];

  constructor(name: string, target: Target, opts: pulumi.ComponentResourceOptions) {
    const problems = unsupported(target.system);
    if (problems.length > 0) throw new UserError(problems);
    super("agent-commerce:aws:AwsSystem", name, {}, opts);

    const { keys, registry, logs, topics } = new Foundation(`${name}-foundation`, { target }, { parent: this });
    const { network, groups, ways } = this.createNetwork(name, target, logs);
    const around = { target, network, groups, keys };
    const secrets = new SystemSecrets(`${name}-secrets`, { target, keys }, { parent: this });
    const stores = new Stores(`${name}-stores`, around, { parent: this, dependsOn: [registry, logs, topics, ...ways] });
    const backups = new Backups(`${name}-backups`, { target, keys }, { parent: this, dependsOn: [topics] });
    const edge = new Edge(
      `${name}-edge`,
      { target, network, groups, accessLogBucket: stores.accessLogs.bucket },
      { parent: this, dependsOn: [stores.accessLogs, logs] },
    );
    const alarms = new Monitoring(
      `${name}-monitoring`,
      { target, topics, ...(edge.arnSuffix === undefined ? {} : { loadBalancer: edge.arnSuffix }) },
      { parent: this },
    );
    new MetricFilters(`${name}-metric-filters`, { target, logs }, { parent: this });
    new EventRules(`${name}-events`, { target, topics }, { parent: this });
    const dashboards = new Dashboards(`${name}-dashboards`, { target }, { parent: this });
    if (target.aws.ownsAccount) {
      const { accessLogs } = stores;
      new Audit(`${name}-audit`, { target, keys, logs, accessLogs }, { parent: this });
    }

    const clusters = new Clusters(`${name}-clusters`, { target }, { parent: this });
    const discovery = new Discovery(`${name}-discovery`, { target }, { parent: this });
    const ready = [...ways, registry, logs, secrets, stores, edge, alarms, clusters, discovery];
    const jobs = this.createJobs(name, around, { parent: this, dependsOn: ready });
    this.createServices(name, around, edge, { parent: this, dependsOn: [...ready, backups, ...jobs.gate] });

    this.endpoints = endpoints(target);
    this.loadBalancerDns = edge.dnsName ?? pulumi.output("");
    this.clusterNames = clusterNames(target);
    this.serviceNames = serviceNames(target);
    this.databaseEndpoint = endpointOf(target, stores, "postgres");
    this.redisEndpoint = endpointOf(target, stores, "redis");
    this.secretArns = secretArns(target);
    this.keyArns = Object.fromEntries(keyPurposes.map((purpose) => [purpose, keys.arn(purpose)]));
    this.backupBucket = backupBucket(target);
    this.dashboardUrls = dashboards.urls;
    this.alertTopics = alertTopics(target);
    this.networkIds = networkIds(network);
    this.healthChecks = healthChecks(target);
    this.registerOutputs({});
  }

  private createNetwork(name: string, target: Target, logs: pulumi.Resource) {
    const network = new Network(`${name}-network`, { target }, { parent: this });
    const groups = new SecurityGroups(`${name}-security-groups`, { target, network }, { parent: this });
    const ways = [
      new NetworkEndpoints(`${name}-endpoints`, { target, network, groups }, { parent: this }),
      new DnsFirewall(`${name}-dns-firewall`, { target, network }, { parent: this }),
    ];
    new NetworkFlowLogs(`${name}-flow-logs`, { target, network }, { parent: this, dependsOn: [logs] });
    return { network, groups, ways: [network, groups, ...ways] };
  }

  private createJobs(name: string, around: StoresArgs, opts: pulumi.ComponentResourceOptions): Jobs {
    const runTask = this.createFunction(name, around, "run-task", opts);
    return new Jobs(`${name}-jobs`, { ...around, ...(runTask ? { runTask } : {}) }, opts);
  }

  private createServices(name: string, around: StoresArgs, edge: Edge, opts: pulumi.ComponentResourceOptions) {
    const backup = this.createFunction(name, around, "start-backup", opts);
    for (const [service, { volumes }] of Object.entries(around.target.system.services)) {
      const serviceName = `${name}-${service}`;
      const files = volumes && new ServiceVolume(`${serviceName}-files`, { ...around, service }, opts);
      new SystemService(
        serviceName,
        { ...around, service, edge, ...(files && backup ? { volume: { files, backup } } : {}) },
        opts,
      );
    }
  }

  /** A function of the whole system; undefined if nothing in the specification needs it. */
  private createFunction(
    name: string,
    around: StoresArgs,
    handler: "run-task" | "start-backup",
    opts: pulumi.ComponentResourceOptions,
  ): OperationsFunction | undefined {
    const isNeeded = operationsCalls(around.target).some((call) => call.handler === handler);
    return isNeeded ? new OperationsFunction(`${name}-${handler}`, { ...around, call: { handler } }, opts) : undefined;
  }
}

function endpointOf({ system }: Target, { endpoints }: Stores, engine: Store["engine"]): pulumi.Output<string> {
  const name = Object.keys(endpoints).find((store) => system.stores[store]?.engine === engine);
  return (name === undefined ? undefined : endpoints[name]) ?? pulumi.output("");
}
