import { Check, type Resource } from "./check.ts";

/** A resource with its place in the stack. */
export interface StackResource extends Resource {
  /** URNs of the resources that a property's value comes from, by property. */
  propertyDependencies: Readonly<Record<string, readonly string[]>>;
  /** URNs of all resources that come before it, also those that only `dependsOn` names. */
  dependencies?: readonly string[];
}

/** The resources of a stack by type, URN, name and reference; each order is made once, when it is first asked for. */
export class StackIndex {
  readonly resources: readonly StackResource[];
  readonly #derived = new Map<unknown, unknown>();

  constructor(resources: readonly StackResource[]) {
    this.resources = resources;
  }

  /** What a function makes of the whole stack, made once for all policies that ask with the same function. */
  derive<T>(make: (index: StackIndex) => T): T {
    if (!this.#derived.has(make)) {
      this.#derived.set(make, make(this));
    }
    return this.#derived.get(make) as T;
  }

  ofType(type: string): readonly StackResource[] {
    return this.derive(byType).get(type) ?? [];
  }

  byUrn(urn: string): StackResource | undefined {
    return this.derive(byUrn).get(urn);
  }

  named(name: string): readonly StackResource[] {
    return this.derive(byName).get(name) ?? [];
  }

  /** The resources with a property whose value comes from the given one. */
  referrersOf(resource: StackResource): readonly StackResource[] {
    return this.derive(byReference).get(resource.urn) ?? [];
  }
}

/** All resources of a stack, and what one policy has to say about each. */
export class Stack {
  readonly index: StackIndex;
  readonly #checks = new Map<Resource, Check>();

  constructor(resources: readonly StackResource[] | StackIndex) {
    this.index = resources instanceof StackIndex ? resources : new StackIndex(resources);
  }

  get resources(): readonly StackResource[] {
    return this.index.resources;
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

const byUrn = ({ resources }: StackIndex) => new Map(resources.map((resource) => [resource.urn, resource]));
const byType = ({ resources }: StackIndex) => Map.groupBy(resources, ({ type }) => type);
const byName = ({ resources }: StackIndex) => Map.groupBy(resources, ({ name }) => name);

function byReference({ resources }: StackIndex): Map<string, StackResource[]> {
  const referrers = new Map<string, StackResource[]>();
  for (const resource of resources) {
    for (const urn of new Set(Object.values(resource.propertyDependencies).flat())) {
      const known = referrers.get(urn);
      if (known === undefined) {
        referrers.set(urn, [resource]);
      } else {
        known.push(resource);
      }
    }
  }
  return referrers;
}
