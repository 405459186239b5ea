import * as pulumi from "@pulumi/pulumi";

import type { Keys } from "../keys.ts";
import type { Network } from "../network.ts";
import type { SecurityGroups } from "../security-groups.ts";

const texts = (...values: string[]) => values.map((value) => pulumi.output(value));

/** What stores and functions find around them, for tests of one component. */
export const storeSurroundings: {
  network: Pick<Network, "dataSubnetIds" | "privateSubnetIds">;
  groups: Pick<SecurityGroups, "of">;
  keys: Pick<Keys, "arn">;
} = {
  network: {
    dataSubnetIds: texts("subnet-data-a", "subnet-data-b"),
    privateSubnetIds: texts("subnet-private-a", "subnet-private-b"),
  },
  groups: { of: (end) => pulumi.output("name" in end ? `sg-${end.kind}-${end.name}` : `sg-${end.kind}`) },
  keys: { arn: (purpose) => pulumi.output(`key-${purpose}`) },
};
