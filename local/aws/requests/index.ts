import { buckets } from "./buckets.ts";
import { compute } from "./compute.ts";
import type { Creations } from "./creation.ts";
import { edge } from "./edge.ts";
import { firewall } from "./firewall.ts";
import { identity } from "./identity.ts";
import { messages } from "./messages.ts";
import { names } from "./names.ts";
import { network } from "./network.ts";
import { operations } from "./operations.ts";
import { stores } from "./stores.ts";

/** How every type of AWS resource that the program uses comes into being. */
export const creations: Creations = {
  ...buckets,
  ...compute,
  ...edge,
  ...firewall,
  ...identity,
  ...messages,
  ...names,
  ...network,
  ...operations,
  ...stores,
};
