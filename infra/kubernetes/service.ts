import { Service as KubernetesService } from "@pulumi/kubernetes/core/v1/service.js";
import * as pulumi from "@pulumi/pulumi";

import { type Instance, instancesOf } from "../spec/instances.ts";
import { declared } from "../spec/names.ts";
import type { Service } from "../spec/service.ts";
import type { Duration } from "../spec/units.ts";
import { BlueGreenWorkload } from "./blue-green.ts";
import { imageOf } from "./images.ts";
import { nameSelector, workloadLabels } from "./labels.ts";
import { httpProbe, type PodPlan } from "./pod.ts";
import { containerPorts, servicePorts } from "./ports.ts";
import { limitedSize } from "./quantities.ts";
import { StatefulWorkload } from "./stateful.ts";
import { StatelessWorkload } from "./stateless.ts";
import { podVariables, type PodVariables, type Surroundings } from "./variables.ts";

/** Time for clients to learn that a copy is going before it gets the stop signal. */
const drain: Duration = "5 s";
const usualGrace: Duration = "30 s";

/** What a service of the specification needs. */
export interface SystemServiceArgs extends Surroundings {
  /** The service's name in the specification. */
  service: string;
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
    const { specification } = this;
    const { candidateImages } = target.settings;
    const variables = this.variables({ workload: service, number: 0 });
    const live = this.pod(variables, imageOf(target, specification.image), drain);
    const workload = { target, of: service, specification };
    if (specification.release.strategy !== "blue-green") {
      new StatelessWorkload(this.name, { ...workload, pod: live }, { parent: this });
      return;
    }
    const candidate =
      specification.image in candidateImages
        ? { candidate: this.pod(variables, imageOf(target, specification.image, candidateImages), drain) }
        : {};
    new BlueGreenWorkload(this.name, { ...workload, live, ...candidate }, { parent: this });
  }

  private runSingleWriters() {
    const { target, service } = this.args;
    const { image, component, ports, volumes = {} } = this.specification;
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
          pod: this.pod(this.variables(instance), imageOf(target, image)),
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

  private variables(instance: Instance): PodVariables {
    const { component, variables } = this.specification;
    const owner = { workload: this.args.service, instance, component, variables };
    const made = podVariables(this.childName(instance), this.args, owner, this);
    this.secretNames.push(...made.secretNames);
    return made;
  }

  private pod(
    { env, mounts, volumes, annotations }: PodVariables,
    image: string,
    drain?: Duration,
  ): Omit<PodPlan, "labels" | "serviceAccount"> {
    const { command, ports, resources, probes, terminationGrace = usualGrace } = this.specification;
    const folders = Object.entries(this.specification.volumes ?? {});
    return {
      terminationGrace,
      annotations,
      containers: [
        {
          name: this.args.service,
          image,
          ...(command ? { command } : {}),
          env,
          ports: containerPorts(ports),
          resources,
          mounts: [...folders.map(([name, { mountPath }]) => ({ name, mountPath })), ...mounts],
          startupProbe: httpProbe("startup", probes.startup),
          readinessProbe: httpProbe("readiness", probes.readiness),
          livenessProbe: httpProbe("liveness", probes.liveness),
          ...(drain ? { drain } : {}),
        },
      ],
      volumes,
    };
  }

  /** The component's name, with the number of the instance if there are several. */
  private childName({ workload }: Instance): string {
    return this.name + workload.slice(this.args.service.length);
  }
}
