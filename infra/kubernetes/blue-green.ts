import * as pulumi from "@pulumi/pulumi";

import { colours, type Colour } from "../settings.ts";
import type { Service } from "../spec/service.ts";
import { makeCopies } from "./copies.ts";
import { workloadLabels, workloadSelector } from "./labels.ts";
import { colourName, previewOf } from "./names.ts";
import type { PodPlan } from "./pod.ts";
import { workloadAccount } from "./rbac.ts";
import { makeServiceAddress } from "./service-address.ts";
import type { Target } from "./target.ts";

type Pod = Omit<PodPlan, "labels" | "serviceAccount" | "spread">;

/** What a service with two colours needs. */
export interface BlueGreenWorkloadArgs {
  target: Target;
  /** The service it runs. */
  of: string;
  specification: Service;
  /** Pods of the colour that has the traffic. */
  live: Pod;
  /** Pods of the other colour. @default none of them runs */
  candidate?: Pod;
}

/**
 * Equal copies in two colours: one has the traffic, the other is empty or runs a candidate under an address of its own
 * (WS-NET-03).
 *
 * A release swaps image and candidate and changes the live colour. Nothing but the addresses changes then, so it takes
 * effect at once, and so does the way back.
 */
export class BlueGreenWorkload extends pulumi.ComponentResource {
  constructor(name: string, args: BlueGreenWorkloadArgs, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:kubernetes:BlueGreenWorkload", name, {}, opts);
    const { target, of, specification, live, candidate } = args;
    const { namespace, liveColour } = target.settings;
    const { component, ports, metrics } = specification;
    const labels = workloadLabels(target, of, component);
    const idleColour = liveColour === "blue" ? "green" : "blue";

    const account = workloadAccount(name, { workload: of, namespace, labels }, { parent: this });
    const workloads = colours.map((colour) => {
      const pod = colour === liveColour ? live : candidate;
      const copies = { target, of, workload: colourName(of, colour), specification };
      return makeCopies(`${name}-${colour}`, pod ? { ...copies, pod } : { ...copies, pod: live, empty: true }, {
        parent: this,
        dependsOn: [account],
      });
    });
    // The traffic moves when the copies that get it are ready, and not before.
    const after = { parent: this, dependsOn: workloads };
    const address = { namespace, labels, ports, discoverable: metrics !== undefined };
    const copiesOf = (colour: Colour) => workloadSelector(of, colourName(of, colour));
    makeServiceAddress(name, { ...address, address: of, selector: copiesOf(liveColour) }, after);
    makeServiceAddress(
      `${name}-preview`,
      {
        ...address,
        address: previewOf(of),
        selector: copiesOf(idleColour),
        // Without a candidate there is nobody behind it to wait for.
        annotations: { "pulumi.com/skipAwait": "true" },
      },
      after,
    );

    this.registerOutputs({});
  }
}
