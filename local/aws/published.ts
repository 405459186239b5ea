import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Violation } from "./constraints.ts";
import { documented } from "./documented.ts";
import { schemaViolations, type Schema } from "./schema.ts";

/** The schema of a type, further rules, and rules of the region by the property that they are for: none is the whole. */
interface Rules {
  type: string;
  rules?: readonly string[];
  regional?: Readonly<Record<string, string>>;
}

/** AWS's schemas of resources, for operations whose own model says little. Members have the same names in both. */
const schemasOf: Record<string, Rules> = {
  "application-autoscaling:RegisterScalableTarget": { type: "ApplicationAutoScaling::ScalableTarget" },
  "cloudwatch:PutMetricAlarm": { type: "CloudWatch::Alarm", rules: ["aws_cloudwatch_alarm/period"] },
  "ec2:CreateFlowLogs": { type: "EC2::FlowLog" },
  "ec2:CreateSecurityGroup": { type: "EC2::SecurityGroup" },
  "ec2:CreateSubnet": { type: "EC2::Subnet" },
  "ec2:CreateVpc": { type: "EC2::VPC" },
  "ec2:CreateVpcEndpoint": { type: "EC2::VPCEndpoint" },
  "ecr:CreateRepository": { type: "ECR::Repository" },
  "ecs:CreateService": { type: "ECS::Service", rules: ["aws_ecs_service/fargate"] },
  "ecs:RegisterTaskDefinition": {
    type: "ECS::TaskDefinition",
    rules: ["aws_ecs_taskdefinition/fargate_cpu_memory", "aws_ecs_taskdefinition/fargate_properties"],
  },
  "elasticache:CreateReplicationGroup": {
    type: "ElastiCache::ReplicationGroup",
    rules: ["aws_elasticache_cachecluster/engine_version"],
    regional: { "aws_elasticache_cachecluster/cachenodetype_enum": "CacheNodeType" },
  },
  "elasticache:CreateUser": { type: "ElastiCache::User" },
  "elbv2:CreateListener": { type: "ElasticLoadBalancingV2::Listener" },
  "elbv2:CreateLoadBalancer": { type: "ElasticLoadBalancingV2::LoadBalancer" },
  "elbv2:CreateTargetGroup": { type: "ElasticLoadBalancingV2::TargetGroup" },
  "iam:CreateRole": { type: "IAM::Role" },
  "kms:CreateKey": { type: "KMS::Key" },
  "lambda:CreateFunction": { type: "Lambda::Function" },
  "logs:CreateLogGroup": { type: "Logs::LogGroup" },
  "logs:PutRetentionPolicy": { type: "Logs::LogGroup" },
  "rds:CreateDBInstance": {
    type: "RDS::DBInstance",
    rules: ["aws_rds_dbinstance/engine_version", "aws_rds_dbinstance/backupretentionperiod_maximum"],
    regional: { "aws_rds_dbinstance/dbinstanceclass_enum": "" },
  },
  "rds:CreateDBParameterGroup": { type: "RDS::DBParameterGroup" },
  "rds:CreateDBSubnetGroup": { type: "RDS::DBSubnetGroup" },
  "s3:CreateBucket": { type: "S3::Bucket" },
  "sns:CreateTopic": { type: "SNS::Topic" },
  "sqs:CreateQueue": { type: "SQS::Queue" },
};

/** Members whose name in the schema differs. */
const synonyms: Record<string, string> = {
  "ec2:CreateSecurityGroup.Description": "GroupDescription",
  "elasticache:CreateReplicationGroup.CacheNodeType": "CacheNodeType",
  "s3:CreateBucket.Bucket": "BucketName",
};

/** What AWS publishes beyond its operations' models: schemas of resources, versions and sizes to be had in a region. */
export class PublishedRules {
  readonly #folder: string;
  readonly #region: string;
  readonly #types: Record<string, string>;
  readonly #schemas = new Map<string, Schema>();

  /** @param packages the folder in which cfn-lint, which carries AWS's schemas, is installed */
  constructor(packages: string, region: string) {
    this.#folder = join(packages, "cfnlint", "data", "schemas");
    this.#region = region;
    this.#types = this.#read(`providers/${region}`) as Record<string, string>;
  }

  /** The day of the schemas, YYYY-MM-DD. */
  get date(): string {
    return (this.#read("version") as { schema_date: string }).schema_date.slice(0, 10);
  }

  /** What of a request's parameters these rules do not take. */
  violations(service: string, operation: string, parameters: Record<string, unknown>): Violation[] {
    const key = `${service}:${operation}`;
    const found = documented(service, operation, parameters);
    const rules = schemasOf[key];
    if (!rules) return found;
    const attributes = parameters["Attributes"];
    const whole = service === "sqs" ? { ...(attributes as object) } : capitalised(parameters);
    const named = renamed(key, whole);
    const judge = (schema: Schema) =>
      schemaViolations(schema, named).map(({ property, message }) => ({
        path: this.#path(key, parameters, property),
        message,
      }));
    return [
      ...found,
      ...judge(this.#resource(rules.type)),
      ...(rules.rules ?? []).flatMap((file) => judge(this.#read(`extensions/${file}`) as Schema)),
      ...Object.entries(rules.regional ?? {}).flatMap(([file, property]) => {
        const schema = (this.#read(`extensions/${file}`) as Record<string, Schema>)[this.#region] ?? {};
        return judge(property === "" ? schema : { properties: { [property]: schema } });
      }),
    ];
  }

  /** A resource's schema, of its own simple properties only: structures are in the operation's model. */
  #resource(type: string): Schema {
    const known = this.#schemas.get(type);
    if (known) return known;
    const file = this.#types[`AWS::${type}`] ?? "";
    const { properties } = this.#read(`resources/${file}`) as { properties: Record<string, Schema> };
    const simple = [
      "pattern",
      "format",
      "enum",
      "minLength",
      "maxLength",
      "minimum",
      "maximum",
      "minItems",
      "maxItems",
    ];
    const kept = Object.entries(properties).map(([name, schema]): [string, Schema] => [
      name,
      Object.fromEntries(Object.entries(schema).filter(([rule]) => simple.includes(rule))),
    ]);
    const made = { properties: Object.fromEntries(kept) };
    this.#schemas.set(type, made);
    return made;
  }

  #path(key: string, parameters: Record<string, unknown>, property: string): string[] {
    if (property === "") return [];
    if (key.startsWith("sqs:")) return ["Attributes", property];
    const found = Object.keys(parameters).find((name) => schemaName(key, name) === property);
    return found === undefined ? [property] : [found];
  }

  #read(path: string): unknown {
    const known = files.get(join(this.#folder, path));
    if (known !== undefined) return known;
    const made = JSON.parse(readFileSync(join(this.#folder, `${path}.json`), "utf8")) as unknown;
    files.set(join(this.#folder, path), made);
    return made;
  }
}

const files = new Map<string, unknown>();

const capital = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
const schemaName = (key: string, member: string) => synonyms[`${key}.${member}`] ?? capital(member);

function capitalised(parameters: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [capital(name), value]));
}

function renamed(key: string, parameters: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [schemaName(key, name), value]));
}
