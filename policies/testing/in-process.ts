import { Check, type Resource, type Settings } from "../frame/check.ts";
import { ResourceDraft } from "../frame/draft.ts";
import { Field } from "../frame/field.ts";
import { readParameters, type Policy } from "../frame/policy.ts";
import { urnOf, type TestResource } from "./analyzer.ts";

/** A test resource as the rules see it. */
export function resourceOf(resource: TestResource, settings?: Settings): Resource {
  const { type, name = "subject", properties } = resource;
  return { urn: urnOf(resource), type, name, properties: Field.root(properties), ...(settings && { settings }) };
}

/** What a policy says about one resource, as `verdict` does but without the server: for thousands of resources. */
export function judge(policy: Policy, resource: TestResource, parameters: Record<string, unknown> = {}): string[] {
  const check = new Check(resourceOf(resource));
  policy.check?.(check, check.resource, readParameters(policy, parameters));
  return verdictOf(check);
}

/** The findings of a check, one a line, then what it did not evaluate. */
export function verdictOf({ findings, notEvaluated }: Check): string[] {
  return [
    ...findings.map(({ path, found }) => `${path}: ${found}`),
    ...notEvaluated.map((path) => `not evaluated: ${path}`),
  ];
}

/** The resource as the policy's remediation leaves it. */
export function remediated(
  policy: Policy,
  resource: TestResource,
  parameters: Record<string, unknown> = {},
): TestResource {
  const { type, name = "subject" } = resource;
  const draft = new ResourceDraft({ type, name }, structuredClone(resource.properties));
  policy.remediate?.(draft, readParameters(policy, parameters));
  return { ...resource, properties: draft.properties };
}

/** What the policy says about a resource after its remediation, and whether a second one changes nothing more. */
export function verdictRemediated(policy: Policy, resource: TestResource): { verdict: string[]; idempotent: boolean } {
  const once = remediated(policy, resource);
  const twice = remediated(policy, once);
  return {
    verdict: judge(policy, once),
    idempotent: JSON.stringify(once) === JSON.stringify(twice),
  };
}
