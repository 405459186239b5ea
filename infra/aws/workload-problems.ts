import type { Problem } from "../errors.ts";
import { instancesOf } from "../spec/instances.ts";
import { type Cpu, toMebibytes, toMillicpu } from "../spec/units.ts";
import type { Probe, Service, Variable } from "../spec/service.ts";
import type { System } from "../spec/system.ts";
import { sharedAddresses } from "./discovery.ts";
import { toldValues } from "./environment.ts";
import { fargateSizes } from "./fargate-size.ts";
import { healthRanges, healthTiming } from "./probes.ts";
import { scheduleExpression } from "./schedule-expression.ts";
import { workloadNames, workloadOf } from "./workload.ts";

/** Memory in MiB and processor time that the containers beside a service's own take at most. */
const beside = { memory: 480, cpu: 0.25 };

/** Containers that a task may have beside its own, and what the roles of functions are named after. */
const taken = ["certificates", "collector", "deadline", "log-router", "operations"];

/** What ECS cannot do with the services and jobs of a specification, and what to do about it. */
export function workloadProblems(system: System): Problem[] {
  return [
    ...workloadNames(system).flatMap((name) => {
      const { kind, specification } = workloadOf(system, name);
      const where = `${kind}s.${name}`;
      return [
        ...nameProblems(system, where, name),
        ...sizeProblems(where, specification.resources),
        ...valueProblems(system, where, specification.variables),
      ];
    }),
    ...Object.entries(system.services).flatMap(([name, service]) => [
      ...timingProblems(`services.${name}.probes`, service.probes),
      ...scalingProblems(`services.${name}.scaling`, service),
    ]),
    ...Object.entries(system.jobs).flatMap(([name, { when }]) =>
      when === "before-release" || scheduleExpression(when.schedule) !== undefined
        ? []
        : [
            problem(
              `jobs.${name}.when.schedule`,
              `"${when.schedule}"`,
              "name days of the month or of the week, not both",
            ),
          ],
    ),
    ...sharedAddresses({ system }).map((name) =>
      problem(`services.${name}`, "a flow to a single writer with several instances", "set instances to 1"),
    ),
    ...system.flows.flatMap(({ from, to }, index) =>
      "job" in from && "service" in to
        ? [
            problem(
              `flows.${index}`,
              "a flow from a job to a service",
              "let the job use a store or a service do its work",
            ),
          ]
        : [],
    ),
  ];
}

/** Instances of a single writer are named like it, with their number. */
function nameProblems({ services }: System, where: string, name: string): Problem[] {
  if (taken.includes(name))
    return [{ where, message: "the name belongs to a part of every task; choose another one." }];
  return Object.entries(services)
    .filter(
      ([other, service]) => other !== name && instancesOf(other, service).some(({ workload }) => workload === name),
    )
    .map(([other]) => ({ where, message: `an instance of "${other}" has the same name; choose another one.` }));
}

function sizeProblems(where: string, { limits, requests }: Service["resources"]): Problem[] {
  const most = fargateSizes[fargateSizes.length - 1] ?? { cpu: 0, memory: 0 };
  const memory = most.memory - beside.memory;
  const cpu = most.cpu / 1024;
  const spare = (amount: Cpu) => toMillicpu(amount) / 1000;
  return [
    ...(toMebibytes(limits.memory) > memory
      ? [problem(`${where}.resources.limits.memory`, `a memory of ${limits.memory}`, `use at most ${memory} MiB`)]
      : []),
    ...(spare(limits.cpu) > cpu
      ? [problem(`${where}.resources.limits.cpu`, `a limit of ${limits.cpu}`, `use at most ${cpu} vCPU`)]
      : []),
    ...(spare(requests.cpu) > cpu - beside.cpu
      ? [
          problem(
            `${where}.resources.requests.cpu`,
            `a request of ${requests.cpu}`,
            `use at most ${cpu - beside.cpu} vCPU`,
          ),
        ]
      : []),
  ];
}

function valueProblems({ stores }: System, where: string, variables: Record<string, Variable>): Problem[] {
  return Object.entries(variables).flatMap(([name, variable]) => {
    if (typeof variable === "string" || !("store" in variable)) return [];
    const store = stores[variable.store];
    if (!store || store.engine === "mongodb" || toldValues[store.engine].includes(variable.value)) return [];
    const told = toldValues[store.engine].join(", ");
    return [problem(`${where}.variables.${name}`, `the ${variable.value} of "${variable.store}"`, `use ${told}`)];
  });
}

function timingProblems(where: string, { startup, liveness }: { startup: Probe; liveness: Probe }): Problem[] {
  const timing = healthTiming(startup, liveness);
  return (Object.keys(healthRanges) as (keyof typeof healthRanges)[]).flatMap((part) => {
    const [least, most] = healthRanges[part];
    if (timing[part] >= least && timing[part] <= most) return [];
    const probe = part === "startPeriod" ? "startup" : "liveness";
    return [
      problem(`${where}.${probe}.timing`, `a health check's ${part} of ${timing[part]}`, `use ${least} to ${most}`),
    ];
  });
}

function scalingProblems(where: string, { scaling }: Service): Problem[] {
  if ("replicas" in scaling || scaling.cpuPercent !== undefined || scaling.memoryPercent !== undefined) return [];
  return [problem(where, "scaling without a load to follow", "set cpuPercent, memoryPercent or both")];
}

function problem(where: string, feature: string, remedy: string): Problem {
  return { where, message: `${feature} is not supported on ecs: ${remedy}.` };
}
