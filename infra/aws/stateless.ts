import * as pulumi from "@pulumi/pulumi";

import { copiesOf } from "../copies.ts";
import { declared } from "../spec/names.ts";
import { childOptions, ecsService, type Surroundings } from "./ecs-service.ts";
import { deploymentPlan } from "./release.ts";
import { Scaling } from "./scaling.ts";
import type { Target } from "./target.ts";
import { taskDefinition } from "./task-definition.ts";

/** What a service with equal copies needs. */
export interface StatelessServiceArgs extends Surroundings {
  target: Target;
  /** The service's name in the specification. */
  service: string;
}

/** Equal copies that share their load, spread over the zones. */
export class StatelessService extends pulumi.ComponentResource {
  constructor(name: string, args: StatelessServiceArgs, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:StatelessService", name, {}, opts);
    const { target, service, network, groups, edge } = args;
    const specification = declared(target.system.services, service);
    const copies = copiesOf(specification, target.settings);
    const scales = copies.maximum > copies.minimum;
    const instance = { workload: service, number: 0 };

    const task = taskDefinition(name, { target, workload: service, instance }, { parent: this });
    const running = ecsService(
      name,
      {
        target,
        service,
        instance,
        network,
        groups,
        edge,
        taskDefinition: task.arn,
        copies: copies.minimum,
        deployment: deploymentPlan(specification.release, copies.minimum),
        ...(specification.interruptible ? { interruptible: true } : {}),
      },
      // The load decides how many run, within the limits.
      { ...childOptions(this, opts), ...(scales ? { ignoreChanges: ["desiredCount"] } : {}) },
    );
    if (scales) new Scaling(`${name}-scaling`, { target, service, copies }, { parent: this, dependsOn: [running] });

    this.registerOutputs({});
  }
}
