import { textOf } from "../frame/field.ts";

/** A switch that is on, as a truth value or as text. */
export function isOn(value: unknown): boolean {
  return value === true || value === "true";
}

/** A switch that nobody has turned off: on, or absent where the platform's default is on. */
export function isNotOff(value: unknown): boolean {
  return value !== false && value !== "false";
}

/** A test for a number, or a text that is one, from the least on. */
export function atLeast(least: number): (value: unknown) => boolean {
  return (value) => textOf(value).trim() !== "" && Number(value) >= least;
}
