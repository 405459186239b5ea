import * as pulumi from "@pulumi/pulumi";

import { instancesOf } from "../spec/instances.ts";
import { declared } from "../spec/names.ts";
import { childOptions, type Surroundings } from "./ecs-service.ts";
import { StatelessService } from "./stateless.ts";
import type { Target } from "./target.ts";
import { SingleWriter, type WriterVolume } from "./writer.ts";

export { serviceArn, serviceName } from "./service-names.ts";

/** What a service of the specification needs. */
export interface SystemServiceArgs extends Surroundings {
  target: Target;
  /** The service's name in the specification. */
  service: string;
  /** @default the service has no volumes */
  volume?: WriterVolume;
}

/** A service of the specification: equal copies, or single writers with volumes and secrets of their own. */
export class SystemService extends pulumi.ComponentResource {
  constructor(name: string, args: SystemServiceArgs, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:SystemService", name, {}, opts);
    const { target, service, network, groups, edge, volume } = args;
    const specification = declared(target.system.services, service);
    const child = childOptions(this, opts);
    if (specification.singleWriter) {
      for (const instance of instancesOf(service, specification)) {
        new SingleWriter(
          `${name}${instance.workload.slice(service.length)}-writer`,
          { target, service, instance, network, groups, edge, ...(volume ? { volume } : {}) },
          child,
        );
      }
    } else {
      new StatelessService(`${name}-copies`, { target, service, network, groups, edge }, child);
    }
    this.registerOutputs({});
  }
}
