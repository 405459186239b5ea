import type { Problem } from "../errors.ts";
import type { Flow } from "./flow.ts";
import { list } from "./names.ts";
import type { System } from "./system.ts";

const hostPattern = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

/** What is wrong with the flows, and what cannot work because a flow is missing. */
export function flowProblems(system: System): Problem[] {
  return [
    ...system.flows.flatMap((flow, index) => endProblems(system, `flows[${index}] (${flow.requirement})`, flow)),
    ...Object.entries(system.outside).flatMap(([name, { hosts }]) =>
      hosts
        .filter((host) => !hostPattern.test(host))
        .map((host) => ({
          where: `outside.${name}.hosts`,
          message: `"${host}" is not a host name, such as "api.example.com".`,
        })),
    ),
    ...Object.entries(system.publicEndpoints).flatMap(([name, { service, port }]) =>
      reached(system, { edge: true }, service, port)
        ? []
        : [
            {
              where: `publicEndpoints.${name}`,
              message: `no flow leads from the edge to "${service}" port "${port}"; add one to flows.`,
            },
          ],
    ),
    ...Object.entries(system.services).flatMap(([name, { metrics }]) =>
      !metrics || reached(system, { monitoring: true }, name, metrics.port)
        ? []
        : [
            {
              where: `services.${name}.metrics`,
              message: "no flow leads from monitoring to this port; add one to flows.",
            },
          ],
    ),
  ];
}

function reached(system: System, from: Flow["from"], service: string, port: string): boolean {
  const key = JSON.stringify(from);
  return system.flows.some(
    (flow) =>
      JSON.stringify(flow.from) === key && "service" in flow.to && flow.to.service === service && flow.to.port === port,
  );
}

function endProblems(system: System, where: string, { from, to }: Flow): Problem[] {
  const problems: Problem[] = [];
  const unknown = (end: string, kind: string, name: string, declared: Record<string, unknown>) => {
    if (!(name in declared)) {
      problems.push({
        where: `${where}.${end}`,
        message: `the ${kind} "${name}" is not declared; declared are ${list(declared)}.`,
      });
    }
  };
  if ("service" in from) unknown("from", "service", from.service, system.services);
  if ("job" in from) unknown("from", "job", from.job, system.jobs);
  if ("store" in to) unknown("to", "store", to.store, system.stores);
  if ("outside" in to) unknown("to", "destination", to.outside, system.outside);
  if ("service" in to) {
    unknown("to", "service", to.service, system.services);
    const ports = system.services[to.service]?.ports;
    if (ports && !(to.port in ports)) {
      problems.push({
        where: `${where}.to`,
        message: `"${to.service}" has no port "${to.port}"; it has ${list(ports)}.`,
      });
    }
  }
  return problems;
}
