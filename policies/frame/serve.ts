import type {
  PolicyPackArgs,
  PolicyResource,
  ReportViolation,
  ResourceRemediation,
  ResourceValidation,
  ResourceValidationArgs,
  StackValidation,
  StackValidationArgs,
} from "@pulumi/policy";
import { Check, type Resource } from "./check.ts";
import { ResourceDraft } from "./draft.ts";
import {
  DEFAULT_EXEMPTION_DAYS,
  Enforcement,
  EXEMPTIONS,
  SETTING_NAMES,
  SETTINGS,
  type Level,
  type PackSettings,
} from "./enforcement.ts";
import { Field } from "./field.ts";
import { exemptedMessage, linkOf, notEvaluatedMessage, registerMessage, violationMessage } from "./message.ts";
import type { Policy, Severity } from "./policy.ts";
import { Stack, StackIndex, type StackResource } from "./stack.ts";

type Served = Omit<PolicyPackArgs["policies"][number], "enforcementLevel"> & {
  enforcementLevel: Level;
  validateResource?: ResourceValidation;
  validateStack?: StackValidation;
  remediateResource?: ResourceRemediation;
};

/** The server reads more from a report than its declared type names: which policy it comes from, and its level. */
interface Report {
  name: string;
  description: string;
  message: string;
  urn: string;
  enforcementLevel: "advisory" | "mandatory";
  severity?: Severity;
}

const ROOT = "pulumi:pulumi:Stack";
const UNUSED = `${EXEMPTIONS}-unused`;
const REGISTER = `${EXEMPTIONS}-register`;

/**
 * The policies as Pulumi serves them.
 *
 * The server hands a resource to one policy after the other and reads all of it anew for each, which is most of its work.
 * So one policy that is not disabled speaks for all: it reads the resource once, asks every policy, and reports in their
 * names and at their levels. The others are there for their names, levels and parameters.
 */
export class ServedPack {
  readonly policies: Served[];
  readonly #enforcement: Enforcement;

  constructor(policies: readonly Policy[], clock: () => Date) {
    this.#enforcement = new Enforcement(policies, clock);
    this.policies = [...OWN.map(({ served }) => ({ ...served })), ...policies.map(declared)];
    this.configure({});
  }

  /** Takes the configuration that the engine sends before it asks. */
  configure(given: PackSettings): void {
    this.#enforcement.configure(given);
    for (const served of this.policies) {
      delete served.validateResource;
      delete served.validateStack;
      delete served.remediateResource;
    }
    const speaker = this.policies.find(
      ({ name, enforcementLevel }) => this.#level(name, enforcementLevel) !== "disabled",
    );
    if (speaker !== undefined) {
      speaker.validateResource = (args, report) => this.#judge(args, report);
      speaker.validateStack = (args, report) => this.#judgeStack(args, report);
    }
    for (const policy of this.#enforcement.policies) {
      const served = this.policies.find(({ name }) => name === policy.name);
      if (served !== undefined && policy.remediate && this.#level(policy.name, policy.level) === "remediate") {
        served.remediateResource = (args) => this.#remediate(policy, args);
      }
    }
  }

