import type { Problem } from "../errors.ts";
import type { Job } from "./job.ts";
import { list, variablePattern } from "./names.ts";
import type { Probe, Service, Variable } from "./service.ts";
import type { System } from "./system.ts";
import { isCpu, isDuration, isSize, toMebibytes, toMillicpu } from "./units.ts";

type Origin = { service: string } | { job: string };
type Resources = Service["resources"];

/** What is wrong with one service. */
export function serviceProblems(system: System, name: string, service: Service): Problem[] {
  const where = `services.${name}`;
  return [
    ...workloadProblems(system, where, { service: name }, service),
    ...portProblems(where, service),
    ...Object.entries(service.probes).flatMap(([kind, probe]) =>
      probeProblems(`${where}.probes.${kind}`, service, probe),
    ),
    ...(service.health ? probeProblems(`${where}.health`, service, service.health) : []),
    ...scalingProblems(where, service),
    ...singleWriterProblems(where, service),
    ...metricsProblems(where, service),
  ];
}

/** What is wrong with the part that services and jobs have in common: variables and resources. */
export function workloadProblems(system: System, where: string, origin: Origin, workload: Service | Job): Problem[] {
  return [
    ...Object.entries(workload.variables).flatMap(([name, variable]) =>
      variableProblems(system, `${where}.variables.${name}`, origin, name, variable),
    ),
    ...resourceProblems(`${where}.resources`, workload.resources),
  ];
}

function variableProblems(system: System, where: string, origin: Origin, name: string, variable: Variable): Problem[] {
  const problems: Problem[] = [];
  if (!variablePattern.test(name)) {
    problems.push({
      where,
      message: `"${name}" is not a name for a variable; use capital letters, digits and underscores.`,
    });
  }
  if (typeof variable === "string" || "file" in variable) return problems;
  if ("secret" in variable) {
    if (!(variable.secret in system.secrets)) {
      problems.push({
        where,
        message: `the secret "${variable.secret}" is not declared; declared are ${list(system.secrets)}.`,
      });
    }
    return problems;
  }
  if ("store" in variable) {
    const store = system.stores[variable.store];
    if (!store) {
      problems.push({
        where,
        message: `the store "${variable.store}" is not declared; declared are ${list(system.stores)}.`,
      });
    } else if (!hasFlow(system, origin, { store: variable.store })) {
      problems.push({
        where,
        message: `it names the store "${variable.store}", but no flow leads there; add one to flows.`,
      });
    }
    return problems;
  }
  const target = system.services[variable.service];
  if (!target) {
    problems.push({
      where,
      message: `the service "${variable.service}" is not declared; declared are ${list(system.services)}.`,
    });
  } else if (!(variable.port in target.ports)) {
    problems.push({
      where,
      message: `"${variable.service}" has no port "${variable.port}"; it has ${list(target.ports)}.`,
    });
  } else if (!hasFlow(system, origin, variable)) {
    problems.push({
      where,
      message: `it names the service "${variable.service}", but no flow leads there; add one to flows.`,
    });
  }
  return problems;
}

function hasFlow(system: System, origin: Origin, to: { store: string } | { service: string; port: string }): boolean {
  const key = JSON.stringify(origin);
  return system.flows.some(
    (flow) =>
      JSON.stringify(flow.from) === key &&
      ("store" in to
        ? "store" in flow.to && flow.to.store === to.store
        : "service" in flow.to && flow.to.service === to.service && flow.to.port === to.port),
  );
}

function resourceProblems(where: string, { requests, limits }: Resources): Problem[] {
  const problems: Problem[] = [];
  const amounts: [string, string, (text: string) => boolean, string][] = [
    ["requests.cpu", requests.cpu, isCpu, '"0.5 vCPU"'],
    ["limits.cpu", limits.cpu, isCpu, '"0.5 vCPU"'],
    ["requests.memory", requests.memory, isSize, '"512 MiB"'],
    ["limits.memory", limits.memory, isSize, '"512 MiB"'],
  ];
  for (const [part, amount, accepts, example] of amounts) {
    if (!accepts(amount)) {
      problems.push({ where: `${where}.${part}`, message: `"${amount}" is not an amount; write it like ${example}.` });
    }
  }
  if (problems.length > 0) return problems;
  const exceeds = (part: "cpu" | "memory", larger: boolean) =>
    larger
      ? [
          {
            where: `${where}.requests.${part}`,
            message: `${requests[part]} is more than the limit of ${limits[part]}.`,
          },
        ]
      : [];
  return [
    ...exceeds("cpu", toMillicpu(requests.cpu) > toMillicpu(limits.cpu)),
    ...exceeds("memory", toMebibytes(requests.memory) > toMebibytes(limits.memory)),
  ];
}

