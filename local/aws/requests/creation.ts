import type { Inputs, Renames } from "../convert.ts";

export type { Inputs } from "../convert.ts";

/** One request to AWS, its parameters still written as inputs. */
export interface Step {
  /** As botocore calls it, such as "elbv2". */
  service: string;
  operation: string;
  /** Inputs that become parameters by their names. */
  inputs: Inputs;
  /** Where inputs go that their names do not lead to. @default none */
  renames?: Renames;
  /** Parameters that are given as AWS writes them. @default none */
  parameters?: Record<string, unknown>;
}

/** What AWS answered. */
export type Answer = Record<string, unknown>;

/** Outputs of a resource, its id among them. */
export type Outputs = Record<string, unknown>;

/** Where an account's resources are. */
export interface Place {
  region: string;
  accountId: string;
}

/** How one type of resource comes into being. */
export interface Creation {
  /** The first request. @default nothing is created: the resource only describes others */
  create?: (inputs: Inputs, place: Place) => Step;
  /** What shows the created resource as it is. @default the answer to the first request tells enough */
  read?: (inputs: Inputs, answer: Answer) => Step;
  /** What the program gets to see beside its inputs; an empty answer gives made-up outputs of the right form. */
  outputs?: (inputs: Inputs, answer: Answer, place: Place) => Outputs;
  /** Further requests, once it exists. @default none */
  then?: (inputs: Inputs, outputs: Outputs) => Step[];
}

/** Creations by type token. */
export type Creations = Readonly<Record<string, Creation>>;

/** A request. */
export function step(
  service: string,
  operation: string,
  inputs: Inputs,
  more: Pick<Step, "renames" | "parameters"> = {},
): Step {
  return { service, operation, inputs, ...more };
}

/** The inputs of these names, in a request of their own. */
export function pick(inputs: Inputs, ...names: string[]): Inputs {
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => names.includes(name)));
}

/** The inputs without those of these names. */
export function without(inputs: Inputs, ...names: string[]): Inputs {
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => !names.includes(name)));
}

/** A value inside an answer or an input; undefined when there is none. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>(
    (current, part) =>
      typeof current === "object" && current !== null ? (current as Record<string | number, unknown>)[part] : undefined,
    value,
  );
}

/** A text inside an answer, or the made-up one that stands for it. */
export function text(answer: unknown, path: readonly (string | number)[], otherwise: string): string {
  const found = at(answer, ...path);
  return typeof found === "string" ? found : otherwise;
}

/** The elements of a list, or the one element that stands in its place. */
export function elements(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

/** Tags as a list of keys and values. */
export function tagList(tags: unknown): { Key: string; Value: unknown }[] {
  return Object.entries((tags ?? {}) as Record<string, unknown>).map(([Key, Value]) => ({ Key, Value }));
}

/** The ARN of a resource in a place. */
export function arnAt({ region, accountId }: Place, service: string, resource: string): string {
  return `arn:aws:${service}:${region}:${accountId}:${resource}`;
}
