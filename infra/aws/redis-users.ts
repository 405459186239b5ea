import { User } from "@pulumi/aws/elasticache/user.js";
import { UserGroup } from "@pulumi/aws/elasticache/userGroup.js";
import * as pulumi from "@pulumi/pulumi";

import { randomSecret } from "../random.ts";
import { isProtected } from "../settings.ts";
import { storeUsers } from "../spec/flows.ts";
import { userName } from "../spec/names.ts";
import { physicalName } from "./names.ts";
import { componentTags } from "./tags.ts";
import type { Target } from "./target.ts";

/** Everything with data, nothing to the server, and its state for clients and metrics: as in a cluster of one's own. */
const clientAccess = "on ~* &* +@all -@admin -@dangerous +info";

/** Redis lets a client in as this user unless it says who it is; ElastiCache insists that there is one. */
const defaultUser = "default";
const noAccess = "off ~* -@all";

/** The users of a cache and their passwords; what is not a user of the specification stays outside (WS-NET-01). */
export class CacheUsers extends pulumi.ComponentResource {
  readonly userGroupId: pulumi.Output<string>;
  private readonly passwords = new Map<string, pulumi.Output<string>>();

  constructor(
    name: string,
    { target, store }: { target: Target; store: string },
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("agent-commerce:aws:CacheUsers", name, {}, opts);
    const protect = isProtected(target.settings, store);
    const create = (workload: string, user: string, accessString: string) => {
      const password = randomSecret(`${name}-${workload}-password`, { parent: this, protect }).hex;
      this.passwords.set(workload, password);
      return new User(
        `${name}-${workload}`,
        {
          userId: physicalName(target, "cacheUser", store, user),
          userName: user,
          engine: "redis",
          accessString,
          authenticationMode: { type: "password", passwords: [password] },
          tags: componentTags(store),
        },
        { parent: this },
      );
    };
    const users = [
      create(defaultUser, defaultUser, noAccess),
      ...storeUsers(target.system, store).map(({ workload }) => create(workload, userName(workload), clientAccess)),
    ];
    const group = new UserGroup(
      `${name}-group`,
      {
        userGroupId: physicalName(target, "cacheUserGroup", store),
        engine: "redis",
        userIds: users.map(({ userId }) => userId),
        tags: componentTags(store),
      },
      { parent: this },
    );
    this.userGroupId = group.userGroupId;
    this.registerOutputs({});
  }

  /** The password of a service or job. */
  of(workload: string): pulumi.Output<string> {
    const password = this.passwords.get(workload);
    if (password === undefined) throw new Error(`"${workload}" is no user of this cache`);
    return password;
  }
}