function portProblems(where: string, { ports }: Service): Problem[] {
  const byNumber = new Map<number, string>();
  return Object.entries(ports).flatMap(([name, { port }]) => {
    const problems: Problem[] = [];
    const other = byNumber.get(port);
    if (!Number.isInteger(port) || port < 1024 || port > 65_535) {
      problems.push({
        where: `${where}.ports.${name}`,
        message: `${port} is not allowed; use 1024 to 65535, since no container runs as root.`,
      });
    }
    if (!/^[a-z]([a-z0-9-]{0,13}[a-z0-9])?$/.test(name)) {
      problems.push({
        where: `${where}.ports.${name}`,
        message: "a port's name has at most 15 lower-case letters, digits and hyphens.",
      });
    }
    if (other !== undefined) {
      problems.push({
        where: `${where}.ports.${name}`,
        message: `${port} is already the port "${other}"; choose another number.`,
      });
    }
    byNumber.set(port, name);
    return problems;
  });
}

function probeProblems(where: string, service: Service, probe: Probe): Problem[] {
  const port = probe.port ?? "http";
  const problems: Problem[] = [];
  if (!probe.path.startsWith("/"))
    problems.push({ where: `${where}.path`, message: `"${probe.path}" must start with "/".` });
  if (!(port in service.ports)) {
    problems.push({
      where: `${where}.port`,
      message: `there is no port "${port}"; the service has ${list(service.ports)}.`,
    });
  }
  return problems;
}

function scalingProblems(where: string, { scaling, release }: Service): Problem[] {
  const problems: Problem[] = [];
  if ("replicas" in scaling) {
    if (!Number.isInteger(scaling.replicas) || scaling.replicas < 1) {
      problems.push({
        where: `${where}.scaling.replicas`,
        message: `${scaling.replicas} is not allowed; use a whole number from 1.`,
      });
    }
  } else if (scaling.minimum < 1 || scaling.minimum > scaling.maximum) {
    problems.push({
      where: `${where}.scaling`,
      message: `a minimum of ${scaling.minimum} and a maximum of ${scaling.maximum} do not fit; use 1 <= minimum <= maximum.`,
    });
  }
  if (release.strategy === "rolling" && release.maxSurge === 0 && release.maxUnavailable === 0) {
    problems.push({
      where: `${where}.release`,
      message: "maxSurge and maxUnavailable cannot both be 0, or no release can proceed.",
    });
  }
  return problems;
}

function singleWriterProblems(where: string, service: Service): Problem[] {
  const { singleWriter, volumes = {}, release, scaling, variables } = service;
  if (!singleWriter) {
    return Object.keys(volumes).map((name) => ({
      where: `${where}.volumes.${name}`,
      message: "only a single writer has volumes; add singleWriter, or keep the data in a store.",
    }));
  }
  const problems: Problem[] = [];
  if (release.strategy !== "stop-then-start") {
    problems.push({
      where: `${where}.release.strategy`,
      message: `"${release.strategy}" would run two single writers at once; use "stop-then-start".`,
    });
  }
  if (!("replicas" in scaling) || scaling.replicas !== 1) {
    problems.push({
      where: `${where}.scaling`,
      message: "a single writer has replicas: 1; set singleWriter.instances for more.",
    });
  }
  for (const secret of singleWriter.ownSecrets) {
    const used = Object.values(variables).some(
      (value) => typeof value === "object" && "secret" in value && value.secret === secret,
    );
    if (!used) {
      problems.push({
        where: `${where}.singleWriter.ownSecrets`,
        message: `no variable uses the secret "${secret}"; remove it from the list.`,
      });
    }
  }
  for (const [name, { mountPath, size }] of Object.entries(volumes)) {
    if (!mountPath.startsWith("/")) {
      problems.push({
        where: `${where}.volumes.${name}.mountPath`,
        message: `"${mountPath}" must be an absolute path.`,
      });
    }
    if (!isSize(size)) {
      problems.push({
        where: `${where}.volumes.${name}.size`,
        message: `"${String(size)}" is not an amount; write it like "2 GiB".`,
      });
    }
  }
  return problems;
}

function metricsProblems(where: string, service: Service): Problem[] {
  const { metrics, ports } = service;
  if (!metrics) return [];
  const problems: Problem[] = [];
  if (!(metrics.port in ports)) {
    problems.push({
      where: `${where}.metrics.port`,
      message: `there is no port "${metrics.port}"; the service has ${list(ports)}.`,
    });
  }
  if (!isDuration(metrics.interval)) {
    problems.push({
      where: `${where}.metrics.interval`,
      message: `"${String(metrics.interval)}" is not a length of time, such as "15 s".`,
    });
  }
  return problems;
}
