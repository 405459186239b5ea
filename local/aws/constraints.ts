import type { ServiceModel, Shape } from "./model.ts";

/** A value of a request that AWS would refuse. */
export interface Violation {
  /** Members and indexes, such as ["VpcConfig", "SubnetIds", 0]. */
  path: readonly (string | number)[];
  /** What is wrong and what is allowed, as the end of a sentence. */
  message: string;
}

type Path = Violation["path"];

/** What of a request's parameters its operation does not take. */
export function violations(model: ServiceModel, operation: string, parameters: unknown): Violation[] {
  return check(model, model.input(operation), parameters, []);
}

function check(model: ServiceModel, shape: Shape, value: unknown, path: Path): Violation[] {
  if (shape.document) return [];
  const refuse = (message: string): Violation[] => [{ path, message }];
  switch (shape.type) {
    case "structure":
      return isRecord(value) ? checkStructure(model, shape, value, path) : refuse(`is ${kind(value)}, not a structure`);
    case "list": {
      if (!Array.isArray(value)) return refuse(`is ${kind(value)}, not a list`);
      const element = model.shape(shape.member ?? { shape: "" });
      return [
        ...checkSize(shape, value.length, "elements", path),
        ...value.flatMap((each, index) => check(model, element, each, [...path, index])),
      ];
    }
    case "map": {
      if (!isRecord(value)) return refuse(`is ${kind(value)}, not a map`);
      const [key, element] = [model.shape(shape.key ?? { shape: "" }), model.shape(shape.value ?? { shape: "" })];
      return [
        ...checkSize(shape, Object.keys(value).length, "entries", path),
        ...Object.entries(value).flatMap(([name, each]) => [
          ...check(model, key, name, [...path, name]),
          ...check(model, element, each, [...path, name]),
        ]),
      ];
    }
    case "string":
      return typeof value === "string" ? checkText(shape, value, path) : refuse(`is ${kind(value)}, not a text`);
    case "integer":
    case "long":
      return typeof value === "number" && Number.isInteger(value)
        ? checkSize(shape, value, "", path)
        : refuse(`is ${kind(value)}, not a whole number`);
    case "double":
    case "float":
      return typeof value === "number" ? checkSize(shape, value, "", path) : refuse(`is ${kind(value)}, not a number`);
    case "boolean":
      return typeof value === "boolean" ? [] : refuse(`is ${kind(value)}, not true or false`);
    case "blob":
    case "timestamp":
      return typeof value === "string" ? [] : refuse(`is ${kind(value)}, not a text`);
  }
}

function checkStructure(model: ServiceModel, shape: Shape, value: Record<string, unknown>, path: Path): Violation[] {
  const members = shape.members ?? {};
  const missing = (shape.required ?? []).filter(
    (name) => value[name] === undefined && !members[name]?.idempotencyToken,
  );
  const found = missing.map((name) => ({ path: [...path, name], message: "is missing and required" }));
  if (shape.union && Object.keys(value).length !== 1)
    found.push({ path: [...path], message: `takes exactly one of ${Object.keys(members).join(", ")}` });
  for (const [name, each] of Object.entries(value)) {
    const member = members[name];
    if (member) found.push(...(check(model, model.shape(member), each, [...path, name]) as typeof found));
    else found.push({ path: [...path, name], message: `is unknown; allowed are ${Object.keys(members).join(", ")}` });
  }
  return found;
}

function checkText(shape: Shape, value: string, path: Path): Violation[] {
  const found = checkSize(shape, [...value].length, "characters", path);
  if (shape.enum && !shape.enum.includes(value))
    found.push({ path, message: `is "${value}"; allowed are ${shape.enum.join(", ")}` });
  if (shape.pattern !== undefined && !patternOf(shape.pattern).test(value))
    found.push({ path, message: `is "${shorten(value)}", which does not match ${shape.pattern}` });
  return found;
}

function checkSize({ min, max }: Shape, size: number, unit: string, path: Path): Violation[] {
  const counted = unit === "" ? `is ${size}` : `has ${size} ${unit}`;
  if (min !== undefined && size < min) return [{ path, message: `${counted}; at least ${min} are needed` }];
  if (max !== undefined && size > max) return [{ path, message: `${counted}; at most ${max} are allowed` }];
  return [];
}

const patterns = new Map<string, RegExp>();

/**
 * A published pattern as a regular expression. Those of older services mean the whole text without saying so; those with
 * an anchor say what they mean.
 */
export function patternOf(pattern: string): RegExp {
  return compiled(pattern, /^\(?\^|\$\)?$/.test(pattern) ? pattern : `^(?:${pattern})$`);
}

/** A published pattern that means any part of a text, as in JSON Schema. */
export function partPatternOf(pattern: string): RegExp {
  return compiled(pattern, pattern);
}

/** Java's regular expressions differ a little. */
function compiled(pattern: string, whole: string): RegExp {
  const known = patterns.get(whole);
  if (known) return known;
  const plain = whole
    .replace("(?s)", "")
    .replace(/\\Z$/, "$")
    .replaceAll("\\p{Print}", "[\\x20-\\x7E]")
    .replaceAll("\\uD800\\uDC00-\\uDBFF\\uDFFF", "\\u{10000}-\\u{10FFFF}");
  // Java and JavaScript differ in what may be escaped; only these two need the mode that minds it.
  const flags = `${/\\[pu]\{/.test(plain) ? "u" : ""}${pattern.includes("(?s)") ? "s" : ""}`;
  const made = new RegExp(plain, flags);
  patterns.set(whole, made);
  return made;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function kind(value: unknown): string {
  if (value === null || value === undefined) return "empty";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "a structure" : `${JSON.stringify(value)}`;
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
