import { createRequire } from "node:module";

import type * as pulumi from "@pulumi/pulumi";

import type { Store } from "../spec/store.ts";
import { storeAddress } from "./addresses.ts";
import { CertificateAuthority } from "./certificate-authority.ts";
import { databaseAuthorities } from "./database-authorities.ts";
import { managedStores } from "./managed.ts";
import type * as managedStoresModule from "./managed-stores.ts";
import { Postgres } from "./postgres.ts";
import { queuePlan } from "./queue.ts";
import { Redis } from "./redis.ts";
import type { SystemSecrets } from "./secrets.ts";
import type { StoreArgs, StoreValues } from "./store-access.ts";
import type { Target } from "./target.ts";

const require = createRequire(import.meta.url);

/** What the stores of a system need. */
export interface StoresArgs {
  target: Target;
  secrets: SystemSecrets;
}

/** The stores of a system, in the cluster or on AWS beside it, and what services and jobs are told about them. */
export class Stores {
  /** What a service or job can be told, by store. */
  readonly access: Record<string, StoreValues> = {};
  /** Names of the sealed secrets. */
  readonly secretNames: string[] = [];
  /** What services and jobs wait for. */
  readonly components: pulumi.ComponentResource[] = [];
  /** By whose certificates clients know the stores; undefined if no store has one. */
  readonly authority: CertificateAuthority | undefined;
  /** Undefined if all stores are in the cluster. */
  readonly managed: managedStoresModule.ManagedStores | undefined;
  private readonly target: Target;

  /** @param name the system component's, which is the stores' parent */
  constructor(name: string, { target, secrets }: StoresArgs, opts: pulumi.ComponentResourceOptions) {
    this.target = target;
    const managed = managedStores(target);
    const { stores } = target.system;
    const { aws } = target.settings;

    if (Object.values(stores).some(({ engine }) => engine !== "objects")) {
      const others = managed.size > 0 && aws !== undefined ? databaseAuthorities(aws.region) : "";
      this.authority = new CertificateAuthority(`${name}-certificate-authority`, { target, others }, opts);
    }
    if (managed.size > 0) {
      // The classes of AWS make a start slow, so they are loaded where they are needed.
      const { ManagedStores } = require("./managed-stores.ts") as typeof managedStoresModule;
      this.managed = new ManagedStores(`${name}-managed-stores`, { target }, opts);
      this.components.push(this.managed);
      Object.assign(this.access, this.managed.access);
    }
    for (const [store, specification] of Object.entries(stores)) {
      if (managed.has(store) || this.authority === undefined) continue;
      const made = inCluster(
        `${name}-${store}`,
        specification,
        { target, store, secrets, authority: this.authority },
        opts,
      );
      this.components.push(made);
      this.access[store] = made.access;
      this.secretNames.push(...made.secretNames);
    }
  }

  /** The address of the first store of an engine as host:port; empty without one. */
  endpoint(engine: "postgres" | "redis"): string | pulumi.Output<string> {
    const { stores } = this.target.system;
    const name = Object.keys(stores).find((name) => stores[name]?.engine === engine);
    if (name === undefined) return "";
    return this.managed?.endpoints[name] ?? storeAddress(this.target, name);
  }
}

function inCluster(
  name: string,
  specification: Store,
  args: Omit<StoreArgs<Store>, "specification">,
  opts: pulumi.ComponentResourceOptions,
): Postgres | Redis {
  switch (specification.engine) {
    case "postgres":
      return new Postgres(name, { ...args, specification }, opts);
    case "redis":
      return new Redis(name, { ...args, specification, component: "cache" }, opts);
    case "queue":
      return new Redis(name, { ...args, specification: queuePlan(specification), component: "queue" }, opts);
    case "mongodb":
    case "objects":
      throw new Error(`a ${specification.engine} store does not run in the cluster`);
  }
}
