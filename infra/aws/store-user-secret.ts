import type * as pulumi from "@pulumi/pulumi";

import type { StorePrivileges } from "../spec/flow.ts";

/** A user of a store on AWS: one for each service or job that may reach it. */
export interface StoreUserAccess {
  workload: string;
  user: string;
  privileges: StorePrivileges;
  /** Secret. */
  password: pulumi.Output<string>;
  /** The address with name and password; secret. */
  url: pulumi.Output<string>;
}