  #level(name: string, byDefault: Level): Level {
    return this.#enforcement.levelOf(name, byDefault);
  }

  #judge(args: ResourceValidationArgs, report: ReportViolation): void {
    const enforcement = this.#enforcement;
    if (args.type === ROOT) {
      this.#reportConfiguration(args.urn, report);
    }
    const resource = this.#resource(args);
    for (const policy of enforcement.policies) {
      if (policy.check && this.#level(policy.name, policy.level) !== "disabled") {
        const check = new Check(resource);
        attempt(policy, resource.urn, () => policy.check?.(check, resource, enforcement.parametersOf(policy)));
        this.#publish(policy, check, report);
      }
    }
  }

  #judgeStack({ resources }: StackValidationArgs, report: ReportViolation): void {
    const enforcement = this.#enforcement;
    const index = new StackIndex(resources.map((resource) => this.#stackResource(resource)));
    for (const policy of enforcement.policies) {
      if (policy.checkStack && this.#level(policy.name, policy.level) !== "disabled") {
        const stack = new Stack(index);
        attempt(policy, "the stack", () => policy.checkStack?.(stack, enforcement.parametersOf(policy)));
        stack.checks.forEach((check) => this.#publish(policy, check, report));
      }
    }
    const root = resources.find(({ type }) => type === ROOT)?.urn ?? "";
    const { unused, register } = enforcement.exemptions;
    unused.forEach((sentence) => this.#reportOwn(UNUSED, sentence, root, report));
    if (register.length > 0) {
      this.#reportOwn(REGISTER, registerMessage(register), root, report);
    }
  }

  /** Undefined leaves the resource as it is. */
  #remediate(policy: Policy, args: Parameters<ResourceRemediation>[0]): Record<string, unknown> | undefined {
    const draft = new ResourceDraft(args, args.props);
    if (draft.holdsArchive || this.#enforcement.exemptions.spares(policy, args.urn)) {
      return undefined;
    }
    attempt(policy, args.urn, () => policy.remediate?.(draft, this.#enforcement.parametersOf(policy)));
    return draft.changed ? draft.properties : undefined;
  }

  #publish(policy: Policy, check: Check, reportViolation: ReportViolation): void {
    if (check.silent) {
      return;
    }
    const { exemptions } = this.#enforcement;
    const { urn } = check.resource;
    const report = (message: string, enforcementLevel: Report["enforcementLevel"]) =>
      reportIn(reportViolation, {
        name: policy.name,
        description: policy.title,
        severity: policy.severity,
        message,
        urn,
        enforcementLevel,
      });
    const level = this.#level(policy.name, policy.level) === "advisory" ? "advisory" : "mandatory";
    for (const finding of check.findings) {
      const { exemption, rejected } = exemptions.rule(policy, finding);
      if (exemption === undefined) {
        report(violationMessage(policy, finding, rejected), level);
      } else {
        report(exemptedMessage(policy, finding, exemption), "advisory");
      }
    }
    if (check.notEvaluated.length > 0) {
      report(notEvaluatedMessage(policy, check), "advisory");
    }
  }

  #reportConfiguration(urn: string, report: ReportViolation): void {
    const parameters = Object.fromEntries(OWN.map(({ served: { name }, parameters: names }) => [name, names]));
    for (const { policy, sentence } of this.#enforcement.defects(parameters)) {
      this.#reportOwn(policy, sentence, urn, report);
    }
    this.#enforcement.exemptions.malformed.forEach((sentence) => this.#reportOwn(EXEMPTIONS, sentence, urn, report));
  }

  /** Reports about the configuration itself, under the name of the policy that it concerns. */
  #reportOwn(name: string, sentence: string, urn: string, report: ReportViolation): void {
    const { description = "", enforcementLevel = "mandatory" } = this.policies.find((one) => one.name === name) ?? {};
    const level = this.#level(name, enforcementLevel);
    if (level !== "disabled") {
      const message = `${description}\n${sentence}`;
      reportIn(report, {
        name,
        description,
        message,
        urn,
        enforcementLevel: level === "advisory" ? level : "mandatory",
      });
    }
  }

  #resource({ urn, type, name, props, opts }: ResourceValidationArgs | PolicyResource): Resource {
    const { settings } = this.#enforcement;
    return { urn, type, name, properties: Field.root(props), protect: opts.protect, settings };
  }

  #stackResource(resource: PolicyResource): StackResource {
    const dependencies = Object.entries(resource.propertyDependencies);
    return {
      ...this.#resource(resource),
      propertyDependencies: Object.fromEntries(
        dependencies.map(([property, resources]) => [property, resources.map(({ urn }) => urn)]),
      ),
      dependencies: resource.dependencies.map(({ urn }) => urn),
    };
  }
}

/** What the pack serves besides its policies: they keep settings of all of them and report on the configuration. */
const OWN: readonly { served: Served; parameters: readonly string[] }[] = [
  {
    served: {
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
    },
    parameters: ["exemptions", "maxDays"],
  },
  {
    served: {
      name: UNUSED,
      description: "Exemptions are removed when nothing needs them",
      enforcementLevel: "advisory",
    },
    parameters: [],
  },
  {
    served: {
      name: REGISTER,
      description: "Exemptions of this run, the worst first",
      enforcementLevel: "advisory",
    },
    parameters: [],
  },
  {
    served: {
      name: SETTINGS,
      description: "The configuration names policies and parameters that exist",
      enforcementLevel: "mandatory",
      configSchema: {
        properties: {
          system: { type: "string", description: "The system of resources that name none." },
          environment: { type: "string", description: "The stage of resources that name none." },
        },
      },
    },
    parameters: SETTING_NAMES,
  },
];

function declared(policy: Policy): Served {
  return {
    name: policy.name,
    description: policy.title,
    displayName: policy.id,
    enforcementLevel: policy.level,
    severity: policy.severity,
    remediationSteps: policy.remediation,
    url: linkOf(policy),
    tags: [...policy.requirements],
    ...(Object.keys(policy.parameters).length > 0 && { configSchema: { properties: policy.parameters } }),
  };
}

/** A rule that fails says which one it is and on what; the request fails with it, so nothing passes unseen. */
function attempt(policy: Policy, subject: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw new Error(`${policy.id} failed on ${subject}`, { cause: error });
  }
}

function reportIn(report: ReportViolation, what: Report): void {
  (report as unknown as (what: Report) => void)(what);
}
