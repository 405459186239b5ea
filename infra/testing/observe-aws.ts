import type { ContainerDefinition } from "../aws/container-definition.ts";
import type { Observed, ObservedWorkload } from "./observed.ts";
import type { RecordedResource } from "./record.ts";

/**
 * What the resources of a system on AWS show. Ends of flows: a service or job by its name, "stores" for managed stores,
 * "internet", and "edge". What carries no flow of the specification is left out: the ways to AWS's own services, to volumes
 * and of functions, and the load balancer's public side.
 */
export function observeAws(resources: readonly RecordedResource[]): Observed {
  const ofType = (type: string) => resources.filter((resource) => resource.type === `aws:${type}`);
  return {
    workloads: Object.fromEntries(
      ofType("ecs/taskDefinition:TaskDefinition").map(({ inputs }) => {
        const [own] = JSON.parse(String(inputs["containerDefinitions"])) as [ContainerDefinition];
        return [own.name, workload(own)];
      }),
    ),
    flows: [...new Set(resources.flatMap(flow))].sort(),
    alerts: alarms(resources),
    scaling: Object.fromEntries(
      ofType("appautoscaling/target:Target").map(({ inputs }) => [
        (inputs["tags"] as Record<string, string>)["component"] ?? "",
        [Number(inputs["minCapacity"]), Number(inputs["maxCapacity"])],
      ]),
    ),
    schedules: Object.fromEntries(
      ofType("scheduler/schedule:Schedule").map(({ name, inputs }) => [
        jobOf(name),
        String(inputs["scheduleExpression"]).replace(/^cron\((.*) \? \*\)$/, "$1 *"),
      ]),
    ),
    gates: ofType("lambda/invocation:Invocation").flatMap(({ name, inputs }) =>
      "container" in (JSON.parse(String(inputs["input"])) as object) ? [jobOf(name)] : [],
    ),
  };
}

/** The job in a logical name such as "shop-jobs-migrate-run". */
function jobOf(name: string): string {
  return name.split("-").at(-2) ?? "";
}

function workload(own: ContainerDefinition): ObservedWorkload {
  const question = own.healthCheck?.command.at(-1);
  return {
    command: own.command,
    plain: Object.fromEntries(own.environment.map(({ name, value }) => [name, value])),
    secret: own.secrets.map(({ name }) => name),
    ports: Object.fromEntries(own.portMappings.map(({ name, containerPort }) => [name, containerPort])),
    resources: { cpu: own.cpu, memory: own.memoryReservation, mostMemory: own.memory },
    liveness: question === undefined ? undefined : /127\.0\.0\.1:([^"]+)"/.exec(question)?.[1],
  };
}

/** A rule of a security group, by its logical name: group, peer, port and direction. */
function flow({ type, name }: RecordedResource): string[] {
  if (!/^aws:vpc\/securityGroup(Ingress|Egress)Rule:/.test(type)) return [];
  const [, group = "", peer = "", port = "", direction = ""] =
    /-((?:service|job|store|volume)\.[^.]+|edge|functions|endpoints)\.(.+)\.(\d+)-(egress|ingress)$/.exec(name) ?? [];
  const [kind, workload = ""] = group.split(".");
  if (kind !== "service" && kind !== "job") return [];
  if (direction === "ingress") return peer === "edge" ? [`edge > ${workload}:${port}`] : [];
  const [peerKind, peerName = ""] = peer.split(".");
  if (peerKind === "internet") return [`${workload} > internet:${port}`];
  if (peerKind === "store") return [`${workload} > stores:${port}`];
  return peerKind === "service" ? [`${workload} > ${peerName}:${port}`] : [];
}

/** The alarms that call people for an alert, sorted; each bears the alert's requirement. */
export function alarms(resources: readonly RecordedResource[]): string[] {
  return resources
    .filter(({ type }) => /^aws:cloudwatch\/(metric|composite)Alarm:/.test(type))
    .flatMap(({ inputs }) => {
      const { severity, requirement } = inputs["tags"] as Record<string, string>;
      const name = String(inputs["alarmName"] ?? inputs["name"]);
      // Parts of a composite alarm have a digest or another word at their end.
      const [, letter] = /-alert-([a-e])$/.exec(name) ?? [];
      return requirement === undefined || letter === undefined
        ? []
        : [`Alert${letter.toUpperCase()} ${severity} ${requirement}`];
    })
    .sort();
}
