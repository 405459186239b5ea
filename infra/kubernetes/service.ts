import { Service as KubernetesService } from "@pulumi/kubernetes/core/v1/service.js";
import * as pulumi from "@pulumi/pulumi";

import { splitEnvironment, type SecretVariable } from "../spec/environment.ts";
import type { Service } from "../spec/service.ts";
import type { Duration } from "../spec/units.ts";
import { declared } from "../spec/names.ts";
import { type Instance, instancesOf } from "../spec/instances.ts";
import { plainValue } from "./addresses.ts";
import { authorityFolder, type CertificateAuthority } from "./certificate-authority.ts";
import { nameSelector, workloadLabels } from "./labels.ts";
import { httpProbe, type PodPlan } from "./pod.ts";
import { containerPorts, servicePorts } from "./ports.ts";
import { limitedSize } from "./quantities.ts";
import { replicasOf } from "./release.ts";
import { SealedSecret } from "./sealed-secret.ts";
import type { SystemSecrets } from "./secrets.ts";
import { StatefulWorkload } from "./stateful.ts";
import { StatelessWorkload } from "./stateless.ts";
import type { StoreAccess } from "./store-access.ts";
import type { Target } from "./target.ts";
import { omittedStores } from "./unsupported.ts";
import { configVolume, secretVolume } from "./volume.ts";

/** Where a service finds its secrets: one file for each variable, named like it. */
const secretsFolder = "/run/secrets/app";

/** Time for clients to learn that a copy is going before it gets the stop signal. */
const drain: Duration = "5 s";
const usualGrace: Duration = "30 s";

/** What a service of the specification needs. */
export interface SystemServiceArgs {
  target: Target;
  /** The service's name in the specification. */
  service: string;
  secrets: SystemSecrets;
  /** Users of the stores in the cluster, by store. */
  stores: Record<string, StoreAccess>;
  /** @default no store in the cluster has a certificate */
  authority?: CertificateAuthority;
}

/** A service of the specification: equal copies, or single writers with volumes and secrets of their own. */
export class SystemService extends pulumi.ComponentResource {
  /** Names of the sealed secrets. */
  readonly secretNames: string[] = [];
  private readonly name: string;
  private readonly args: SystemServiceArgs;
  private readonly specification: Service;

  constructor(name: string, args: SystemServiceArgs, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:kubernetes:SystemService", name, {}, opts);
    this.name = name;
    this.args = args;
    this.specification = declared(args.target.system.services, args.service);

    if (this.specification.singleWriter) this.runSingleWriters();
    else this.runCopies();

    this.registerOutputs({});
  }

  private runCopies() {
    const { target, service } = this.args;
    const { component, ports, release, metrics } = this.specification;
    new StatelessWorkload(
      this.name,
      {
        target,
        of: service,
        component,
        replicas: replicasOf(this.specification, target.settings),
        release,
        ports,
        pod: this.pod({ workload: service, number: 0 }, drain),
        discoverable: metrics !== undefined,
      },
      { parent: this },
    );
  }

  private runSingleWriters() {
    const { target, service } = this.args;
    const { component, ports, volumes = {} } = this.specification;
    const { storageClass, profile } = target.settings;
    const instances = instancesOf(service, this.specification);
    for (const instance of instances) {
      new StatefulWorkload(
        this.childName(instance),
        {
          target,
          of: service,
          workload: instance.workload,
          component,
          ports,
          pod: this.pod(instance),
          claims: Object.entries(volumes).map(([name, { size }]) => ({
            name,
            size: limitedSize(size, profile.storageLimit),
            ...(storageClass === undefined ? {} : { storageClass }),
          })),
        },
        { parent: this },
      );
    }
    if (instances.length > 1) this.shareAddress();
  }

  /** One address for all instances, beside each one's own. */
  private shareAddress() {
    const { target, service } = this.args;
    const { component, ports } = this.specification;
    new KubernetesService(
      `${this.name}-service`,
      {
        metadata: {
          name: service,
          namespace: target.settings.namespace,
          labels: workloadLabels(target, service, component),
        },
        spec: { type: "ClusterIP", clusterIP: "None", selector: nameSelector(service), ports: servicePorts(ports) },
      },
      { parent: this },
    );
  }

  private pod(instance: Instance, drain?: Duration): Omit<PodPlan, "labels" | "serviceAccount"> {
    const { target, service, authority } = this.args;
    const { image, command, ports, variables, resources, probes, volumes = {}, terminationGrace } = this.specification;
    const environment = splitEnvironment(variables, omittedStores(target));
    const plain = Object.entries(environment.plain).map(
      ([name, value]) => [name, plainValue(target, service, value)] as const,
    );
    const sealed = this.seal(instance, environment.secret);
    return {
      terminationGrace: terminationGrace ?? usualGrace,
      annotations: {
        ...(authority ? { "checksum/authority": authority.checksum } : {}),
        ...(sealed ? { "checksum/secrets": sealed.checksum } : {}),
      },
      containers: [
        {
          name: service,
          image: declared(target.settings.images, image),
          ...(command ? { command } : {}),
          env: { ...Object.fromEntries(plain), ...(sealed ? { SECRETS_DIR: secretsFolder } : {}) },
          ports: containerPorts(ports),
          resources,
          mounts: [
            ...Object.entries(volumes).map(([name, { mountPath }]) => ({ name, mountPath })),
            ...(authority ? [{ name: "authority", mountPath: authorityFolder, readOnly: true }] : []),
            ...(sealed ? [{ name: "secrets", mountPath: secretsFolder, readOnly: true }] : []),
          ],
          startupProbe: httpProbe("startup", probes.startup),
          readinessProbe: httpProbe("readiness", probes.readiness),
          livenessProbe: httpProbe("liveness", probes.liveness),
          ...(drain ? { drain } : {}),
        },
      ],
      volumes: [
        ...(authority ? [configVolume("authority", authority.configMapName)] : []),
        ...(sealed ? [secretVolume("secrets", sealed.secretName)] : []),
      ],
    };
  }

  private seal(instance: Instance, variables: Record<string, SecretVariable>): SealedSecret | undefined {
    if (Object.keys(variables).length === 0) return undefined;
    const { target, service, secrets } = this.args;
    const values = Object.entries(variables).map(
      ([name, variable]) => [name, this.secretValue(variable, instance)] as const,
    );
    const sealed = new SealedSecret(
      `${this.childName(instance)}-secrets`,
      {
        target,
        secretName: `${instance.workload}-secrets`,
        labels: workloadLabels(target, service, this.specification.component, instance.workload),
        annotations: rotationAnnotations(target, variables),
        values: Object.fromEntries(values),
        seed: secrets.sealingSeed,
      },
      { parent: this },
    );
    this.secretNames.push(sealed.secretName);
    return sealed;
  }

  private secretValue(variable: SecretVariable, instance: Instance): pulumi.Output<string> {
    const { service, secrets, stores } = this.args;
    if ("secret" in variable) return secrets.value(variable.secret, instance.number);
    return declared(stores, variable.store)[variable.value](service);
  }

  /** The component's name, with the number of the instance if there are several. */
  private childName({ workload }: Instance): string {
    return this.name + workload.slice(this.args.service.length);
  }
}

/** How often each secret should be exchanged, for people and policies to see. */
function rotationAnnotations({ system }: Target, variables: Record<string, SecretVariable>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, variable]) => {
      const rotation = "secret" in variable ? system.secrets[variable.secret]?.rotation : undefined;
      return rotation === undefined ? [] : [[`rotation.agent-commerce/${name}`, rotation]];
    }),
  );
}
