import type { Stack, StackResource } from "../frame/stack.ts";
import { textOf, type Field } from "../frame/field.ts";
import { isOn } from "./values.ts";
import { ofType, referenced } from "./references.ts";

export const SUBNET = /^aws:ec2\/(?:default)?subnet:/i;
export const DEFAULT_NETWORK = /^aws:ec2\/default(?:Vpc|Subnet):/;
const INTERNET_GATEWAY = /^aws:ec2\/internetGateway:/;
const ROUTE_TABLE = /^aws:ec2\/(?:default)?routeTable:/i;
const MAIN_TABLE = /^aws:ec2\/(?:defaultRouteTable|mainRouteTableAssociation):/;
const VPC = /^aws:ec2\/(?:default)?vpc:/i;

/** Where a kind of resource names the subnets in which it lives, and whether it holds data. */
export interface Placement {
  type: RegExp;
  subnets: readonly string[];
  data: boolean;
}

/** Resources that live in subnets and may not live in public ones. */
export const PLACEMENTS: readonly Placement[] = [
  { type: /^aws:ecs\/(?:service|taskSet):/, subnets: ["networkConfiguration"], data: false },
  { type: /^aws:lambda\/function:/, subnets: ["vpcConfig"], data: false },
  { type: /^aws:rds\/subnetGroup:/, subnets: ["subnetIds"], data: true },
  { type: /^aws:elasticache\/(?:subnetGroup|serverlessCache):/, subnets: ["subnetIds"], data: true },
  { type: /^aws:docdb\/subnetGroup:/, subnets: ["subnetIds"], data: true },
  { type: /^aws:(?:memorydb|neptune|redshift|dax)\/subnetGroup:/, subnets: ["subnetIds"], data: true },
  { type: /^aws:efs\/mountTarget:/, subnets: ["subnetId"], data: true },
  { type: /^aws:mq\/broker:/, subnets: ["subnetIds"], data: true },
  { type: /^aws:opensearch\/domain:/, subnets: ["vpcOptions"], data: true },
];

/** The resources of a stack that live in subnets, with those that the stack makes itself. */
export function placementsOf(stack: Stack): { resource: StackResource; place: Placement; subnets: StackResource[] }[] {
  return PLACEMENTS.flatMap((place) =>
    ofType(stack, place.type).map((resource) => ({
      resource,
      place,
      subnets: referenced(stack, resource, place.subnets, SUBNET),
    })),
  );
}

/** The subnets with a route to an internet gateway, or whose network interfaces are given public addresses. */
export function publicSubnetsOf(stack: Stack): Set<StackResource> {
  const open = openTables(stack);
  const associations = ofType(stack, /^aws:ec2\/routeTableAssociation:/);
  const placed = new Map<StackResource, StackResource[]>();
  for (const association of associations) {
    for (const subnet of referenced(stack, association, ["subnetId"], SUBNET)) {
      placed.set(subnet, referenced(stack, association, ["routeTableId"], ROUTE_TABLE));
    }
  }
  const mains = ofType(stack, MAIN_TABLE).map((main) => ({
    vpcs: referenced(stack, main, ["vpcId", "defaultRouteTableId"], VPC),
    tables: [main, ...referenced(stack, main, ["routeTableId"], ROUTE_TABLE)],
  }));
  const isPublic = (subnet: StackResource): boolean => {
    const [vpc] = referenced(stack, subnet, ["vpcId"], VPC);
    const main = mains.filter(({ vpcs }) => vpc !== undefined && vpcs.includes(vpc)).flatMap(({ tables }) => tables);
    return (
      isOn(subnet.properties.get("mapPublicIpOnLaunch").value) ||
      (placed.get(subnet) ?? main).some((table) => open.has(table))
    );
  };
  return new Set(ofType(stack, SUBNET).filter(isPublic));
}

/** The route tables that lead to an internet gateway, by a route within or by a route resource. */
function openTables(stack: Stack): Set<StackResource> {
  const within = ofType(stack, ROUTE_TABLE).filter((table) => {
    const routes = table.properties.get("routes").items();
    const named = routes.some((route) => isInternetGateway(route.get("gatewayId")));
    const unknown = routes.some((route) => route.get("gatewayId").unknown) || table.properties.get("routes").unknown;
    return named || (unknown && referenced(stack, table, ["routes"], INTERNET_GATEWAY).length > 0);
  });
  const beside = ofType(stack, /^aws:ec2\/route:/)
    .filter(
      (route) =>
        isInternetGateway(route.properties.get("gatewayId")) ||
        referenced(stack, route, ["gatewayId"], INTERNET_GATEWAY).length > 0,
    )
    .flatMap((route) => referenced(stack, route, ["routeTableId"], ROUTE_TABLE));
  return new Set([...within, ...beside]);
}

function isInternetGateway({ value }: Field): boolean {
  return textOf(value).startsWith("igw-");
}
