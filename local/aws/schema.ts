import { partPatternOf } from "./constraints.ts";

/** The part of JSON Schema in which AWS's rules about resources are written. */
export interface Schema {
  type?: string | readonly string[];
  enum?: readonly unknown[];
  const?: unknown;
  pattern?: string;
  format?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  multipleOf?: number;
  minItems?: number;
  maxItems?: number;
  items?: Schema;
  contains?: Schema;
  properties?: Readonly<Record<string, Schema | boolean>>;
  required?: readonly string[];
  allOf?: readonly Schema[];
  anyOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  not?: Schema;
  if?: Schema;
  then?: Schema;
  else?: Schema;
}

/** What of a value a schema does not take. */
export interface SchemaViolation {
  /** The property; empty for the whole. */
  property: string;
  message: string;
}

/** Forms that AWS's schemas name and JSON Schema does not know. */
const formats: Record<string, RegExp> = {
  "AWS::EC2::SecurityGroup.Id": /^sg-([a-z0-9]{8}|[a-z0-9]{17})$/,
  "AWS::EC2::SecurityGroup.Ids": /^sg-([a-z0-9]{8}|[a-z0-9]{17})$/,
  "AWS::EC2::Subnet.Ids": /^subnet-([a-z0-9]{8}|[a-z0-9]{17})$/,
  "AWS::EC2::VPC.Id": /^vpc-([a-z0-9]{8}|[a-z0-9]{17})$/,
  "AWS::IAM::Role.Arn": /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
  "AWS::KMS::Key.Arn": /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(key|alias)\/[\w/-]+$/,
  "ipv4-network": /^\d{1,3}(\.\d{1,3}){3}\/([0-9]|[12][0-9]|3[0-2])$/,
};

/** Judges a value by a schema. */
export function schemaViolations(schema: Schema, value: unknown, property = ""): SchemaViolation[] {
  const all = [...ofValue(schema, value), ...ofNumber(schema, value)].map((message) => ({ property, message }));
  const nested = (parts: readonly Schema[] = []) => parts.flatMap((part) => schemaViolations(part, value, property));
  all.push(...nested(schema.allOf));
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives && !alternatives.some((part) => fits(part, value))) {
    const [nearest] = alternatives.map((part) => nested([part])).sort((a, b) => a.length - b.length);
    all.push(...(nearest ?? []));
  }
  if (schema.not && fits(schema.not, value)) all.push({ property, message: "is a combination that AWS excludes" });
  if (schema.if) all.push(...nested(fits(schema.if, value) ? only(schema.then) : only(schema.else)));
  if (Array.isArray(value) && schema.items) {
    all.push(...value.flatMap((each) => schemaViolations(schema.items ?? {}, each, property)));
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return all;
  const record = value as Record<string, unknown>;
  for (const name of schema.required ?? [])
    if (record[name] === undefined) all.push({ property: name, message: "is missing and required here" });
  for (const [name, part] of Object.entries(schema.properties ?? {})) {
    if (record[name] === undefined) continue;
    if (part === false) all.push({ property: name, message: "is not allowed here" });
    else if (part !== true) all.push(...schemaViolations(part, record[name], name));
  }
  return all;
}

const only = (schema: Schema | undefined): Schema[] => (schema === undefined ? [] : [schema]);
const fits = (schema: Schema, value: unknown): boolean => schemaViolations(schema, value).length === 0;

function ofValue(schema: Schema, value: unknown): string[] {
  const text = typeof value === "string" ? value : String(value);
  const problems: string[] = [];
  if (schema.type !== undefined && ![schema.type].flat().some((type) => isOfType(value, type)))
    problems.push(`is ${JSON.stringify(value)}, not of type ${[schema.type].flat().join(" or ")}`);
  // Numbers are written as texts in some requests and as numbers in others.
  const allowed = "const" in schema ? [schema.const] : schema.enum;
  if (allowed && !allowed.some((each) => String(each) === text && typeof value !== "object"))
    problems.push(`is "${text}"; allowed are ${allowed.join(", ")}`);
  if (typeof value !== "object" && schema.pattern !== undefined && !partPatternOf(schema.pattern).test(text))
    problems.push(`is "${text}", which does not match ${schema.pattern}`);
  const format = schema.format === undefined ? undefined : formats[schema.format];
  const parts = Array.isArray(value) ? (value as unknown[]) : [value];
  if (format && parts.some((part) => !format.test(String(part))))
    problems.push(`is "${parts.join(", ")}", which is no ${schema.format}`);
  if (Array.isArray(value) && schema.contains && !value.some((each) => fits(schema.contains ?? {}, each)))
    problems.push("lacks an element that is required here");
  return problems;
}

function ofNumber(schema: Schema, value: unknown): string[] {
  const size = Array.isArray(value) ? value.length : typeof value === "string" ? value.length : undefined;
  const number = typeof value === "number" ? value : /^-?\d+(\.\d+)?$/.test(String(value)) ? Number(value) : undefined;
  const { minimum, maximum, multipleOf } = schema;
  const [least, most, unit] = Array.isArray(value)
    ? [schema.minItems, schema.maxItems, "elements"]
    : [schema.minLength, schema.maxLength, "characters"];
  const problems: string[] = [];
  if (size !== undefined && least !== undefined && size < least)
    problems.push(`has ${size} ${unit}; at least ${least} are needed`);
  if (size !== undefined && most !== undefined && size > most)
    problems.push(`has ${size} ${unit}; at most ${most} are allowed`);
  if (number === undefined) return problems;
  if (minimum !== undefined && number < minimum) problems.push(`is ${number}; at least ${minimum} is needed`);
  if (maximum !== undefined && number > maximum) problems.push(`is ${number}; at most ${maximum} is allowed`);
  if (multipleOf !== undefined && number % multipleOf !== 0)
    problems.push(`is ${number}, no multiple of ${multipleOf}`);
  return problems;
}

function isOfType(value: unknown, type: string): boolean {
  if (type === "array") return Array.isArray(value);
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
  if (type === "integer") return Number.isInteger(value) || /^-?\d+$/.test(String(value));
  if (type === "number") return typeof value === "number" || /^-?\d+(\.\d+)?$/.test(String(value));
  if (type === "boolean") return typeof value === "boolean" || value === "true" || value === "false";
  return type !== "string" || typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
