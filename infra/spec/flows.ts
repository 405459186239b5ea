import type { Flow, StorePrivileges } from "./flow.ts";
import type { RequirementId, System } from "./system.ts";

/** Something at one end of a connection. */
export type End =
  | { kind: "service" | "job" | "store"; name: string }
  | { kind: "edge" }
  | { kind: "monitoring" }
  | { kind: "outside"; name: string; hosts: readonly string[] };

/** A flow with its port number. */
export interface Connection {
  from: End;
  to: End;
  port: number;
  requirement: RequirementId;
}

/** A service or job that uses a store, and what it may do there. */
export interface StoreUser {
  workload: string;
  privileges: StorePrivileges;
}

/** The port on which every outside destination is reached. */
const httpsPort = 443;

/** Every allowed connection of a system with its port number; stores without a port of their own are reached by HTTPS. */
export function connections(system: System): Connection[] {
  return system.flows.map(({ requirement, from, to }) => ({ requirement, from: origin(from), ...target(system, to) }));
}

function origin(from: Flow["from"]): End {
  if ("service" in from) return { kind: "service", name: from.service };
  if ("job" in from) return { kind: "job", name: from.job };
  return "edge" in from ? { kind: "edge" } : { kind: "monitoring" };
}

function target(system: System, to: Flow["to"]): { to: End; port: number } {
  if ("outside" in to) {
    const hosts = system.outside[to.outside]?.hosts ?? [];
    return { to: { kind: "outside", name: to.outside, hosts }, port: httpsPort };
  }
  if ("store" in to) {
    const store = system.stores[to.store];
    return {
      to: { kind: "store", name: to.store },
      port: store !== undefined && "port" in store ? store.port : httpsPort,
    };
  }
  const port = system.services[to.service]?.ports[to.port]?.port;
  if (port === undefined) throw new Error(`"${to.service}" has no port "${to.port}"`);
  return { to: { kind: "service", name: to.service }, port };
}

/** The services and jobs that have a flow to a store, sorted by name. Each gets a user of its own. */
export function storeUsers(system: System, store: string): StoreUser[] {
  const users = new Map<string, StorePrivileges>();
  for (const { from, to } of system.flows) {
    if (!("store" in to) || to.store !== store) continue;
    const workload = "service" in from ? from.service : "job" in from ? from.job : undefined;
    if (workload === undefined) continue;
    if (users.get(workload) !== "owner") users.set(workload, to.privileges ?? "readwrite");
  }
  return [...users].sort(([a], [b]) => (a < b ? -1 : 1)).map(([workload, privileges]) => ({ workload, privileges }));
}
