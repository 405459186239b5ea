import type { Examples } from "../testing/examples.ts";
import { aws, ecsService, flowLog, routeToInternet, subnet, vpc } from "../testing/network-fixtures.ts";

const places = [subnet("private-a"), subnet("private-b", "b")];
const service = ecsService({}, { networkConfiguration: places });

export const examples: Examples = {
  good: [{ title: "A service in private subnets of two zones", resources: [vpc, flowLog, ...places, service] }],
  bad: [
    { title: "A network without a flow log", resources: [vpc], property: "the resource itself" },
    {
      title: "A service in public subnets",
      resources: [vpc, flowLog, ...places, service, ...routeToInternet(...places)],
      property: "networkConfiguration",
    },
    {
      title: "A database in the account's default network",
      resources: [aws("rds/instance:Instance")],
      property: "dbSubnetGroupName",
    },
  ],
};
