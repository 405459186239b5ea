import { CronJob } from "@pulumi/kubernetes/batch/v1/cronJob.js";
import { Job as KubernetesJob } from "@pulumi/kubernetes/batch/v1/job.js";
import type { batch } from "@pulumi/kubernetes/types/input.js";
import * as pulumi from "@pulumi/pulumi";

import { declared } from "../spec/names.ts";
import type { Duration } from "../spec/units.ts";
import { checksum } from "./checksum.ts";
import { imageOf } from "./images.ts";
import { workloadLabels } from "./labels.ts";
import { podTemplate } from "./pod.ts";
import { wholeSeconds } from "./quantities.ts";
import { workloadAccount } from "./rbac.ts";
import { podVariables, type Surroundings } from "./variables.ts";

/** Value of the component label of jobs. */
const component = "job";
const terminationGrace: Duration = "30 s";
/** Failed tries before a job has failed. */
const backoffLimit = 3;
/** How long a finished job of a release can be looked at. */
const finishedJobLife: Duration = "7 d";
/** How late a job that missed its time may still start: after that the next time is soon enough. */
const startingDeadline: Duration = "10 min";
/** Finished jobs of a schedule that can be looked at. */
const history = { successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 3 };

/** What a job of the specification needs. */
export interface SystemJobArgs extends Surroundings {
  /** The job's name in the specification. */
  job: string;
}

/** A container that runs to an end: at its times, or once before each release, which waits for it. */
export class SystemJob extends pulumi.ComponentResource {
  /** Names of the sealed secrets. */
  readonly secretNames: string[];
  /** Services wait for it. */
  readonly gate: boolean;

  constructor(name: string, args: SystemJobArgs, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:kubernetes:SystemJob", name, {}, opts);
    const { target, job } = args;
    const { image, command, variables, resources, when, timeout } = declared(target.system.jobs, job);
    const { namespace } = target.settings;
    const labels = workloadLabels(target, job, component);

    const account = workloadAccount(name, { workload: job, namespace, labels }, { parent: this });
    const instance = { workload: job, number: 0 };
    const { env, mounts, volumes, secretNames } = podVariables(
      name,
      args,
      { workload: job, instance, component, variables },
      this,
    );
    this.secretNames = secretNames;
    this.gate = when === "before-release";
    const container = {
      name: job,
      image: imageOf(target, image),
      ...(command ? { command } : {}),
      env,
      resources,
    };
    const spec: batch.v1.JobSpec = {
      backoffLimit,
      activeDeadlineSeconds: wholeSeconds(timeout),
      template: podTemplate({
        labels,
        serviceAccount: job,
        terminationGrace,
        runsToAnEnd: true,
        containers: [{ ...container, mounts }],
        volumes,
      }),
    };
    const after = { parent: this, dependsOn: [account] };
    if (when === "before-release") {
      // A Job never changes and never runs again: what it would run is part of its name.
      const digest = checksum({ container: JSON.stringify(container), timeout }).slice(0, 8);
      new KubernetesJob(
        `${name}-workload`,
        {
          metadata: {
            name: `${job}-${digest}`,
            namespace,
            labels,
            // One that failed is made again by the next update.
            annotations: { "pulumi.com/replaceUnready": "true" },
          },
          spec: { ...spec, ttlSecondsAfterFinished: wholeSeconds(finishedJobLife) },
        },
        after,
      );
    } else {
      new CronJob(
        `${name}-workload`,
        {
          metadata: { name: job, namespace, labels },
          spec: {
            schedule: when.schedule,
            timeZone: "Etc/UTC",
            concurrencyPolicy: "Forbid",
            startingDeadlineSeconds: wholeSeconds(startingDeadline),
            ...history,
            jobTemplate: { metadata: { labels }, spec },
          },
        },
        after,
      );
    }

    this.registerOutputs({});
  }
}
