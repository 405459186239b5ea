import * as pulumi from "@pulumi/pulumi";

import type { StorePrivileges } from "../spec/flow.ts";
import { storeUsers } from "../spec/flows.ts";
import { storeAddress, storeUrl } from "./addresses.ts";
import type { CertificateAuthority } from "./certificate-authority.ts";
import { randomSecret } from "../random.ts";
import { userName } from "../spec/names.ts";
import type { SystemSecrets } from "./secrets.ts";
import { hostOf } from "./names.ts";
import type { Target } from "./target.ts";

/** What a store in the cluster needs. */
export interface StoreArgs<Store> {
  target: Target;
  /** The store's name in the specification. */
  store: string;
  specification: Store;
  secrets: SystemSecrets;
  authority: CertificateAuthority;
}

/** A user of a store: one for each service or job that may reach it. */
export interface StoreUserAccess {
  workload: string;
  user: string;
  privileges: StorePrivileges;
  password: pulumi.Output<string>;
}

/** What a service or job can be told about a store when the store exists. */
export interface StoreValues {
  password(workload: string): pulumi.Output<string>;
  /** The address with the service's or job's own name and password. */
  url(workload: string): pulumi.Output<string>;
  host(workload: string): pulumi.Output<string>;
  /** host:port of every node, joined by commas. */
  nodes(workload: string): pulumi.Output<string>;
}

/** The users of one store in the cluster and their passwords. */
export class StoreAccess implements StoreValues {
  readonly users: readonly StoreUserAccess[];
  private readonly target: Target;
  private readonly store: string;

  /** @param name the store component's, which is the passwords' parent */
  constructor(name: string, target: Target, store: string, parent: pulumi.ComponentResource) {
    this.target = target;
    this.store = store;
    const opts = { parent, protect: target.settings.profile.protect };
    this.users = storeUsers(target.system, store).map(({ workload, privileges }) => ({
      workload,
      user: userName(workload),
      privileges,
      password: randomSecret(`${name}-${workload}-password`, opts).hex,
    }));
  }

  password(workload: string): pulumi.Output<string> {
    const user = this.users.find((user) => user.workload === workload);
    if (!user) throw new Error(`"${workload}" has no flow to the store "${this.store}"`);
    return user.password;
  }

  url(workload: string): pulumi.Output<string> {
    return storeUrl(this.target, this.store, workload, this.password(workload));
  }

  host(): pulumi.Output<string> {
    return pulumi.output(hostOf(this.store, this.target.settings.namespace));
  }

  nodes(): pulumi.Output<string> {
    return pulumi.output(storeAddress(this.target, this.store));
  }
}
