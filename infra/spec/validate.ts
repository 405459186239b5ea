import type { Problem } from "../errors.ts";
import { namePattern, variablePattern } from "./names.ts";
import type { System } from "./system.ts";
import { alertProblems } from "./validate-alerts.ts";
import { flowProblems } from "./validate-flows.ts";
import { serviceProblems, workloadProblems } from "./validate-services.ts";
import { storeProblems } from "./validate-stores.ts";
import { isDuration } from "./units.ts";

/** Everything that is wrong with a specification, all at once. An empty list means that it can be deployed. */
export function validateSystem(system: System): Problem[] {
  return [
    ...nameProblems("system", [system.name]),
    ...nameProblems("services", Object.keys(system.services)),
    ...nameProblems("stores", Object.keys(system.stores)),
    ...nameProblems("jobs", Object.keys(system.jobs)),
    ...nameProblems("outside", Object.keys(system.outside)),
    ...sharedNameProblems(system),
    ...Object.entries(system.services).flatMap(([name, service]) => serviceProblems(system, name, service)),
    ...Object.entries(system.jobs).flatMap(([name, job]) =>
      workloadProblems(system, `jobs.${name}`, { job: name }, job),
    ),
    ...Object.entries(system.stores).flatMap(([name, store]) => storeProblems(name, store)),
    ...secretProblems(system),
    ...flowProblems(system),
    ...alertProblems(system),
    ...Object.entries(system.logRetention)
      .filter(([, retention]) => !isDuration(retention))
      .map(([level, retention]) => ({
        where: `logRetention.${level}`,
        message: `"${retention}" is not a length of time; write a number and ms, s, min, h or d, such as "30 d".`,
      })),
  ];
}

function nameProblems(where: string, names: readonly string[]): Problem[] {
  return names
    .filter((name) => !namePattern.test(name))
    .map((name) => ({
      where: `${where}.${name}`,
      message: `"${name}" is not a name; use at most 40 lower-case letters, digits and hyphens, starting with a letter.`,
    }));
}

/** Services, stores and jobs share one name space, since each becomes a host name. */
function sharedNameProblems(system: System): Problem[] {
  const kinds = new Map<string, string>();
  const problems: Problem[] = [];
  for (const kind of ["services", "stores", "jobs"] as const) {
    for (const name of Object.keys(system[kind])) {
      const other = kinds.get(name);
      if (other !== undefined) {
        problems.push({ where: `${kind}.${name}`, message: `the name is also used in ${other}; choose another one.` });
      }
      kinds.set(name, kind);
    }
  }
  return problems;
}

function secretProblems(system: System): Problem[] {
  const workloads = [...Object.values(system.services), ...Object.values(system.jobs)];
  const used = new Set(
    workloads.flatMap(({ variables }) =>
      Object.values(variables).flatMap((variable) =>
        typeof variable === "object" && "secret" in variable ? [variable.secret] : [],
      ),
    ),
  );
  return Object.entries(system.secrets).flatMap(([name, secret]) => {
    const where = `secrets.${name}`;
    const problems: Problem[] = [];
    if (!variablePattern.test(name)) {
      problems.push({
        where,
        message: `"${name}" is not a name for a secret; use capital letters, digits and underscores.`,
      });
    }
    if (!used.has(name)) {
      problems.push({ where, message: "no service or job uses this secret; remove it or name it in a variable." });
    }
    if (secret.origin === "generated" && secret.format.bytes < 32) {
      problems.push({
        where: `${where}.format.bytes`,
        message: `${secret.format.bytes} bytes are too few for a generated secret; use 32 or more.`,
      });
    }
    if (secret.rotation !== undefined && !isDuration(secret.rotation)) {
      problems.push({
        where: `${where}.rotation`,
        message: `"${secret.rotation}" is not a length of time, such as "90 d".`,
      });
    }
    return problems;
  });
}
