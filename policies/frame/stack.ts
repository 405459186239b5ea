import { Check, type Resource } from "./check.ts";

/** A resource with its place in the stack. */
export interface StackResource extends Resource {
  /** URNs of the resources that a property's value comes from, by property. */
  propertyDependencies: Readonly<Record<string, readonly string[]>>;
}

/** All resources of a stack, and what a policy has to say about each. */
export class Stack {
  readonly resources: readonly StackResource[];
  readonly #checks = new Map<Resource, Check>();

  constructor(resources: readonly StackResource[]) {
    this.resources = resources;
  }

  get checks(): readonly Check[] {
    return [...this.#checks.values()];
  }

  /** Where findings about this resource go. */
  check(resource: Resource): Check {
    const check = this.#checks.get(resource) ?? new Check(resource);
    this.#checks.set(resource, check);
    return check;
  }
}
