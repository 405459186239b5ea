import * as pulumi from "@pulumi/pulumi";

import type { Service } from "../spec/service.ts";
import { makeCopies } from "./copies.ts";
import { workloadLabels, workloadSelector } from "./labels.ts";
import type { PodPlan } from "./pod.ts";
import { workloadAccount } from "./rbac.ts";
import { makeServiceAddress } from "./service-address.ts";
import type { Target } from "./target.ts";

/** What a workload of equal copies needs. */
export interface StatelessWorkloadArgs {
  target: Target;
  /** The service it runs. */
  of: string;
  specification: Service;
  pod: Omit<PodPlan, "labels" | "serviceAccount" | "spread">;
}

/** Equal copies behind one address, replaced and moved without a gap. */
export class StatelessWorkload extends pulumi.ComponentResource {
  constructor(name: string, args: StatelessWorkloadArgs, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:kubernetes:StatelessWorkload", name, {}, opts);
    const { target, of, specification, pod } = args;
    const { namespace } = target.settings;
    const { component, ports, metrics } = specification;
    const labels = workloadLabels(target, of, component);

    const account = workloadAccount(name, { workload: of, namespace, labels }, { parent: this });
    makeServiceAddress(
      name,
      { address: of, namespace, labels, selector: workloadSelector(of), ports, discoverable: metrics !== undefined },
      { parent: this },
    );
    makeCopies(name, { target, of, specification, pod }, { parent: this, dependsOn: [account] });

    this.registerOutputs({});
  }
}
