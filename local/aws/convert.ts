import type { ServiceModel, Shape } from "./model.ts";

/** Inputs of a resource as Pulumi writes them. */
export type Inputs = Record<string, unknown>;

/**
 * Where an input goes that its name does not lead to: by its path without indexes ("networkConfiguration.subnets"), the
 * member's path from the same structure ("awsvpcConfiguration.subnets"), or undefined when AWS is not told of it.
 */
export type Renames = Readonly<Record<string, string | undefined>>;

/** Parameters of a request, and which input each came from. */
export interface Converted {
  parameters: Record<string, unknown>;
  /** Paths of parameters, as in `formatted`, to paths of inputs. */
  sources: Map<string, string>;
  /** Inputs that lead nowhere. */
  unknown: string[];
}

/** A path as text: "VpcConfig.SubnetIds[0]". */
export function formatted(path: readonly (string | number)[]): string {
  return path.map((part, index) => (typeof part === "number" ? `[${part}]` : index === 0 ? part : `.${part}`)).join("");
}

/**
 * Writes inputs as an operation's parameters: members are found by their names, whatever their case and number; a block
 * becomes a list of one where AWS takes a list, a record of tags becomes a list of keys and values, and a JSON document
 * is read where AWS takes its parts.
 */
export function convert(model: ServiceModel, operation: string, inputs: Inputs, renames: Renames): Converted {
  const result: Converted = { parameters: {}, sources: new Map(), unknown: [] };
  const converter = new Converter(model, renames, result);
  result.parameters = converter.structure(model.input(operation), inputs, [], []);
  return result;
}

type Path = readonly (string | number)[];

class Converter {
  readonly #model: ServiceModel;
  readonly #renames: Renames;
  readonly #result: Converted;

  constructor(model: ServiceModel, renames: Renames, result: Converted) {
    this.#model = model;
    this.#renames = renames;
    this.#result = result;
  }

  structure(shape: Shape, inputs: Inputs, from: Path, to: Path): Record<string, unknown> {
    const made: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(inputs)) {
      const source = [...from, name];
      const key = source.filter((part) => typeof part === "string").join(".");
      const renamed = key in this.#renames;
      const target = renamed ? this.#renames[key]?.split(".") : memberOf(shape, name);
      if (value === undefined || value === null || (renamed && target === undefined)) continue;
      const found = target && this.#descend(shape, target);
      if (!found) this.#result.unknown.push(formatted(source));
      // An empty list says nothing where AWS asks for at least one element.
      else if (Array.isArray(value) && value.length === 0 && (found.shape.min ?? 0) > 0) continue;
      else this.#put(made, found.path, this.#value(found.shape, value, source, [...to, ...found.path]));
    }
    return made;
  }

  /** The shape at the end of a path of members, and their names as AWS writes them. */
  #descend(shape: Shape, path: readonly string[]): { shape: Shape; path: string[] } | undefined {
    const names: string[] = [];
    let current = shape;
    for (const step of path) {
      if (current.type === "map") {
        names.push(step);
        current = this.#model.shape(current.value ?? { shape: "" });
        continue;
      }
      const [name] = memberOf(current, step) ?? [];
      const member = name === undefined ? undefined : current.members?.[name];
      if (name === undefined || !member) return undefined;
      names.push(name);
      current = this.#model.shape(member);
    }
    return { shape: current, path: names };
  }

  #put(made: Record<string, unknown>, path: readonly string[], value: unknown): void {
    const [first = "", ...rest] = path;
    if (rest.length === 0) {
      const before = made[first];
      made[first] = isRecord(before) && isRecord(value) ? { ...before, ...value } : value;
    } else {
      const inner = (made[first] ??= {}) as Record<string, unknown>;
      this.#put(inner, rest, value);
    }
  }

  #value(shape: Shape, value: unknown, from: Path, to: Path): unknown {
    this.#result.sources.set(formatted(to), formatted(from));
    switch (shape.type) {
      case "structure":
        if (typeof value === "string") return parsed(value);
        if (Array.isArray(value) && value.length === 1) return this.#value(shape, value[0], from, to);
        return isRecord(value) ? this.structure(shape, value, from, to) : value;
      case "list":
        return typeof value === "string" && value.startsWith("[") ? parsed(value) : this.#list(shape, value, from, to);
      case "map": {
        if (!isRecord(value)) return typeof value === "string" ? parsed(value) : value;
        const element = this.#model.shape(shape.value ?? { shape: "" });
        return Object.fromEntries(
          Object.entries(value).map(([name, each]) => [
            name,
            this.#value(element, each, [...from, name], [...to, name]),
          ]),
        );
      }
      default:
        return scalar(shape, value);
    }
  }

  #list(shape: Shape, value: unknown, from: Path, to: Path): unknown {
    const element = this.#model.shape(shape.member ?? { shape: "" });
    const [key, held] = keyAndValue(element);
    if (key !== undefined && held !== undefined && isRecord(value) && memberOf(value, key) === undefined) {
      return Object.entries(value).map(([name, each], index) => {
        this.#result.sources.set(formatted([...to, index, key]), formatted([...from, name]));
        this.#result.sources.set(formatted([...to, index, held]), formatted([...from, name]));
        return { [key]: name, [held]: each };
      });
    }
    const elements: unknown[] = Array.isArray(value) ? value : [value];
    return elements.map((each, index) => this.#value(element, each, [...from, index], [...to, index]));
  }
}

/** The member that a name means, as a path of one step. */
function memberOf(shape: { members?: Shape["members"] } | Inputs, name: string): string[] | undefined {
  const members = Object.keys(("members" in shape ? shape.members : shape) ?? {});
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, "");
  const wanted = plain(name);
  const singular = [/s$/, /es$/].map((ending) => wanted.replace(ending, ""));
  const forms = [wanted, `${wanted}s`, `${wanted}es`, ...singular, wanted.replace(/ies$/, "y")];
  for (const form of forms) {
    const found = members.find((member) => plain(member) === form);
    if (found !== undefined) return [found];
  }
  return undefined;
}

/** The two members of a structure that is one entry of a record, such as a tag or a dimension. */
function keyAndValue(shape: Shape): [string | undefined, string | undefined] {
  const names = Object.keys(shape.members ?? {});
  if (names.length !== 2) return [undefined, undefined];
  const ending = (end: string) => names.find((name) => name.toLowerCase().endsWith(end));
  return [ending("key") ?? ending("name"), ending("value")];
}

function scalar(shape: Shape, value: unknown): unknown {
  const numeric =
    shape.type === "integer" || shape.type === "long" || shape.type === "double" || shape.type === "float";
  if (numeric && typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  if (shape.type === "boolean" && (value === "true" || value === "false")) return value === "true";
  if (shape.type !== "string") return value;
  if (typeof value === "number") return String(value);
  if (typeof value !== "boolean") return value;
  const words = value ? ["ENABLED", "enabled", "Enabled"] : ["DISABLED", "disabled", "Disabled"];
  return words.find((word) => shape.enum?.includes(word)) ?? String(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
