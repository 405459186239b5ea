import type { Field } from "./field.ts";
import { describe } from "./redact.ts";

/** What holds for every policy of the pack. */
export interface Settings {
  /** The system that resources belong to when they name none. */
  system?: string;
  /** The stage that the stack serves: `dev`, `prod`. */
  environment?: string;
}

/** A resource as the rules see it. */
export interface Resource {
  urn: string;
  type: string;
  name: string;
  properties: Field;
  /** Pulumi's protect option: nothing deletes the resource. */
  protect?: boolean;
  settings?: Settings;
}

/** What a rule says about a value that it does not accept. */
export interface Objection {
  /** What is allowed, as a phrase that follows "expected". */
  expected: string;
  /** What was there, when the value itself may not be shown or says too little. @default the value, secrets hidden */
  found?: string;
  /** What to do. @default the policy's remediation */
  fix?: string;
}

/** One violation at one place. */
export interface Finding {
  resource: Resource;
  path: string;
  found: string;
  expected: string;
  fix: string | undefined;
}

/** Collects what one policy has to say about one resource. */
export class Check {
  readonly resource: Resource;
  readonly findings: Finding[] = [];
  #notEvaluated: Set<string> | undefined;

  constructor(resource: Resource) {
    this.resource = resource;
  }

  /** The paths that could not be judged because their values are known only after the update. */
  get notEvaluated(): readonly string[] {
    return [...(this.#notEvaluated ?? [])];
  }

  /** Whether there is nothing to say. */
  get silent(): boolean {
    return this.findings.length === 0 && this.#notEvaluated === undefined;
  }

  /** Whether the value can be judged; if not, its path is reported as not evaluated. */
  known(field: Field): boolean {
    if (field.unknown) {
      (this.#notEvaluated ??= new Set()).add(field.path);
    }
    return !field.unknown;
  }

  /** Objects unless the value, undefined when absent, passes the test. An unknown value is reported as not evaluated. */
  expect(field: Field, test: (value: unknown) => boolean, objection: Objection): void {
    if (this.known(field) && !test(field.value)) {
      this.object(field, objection);
    }
  }

  /** The elements of a list that may be absent; an unknown list is reported as not evaluated. */
  items(field: Field): Field[] {
    return this.known(field) ? field.items() : [];
  }

  /** The entries of a map that may be absent; an unknown map is reported as not evaluated. */
  entries(field: Field): [key: string, field: Field][] {
    return this.known(field) ? field.entries() : [];
  }

  /** Reports a violation; once, however many containers share the setting. */
  object(field: Field, { expected, found = describe(field.value), fix }: Objection): void {
    const { path } = field;
    if (!this.findings.some((finding) => finding.path === path && finding.expected === expected)) {
      this.findings.push({ resource: this.resource, path, found, expected, fix });
    }
  }
}
