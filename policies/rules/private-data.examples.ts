import type { Examples } from "../testing/examples.ts";
import { aws, ecsService, routeToInternet, subnet, vpc } from "../testing/network-fixtures.ts";

const data = [subnet("data-a"), subnet("data-b", "b")];
const group = aws("rds/subnetGroup:SubnetGroup", {}, "data", { subnetIds: data });

export const examples: Examples = {
  good: [
    { title: "A service without public addresses", resources: [ecsService()] },
    { title: "A database in private subnets", resources: [vpc, ...data, group] },
  ],
  bad: [
    {
      title: "A database with a public address",
      resources: [aws("rds/instance:Instance", { publiclyAccessible: true })],
      property: "publiclyAccessible",
    },
    {
      title: "A database in subnets with a route to the internet",
      resources: [vpc, ...data, group, ...routeToInternet(...data)],
      property: "subnetIds",
    },
  ],
};
