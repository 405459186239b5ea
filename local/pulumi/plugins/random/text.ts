import { randomInt } from "node:crypto";

/** What a random text may and must contain. */
export interface TextRules {
  length: number;
  lower: boolean;
  upper: boolean;
  numeric: boolean;
  special: boolean;
  minLower: number;
  minUpper: number;
  minNumeric: number;
  minSpecial: number;
  /** The special characters that may be used. @default `!@#$%&*()-_=+[]{}<>:?` */
  overrideSpecial: string;
}

/** The rules of a text that says nothing but its length. */
export const defaultRules: Omit<TextRules, "length"> = {
  lower: true,
  upper: true,
  numeric: true,
  special: true,
  minLower: 0,
  minUpper: 0,
  minNumeric: 0,
  minSpecial: 0,
  overrideSpecial: "!@#$%&*()-_=+[]{}<>:?",
};

/** What is wrong with the rules, by property. */
export function problemsOf(rules: TextRules): { property: string; reason: string }[] {
  const problems = ["length", "minLower", "minUpper", "minNumeric", "minSpecial"]
    .filter((name) => !isCount(rules[name as keyof TextRules], name === "length" ? 1 : 0))
    .map((property) => ({ property, reason: `must be a whole number of at least ${property === "length" ? 1 : 0}` }));
  if (problems.length > 0) return problems;
  const least = rules.minLower + rules.minUpper + rules.minNumeric + rules.minSpecial;
  if (rules.length < least) {
    return [
      {
        property: "length",
        reason: `is ${rules.length}, but the minimums of the kinds of characters add up to ${least}`,
      },
    ];
  }
  if (alphabet(rules) === "") {
    return [{ property: "", reason: "at least one of lower, upper, numeric and special must be allowed" }];
  }
  return [];
}

function isCount(value: unknown, least: number): boolean {
  return Number.isInteger(value) && (value as number) >= least;
}

/** A text that keeps the rules; every such text's characters are drawn uniformly from the system's randomness. */
export function randomText(rules: TextRules): string {
  const { lower, upper, numeric, special } = kinds(rules);
  const characters = [
    ...draw(lower, rules.minLower),
    ...draw(upper, rules.minUpper),
    ...draw(numeric, rules.minNumeric),
    ...draw(special, rules.minSpecial),
  ];
  characters.push(...draw(alphabet(rules), rules.length - characters.length));
  return shuffle(characters).join("");
}

function kinds({ overrideSpecial }: TextRules) {
  return {
    lower: "abcdefghijklmnopqrstuvwxyz",
    upper: "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    numeric: "0123456789",
    special: overrideSpecial,
  };
}

function alphabet(rules: TextRules): string {
  const { lower, upper, numeric, special } = kinds(rules);
  return [rules.lower && lower, rules.upper && upper, rules.numeric && numeric, rules.special && special]
    .filter(Boolean)
    .join("");
}

function draw(from: string, count: number): string[] {
  return Array.from({ length: count }, () => from[randomInt(from.length)] as string);
}

function shuffle(characters: string[]): string[] {
  for (let last = characters.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [characters[last], characters[other]] = [characters[other] as string, characters[last] as string];
  }
  return characters;
}
