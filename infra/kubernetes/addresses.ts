import * as pulumi from "@pulumi/pulumi";

import type { PlainVariable } from "../spec/environment.ts";
import { declared, userName } from "../spec/names.ts";
import type { Store } from "../spec/store.ts";
import { authorityFile } from "./certificate-authority.ts";
import { hostOf } from "./names.ts";
import type { Target } from "./target.ts";

/** The plain value of a variable of a service or job. */
export function plainValue({ system, settings }: Target, workload: string, variable: PlainVariable): string {
  if (typeof variable === "string") return variable;
  if ("file" in variable) return authorityFile;
  if ("service" in variable) return serviceUrl({ system, settings }, variable.service, variable.port);
  const store = declared(system.stores, variable.store);
  const host = hostOf(variable.store, settings.namespace);
  const port = String(portOf(store));
  switch (variable.value) {
    case "host":
      return host;
    case "port":
      return port;
    case "nodes":
      return storeAddress({ system, settings }, variable.store);
    case "database":
      return "database" in store ? store.database : "0";
    case "username":
      return userName(workload);
    case "name":
      return variable.store;
    case "url":
    case "password":
      throw new Error(`the ${variable.value} of "${variable.store}" is a secret`);
  }
}

/** The address of a service's port inside the cluster. */
export function serviceUrl({ system, settings }: Target, service: string, port: string): string {
  const { port: number, protocol = "http" } = declared(declared(system.services, service).ports, port);
  const address = `${hostOf(service, settings.namespace)}:${number}`;
  return protocol === "http" ? `http://${address}` : address;
}

/** The address of a store with a user's name and password, over TLS. The password must need no quoting. */
export function storeUrl(
  { system, settings }: Target,
  name: string,
  workload: string,
  password: pulumi.Output<string>,
): pulumi.Output<string> {
  const store = declared(system.stores, name);
  const user = userName(workload);
  const address = storeAddress({ system, settings }, name);
  if (store.engine === "postgres") {
    return pulumi.interpolate`postgres://${user}:${password}@${address}/${store.database}?sslmode=verify-full`;
  }
  return pulumi.interpolate`rediss://${user}:${password}@${address}`;
}

/** host:port of a store in the cluster. */
export function storeAddress({ system, settings }: Target, name: string): string {
  return `${hostOf(name, settings.namespace)}:${portOf(declared(system.stores, name))}`;
}

function portOf(store: Store): number {
  if ("port" in store) return store.port;
  throw new Error("an object store has no port");
}
