import { violations } from "./constraints.ts";
import { convert, formatted, type Inputs } from "./convert.ts";
import { PolicyRules, type PolicyKind } from "./iam.ts";
import { Models } from "./model.ts";
import { PublishedRules } from "./published.ts";
import type { Creation, Outputs, Place, Step } from "./requests/creation.ts";
import { creations } from "./requests/index.ts";

/** A request to AWS. */
export interface AwsRequest {
  service: string;
  operation: string;
  parameters: Record<string, unknown>;
}

/** A resource as a program registers it. */
export interface PlannedResource {
  /** The type token, such as "aws:sqs/queue:Queue". */
  type: string;
  name: string;
  inputs: Inputs;
  /** What AWS decided. @default made up */
  outputs?: Outputs;
}

/** Inputs that tell the provider what to do, not AWS. */
const forTheProvider = ["region", "tagsAll", "timeouts"];

/** Policies in requests: their kind and the most characters that AWS takes. */
const policies: Record<string, readonly [kind: PolicyKind, longest: number]> = {
  "backup:PutBackupVaultAccessPolicy.Policy": ["resource", 20_480],
  "ec2:CreateVpcEndpoint.PolicyDocument": ["resource", 20_480],
  // It speaks of its repository alone, as a trust policy does of its role: ECR refuses a Resource.
  "ecr:SetRepositoryPolicy.policyText": ["trust", 10_240],
  "efs:PutFileSystemPolicy.Policy": ["resource", 20_000],
  "iam:CreateRole.AssumeRolePolicyDocument": ["trust", 2048],
  "iam:PutRolePolicy.PolicyDocument": ["identity", 10_240],
  "kms:CreateKey.Policy": ["resource", 32_768],
  "logs:PutResourcePolicy.policyDocument": ["resource", 5120],
  "s3:PutBucketPolicy.Policy": ["resource", 20_480],
  "secretsmanager:PutResourcePolicy.ResourcePolicy": ["resource", 20_480],
  "sns:SetTopicAttributes.AttributeValue": ["resource", 30_720],
  "sqs:CreateQueue.Attributes.Policy": ["resource", 30_720],
};

/** Judges planned resources by the constraints that AWS publishes. */
export class Judge {
  readonly #models: Models;
  readonly #published: PublishedRules;
  readonly #policies: PolicyRules;
  readonly #place: Place;

  /** @param packages of the Python environment */
  constructor(packages: string, place: Place) {
    this.#models = new Models(packages);
    this.#published = new PublishedRules(packages, place.region);
    this.#policies = PolicyRules.read(packages);
    this.#place = place;
  }

  /** How a type comes into being; undefined when the table does not know it. */
  creation(type: string): Creation | undefined {
    return creations[type];
  }

  /** All requests that make a resource. */
  steps({ type, inputs, outputs }: PlannedResource): Step[] {
    const creation = creations[type];
    if (!creation) return [];
    const told = withoutProviders(inputs);
    const made = outputs ?? creation.outputs?.(told, {}, this.#place) ?? { id: "id" };
    return [...(creation.create ? [creation.create(told, this.#place)] : []), ...(creation.then?.(told, made) ?? [])];
  }

  /** A step as AWS takes it, and every way in which AWS would not, by property. */
  request(step: Step): AwsRequest & { problems: string[] } {
    const { service, operation, inputs, renames = {}, parameters: given = {} } = step;
    const model = this.#models.service(service);
    const { parameters: converted, sources, unknown } = convert(model, operation, inputs, renames);
    const parameters = { ...converted, ...given };
    const found = [
      ...violations(model, operation, parameters),
      ...this.#published.violations(service, operation, parameters),
    ];
    const problems = [
      ...unknown.map((property) => `${property} is unknown to ${service} ${operation}`),
      ...found.map(({ path, message }) => `${sourceOf(path, sources)} ${message}`),
      ...this.#policyProblems(`${service}:${operation}`, parameters, sources),
    ];
    return { service, operation, parameters, problems: [...new Set(problems)] };
  }

  /** Everything in a resource that AWS would refuse, as sentences. */
  problems(resource: PlannedResource): string[] {
    const { type, name } = resource;
    if (!creations[type])
      return [`${type} ${name}: the table of requests does not know the type; add it to local/aws/requests.`];
    return this.steps(resource).flatMap((step) => {
      const { service, operation, problems } = this.request(step);
      return problems.map((problem) => `${type} ${name}: ${problem} (${service} ${operation}).`);
    });
  }

  #policyProblems(
    operation: string,
    parameters: Record<string, unknown>,
    sources: ReadonlyMap<string, string>,
  ): string[] {
    const texts = [
      ...Object.entries(parameters),
      ...Object.entries(parameters["Attributes"] ?? {}).map(
        ([name, value]) => [`Attributes.${name}`, value as unknown] as const,
      ),
    ];
    return texts.flatMap(([member, value]) => {
      const rule = policies[`${operation}.${member}`];
      if (!rule || typeof value !== "string") return [];
      const source = sources.get(member) ?? member;
      return this.#policies.problems(value, ...rule).map((problem) => `${source}: ${problem}`);
    });
  }
}

/** Inputs that AWS is told of. */
export function withoutProviders(inputs: Inputs): Inputs {
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => !forTheProvider.includes(name)));
}

/** The input that a parameter came from; where it came from none, the parameter. */
function sourceOf(path: readonly (string | number)[], sources: ReadonlyMap<string, string>): string {
  for (let length = path.length; length > 0; length--) {
    const source = sources.get(formatted(path.slice(0, length)));
    if (source === undefined) continue;
    const rest = formatted(path.slice(length));
    return rest === "" ? source : `${source}${rest.startsWith("[") ? "" : "."}${rest}`;
  }
  return formatted(path) || "it";
}
