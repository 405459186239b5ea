import type {
  PolicyPackArgs,
  PolicyResource,
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { Check, type Resource } from "./check.ts";
import { Exemptions } from "./exemptions.ts";
import { Field } from "./field.ts";
import { exemptedMessage, notEvaluatedMessage, violationMessage } from "./message.ts";
import { readParameters, type Policy } from "./policy.ts";
import { Stack, type StackResource } from "./stack.ts";

type PulumiPolicy = ResourceValidationPolicy & Partial<StackValidationPolicy>;

/** The server reads more from a report than its declared type names: a level of its own, and a message as it is. */
type Report = (report: { message: string; urn: string; enforcementLevel?: "advisory" }) => void;

const ROOT = "pulumi:pulumi:Stack";

/** Name of the Pulumi policy whose configuration holds the exemptions. */
const EXEMPTIONS = "exemptions";

/** Days that an exemption may last when the configuration says nothing. */
const DEFAULT_EXEMPTION_DAYS = 90;

/**
 * The policies as Pulumi serves them, between two that keep the exemptions: the first reads them from its own
 * configuration before any policy judges a resource, the last names those that nothing has used.
 */
export function servedPolicies(policies: readonly Policy[], clock: () => Date): PolicyPackArgs["policies"] {
  const ledger = new Ledger(policies, clock);
  return [ledger.opening(), ...policies.map((policy) => served(policy, ledger)), ledger.closing()];
}

function served(policy: Policy, ledger: Ledger): PulumiPolicy {
  return {
    name: policy.name,
    description: policy.title,
    displayName: policy.id,
    enforcementLevel: policy.level,
    severity: policy.severity,
    remediationSteps: policy.remediation,
    tags: [...policy.requirements],
    ...(Object.keys(policy.parameters).length > 0 && { configSchema: { properties: policy.parameters } }),
    validateResource: (args, report) => {
      if (args.type === ROOT) {
        reportUnknownParameters(policy, args, report);
      }
      if (policy.check) {
        const check = new Check(resourceOf(args));
        policy.check(check, check.resource, readParameters(policy, args.getConfig()));
        publish(policy, check, ledger.exemptions, report);
      }
    },
    ...(policy.checkStack && {
      validateStack: (args, report) => {
        const stack = new Stack(args.resources.map(stackResourceOf));
        policy.checkStack?.(stack, readParameters(policy, args.getConfig()));
        stack.checks.forEach((check) => publish(policy, check, ledger.exemptions, report));
      },
    }),
  };
}

function publish(policy: Policy, check: Check, exemptions: Exemptions, reportViolation: ReportViolation): void {
  const report = reportViolation as unknown as Report;
  const { urn } = check.resource;
  for (const finding of check.findings) {
    const { exemption, rejected } = exemptions.rule(policy, finding);
    if (exemption === undefined) {
      report({ urn, message: violationMessage(policy, finding, rejected) });
    } else {
      report({ urn, message: exemptedMessage(policy, finding, exemption), enforcementLevel: "advisory" });
    }
  }
  if (check.notEvaluated.length > 0) {
    report({ urn, message: notEvaluatedMessage(policy, check), enforcementLevel: "advisory" });
  }
}

/** The engine checks the values of known parameters against their schema and lets unknown names pass. */
function reportUnknownParameters(policy: Policy, args: ResourceValidationArgs, report: ReportViolation): void {
  const known = Object.keys(policy.parameters);
  for (const name of Object.keys(args.getConfig()).filter((key) => !known.includes(key))) {
    const allowed = known.length === 0 ? "it has none" : `allowed are ${known.join(", ")}`;
    report(`${policy.id} has no parameter ${JSON.stringify(name)}: ${allowed}.`, args.urn);
  }
}

/** Keeps the exemptions between the policies of one server. */
class Ledger {
  exemptions: Exemptions;
  readonly #policies: readonly Policy[];
  readonly #clock: () => Date;
  #source = "";

  constructor(policies: readonly Policy[], clock: () => Date) {
    this.#policies = policies;
    this.#clock = clock;
    this.exemptions = this.#read({});
  }

  opening(): ResourceValidationPolicy {
    return {
      name: EXEMPTIONS,
      description: "Exemptions name policy, resource, reason, owner and expiry",
      enforcementLevel: "mandatory",
      configSchema: {
        properties: {
          exemptions: { type: "array", description: "Dated permissions to violate a policy.", default: [] },
          maxDays: {
            type: "integer",
            minimum: 1,
            description: "Days ahead that an exemption may expire.",
            default: DEFAULT_EXEMPTION_DAYS,
          },
        },
      },
      validateResource: (args, report) => {
        const config = args.getConfig<{ exemptions?: unknown; maxDays?: number }>();
        const source = JSON.stringify(config);
        if (source !== this.#source) {
          this.#source = source;
          this.exemptions = this.#read(config);
        }
        if (args.type === ROOT) {
          this.exemptions.malformed.forEach((sentence) => report(sentence, args.urn));
        }
      },
    };
  }

  closing(): StackValidationPolicy {
    return {
      name: `${EXEMPTIONS}-unused`,
      description: "Exemptions are removed when nothing needs them",
      enforcementLevel: "advisory",
      validateStack: (args, report) => {
        const root = args.resources.find(({ type }) => type === ROOT);
        this.exemptions.unused.forEach((sentence) => report(sentence, root?.urn));
      },
    };
  }

  #read({ exemptions, maxDays = DEFAULT_EXEMPTION_DAYS }: { exemptions?: unknown; maxDays?: number }): Exemptions {
    return new Exemptions(exemptions, { maxDays, clock: this.#clock, policies: this.#policies });
  }
}

function resourceOf({ urn, type, name, props, opts }: ResourceValidationArgs | PolicyResource): Resource {
  return { urn, type, name, properties: Field.root(props), protect: opts.protect };
}

function stackResourceOf(resource: PolicyResource): StackResource {
  const dependencies = Object.entries(resource.propertyDependencies);
  return {
    ...resourceOf(resource),
    propertyDependencies: Object.fromEntries(
      dependencies.map(([property, resources]) => [property, resources.map(({ urn }) => urn)]),
    ),
  };
}
