import { cacheHours, databaseHours, hoursPerMonth, prices, spotShare, type Price } from "./prices.ts";

/** What an estimate reads of a planned resource. */
export interface PricedResource {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

/** A part of the monthly bill. */
export interface CostItem {
  what: string;
  /** Dollars a month; undefined where the table has no price. */
  usd: number | undefined;
}

type Inputs = Record<string, unknown>;
type Plan = readonly PricedResource[];

/** What a resource costs for being there. */
const itemsOf: Record<string, (inputs: Inputs, plan: Plan) => CostItem[]> = {
  "aws:ecs/service:Service": serviceItems,
  "aws:rds/instance:Instance": databaseItems,
  "aws:elasticache/replicationGroup:ReplicationGroup": cacheItems,
  "aws:ec2/natGateway:NatGateway": () => [hourly("NAT gateways", prices.natGatewayHour)],
  "aws:ec2/eip:Eip": () => [hourly("public addresses", prices.publicAddressHour)],
  "aws:ec2/vpcEndpoint:VpcEndpoint": ({ vpcEndpointType, subnetIds }) =>
    vpcEndpointType === "Interface" ? [hourly("VPC endpoints", prices.endpointHour, list(subnetIds).length)] : [],
  "aws:lb/loadBalancer:LoadBalancer": ({ subnets }) => [
    hourly("load balancers", prices.loadBalancerHour),
    hourly("public addresses", prices.publicAddressHour, list(subnets).length),
  ],
  "aws:kms/key:Key": () => [monthly("keys", prices.keyMonth)],
  "aws:secretsmanager/secret:Secret": () => [monthly("secrets", prices.secretMonth)],
  "aws:cloudwatch/metricAlarm:MetricAlarm": ({ metricQueries }) => {
    const metrics = list(metricQueries).filter((query) => isRecord(query) && "metric" in query);
    return [monthly("alarms", prices.alarmMetricMonth, Math.max(1, metrics.length))];
  },
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": () => [monthly("alarms", prices.compositeAlarmMonth)],
  "aws:cloudwatch/dashboard:Dashboard": () => [monthly("dashboards", prices.dashboardMonth)],
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": () => [monthly("metrics from logs", prices.metricMonth)],
  "aws:wafv2/webAcl:WebAcl": ({ rules }) => [
    monthly("firewall", prices.webAclMonth),
    monthly("firewall", prices.webAclRuleMonth, list(rules).length),
  ],
};

/** Types that cost for being there. */
export const pricedTypes: readonly string[] = Object.keys(itemsOf);

/** What a resource of a plan costs for being there; nothing if it costs only for its use, or never. */
export function costItems(resource: PricedResource, plan: Plan): CostItem[] {
  return itemsOf[resource.type]?.(resource.inputs, plan) ?? [];
}

/** The tasks that always run, on the size of the service's task definition, which bears the service's name. */
function serviceItems({ name, desiredCount, capacityProviderStrategies }: Inputs, plan: Plan): CostItem[] {
  const task = plan.find(
    ({ type, inputs }) => type === "aws:ecs/taskDefinition:TaskDefinition" && inputs["family"] === name,
  );
  const copies = Number(desiredCount ?? 1);
  if (!task) return [{ what: "tasks of an unknown size", usd: undefined }];
  const processors = Number(task.inputs["cpu"]) / 1024;
  const gigabytes = Number(task.inputs["memory"]) / 1024;
  const each = hoursPerMonth * (processors * prices.taskProcessorHour.usd + gigabytes * prices.taskMemoryHour.usd);
  const interruptible = Math.max(0, copies - spotBase(capacityProviderStrategies, copies));
  const steady = copies - interruptible;
  return [
    ...(steady > 0 ? [{ what: "tasks", usd: steady * each }] : []),
    ...(interruptible > 0 ? [{ what: "tasks on Spot", usd: interruptible * each * spotShare }] : []),
  ];
}

/** Tasks that are not on Spot. */
function spotBase(strategies: unknown, copies: number): number {
  const all = list(strategies).filter(isRecord);
  if (!all.some(({ capacityProvider }) => capacityProvider === "FARGATE_SPOT")) return copies;
  return all.reduce(
    (sum, { capacityProvider, base }) => sum + (capacityProvider === "FARGATE" ? Number(base ?? 0) : 0),
    0,
  );
}

/** A standby costs as much as the server that it stands by for. */
function databaseItems(inputs: Inputs, plan: Plan): CostItem[] {
  const { instanceClass, multiAz, replicateSourceDb } = inputs;
  const servers = multiAz === true ? 2 : 1;
  const source = plan.find(
    ({ inputs }) => replicateSourceDb !== undefined && inputs["identifier"] === replicateSourceDb,
  );
  const gigabytes = Number(inputs["allocatedStorage"] ?? source?.inputs["allocatedStorage"] ?? 0);
  return [
    node("database servers", databaseHours, instanceClass, servers),
    monthly("database storage", prices.databaseStorageMonth, gigabytes * servers),
  ];
}

function cacheItems({ nodeType, numCacheClusters, numNodeGroups, replicasPerNodeGroup }: Inputs): CostItem[] {
  const nodes =
    numNodeGroups === undefined
      ? Number(numCacheClusters ?? 1)
      : Number(numNodeGroups) * (1 + Number(replicasPerNodeGroup ?? 0));
  return [node("cache nodes", cacheHours, nodeType, nodes)];
}

function node(what: string, table: Record<string, Price>, type: unknown, count: number): CostItem {
  const price = typeof type === "string" ? table[type] : undefined;
  return price ? hourly(what, price, count) : { what: `${what} of type ${String(type)}`, usd: undefined };
}

function hourly(what: string, price: Price, count = 1): CostItem {
  return { what, usd: price.usd * hoursPerMonth * count };
}

function monthly(what: string, price: Price, count = 1): CostItem {
  return { what, usd: price.usd * count };
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
