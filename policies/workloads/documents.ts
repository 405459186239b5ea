import { createRequire } from "node:module";
import type { Check, Resource } from "../frame/check.ts";
import { Field, textOf } from "../frame/field.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { CONFIG_MAP } from "./settings-files.ts";

/** A file of a ConfigMap whose text is a YAML or JSON document. */
export interface SettingsDocument {
  resource: StackResource;
  /** The document; paths go on from that of the file: `data["alerts.yml"].groups[0]`. */
  root: Field;
}

const FILE = /\.(?:ya?ml|json)$/;

/** Documents by their text; policies ask for the same ones again and again. */
const read = new Map<string, unknown>();
const REMEMBERED = 64;

/** The document of a text in YAML, of which JSON is a part; undefined when it cannot be read. */
export function readYaml(text: string): unknown {
  if (!read.has(text)) {
    if (read.size >= REMEMBERED) {
      read.clear();
    }
    read.set(text, parse(text));
  }
  return read.get(text);
}

/** The files of a stack's ConfigMaps whose documents have a key at their top; those not known yet are reported. */
export function documentsWith(stack: Stack, key: string): SettingsDocument[] {
  const maps = stack.resources.filter(({ type }) => type === CONFIG_MAP);
  return maps.flatMap((resource) => {
    return documentsOf(stack.check(resource), resource, key).map((root) => ({ resource, root }));
  });
}

/** The files of a ConfigMap whose documents have a key at their top; those not known yet are reported. */
export function documentsOf(check: Check, resource: Resource, key: string): Field[] {
  const mention = new RegExp(`^\\s*(?:${key}|"${key}"|\\{.*"${key}")\\s*:?`, "ms");
  const data = resource.properties.get("data");
  return check
    .entries(data)
    .filter(([name, field]) => !(FILE.test(name) && !check.known(field)) && mention.test(textOf(field.value)))
    .map(([, field]) => new Field(field.path, readYaml(textOf(field.value))))
    .filter((root) => !root.get(key).absent);
}

/** Whether a stack has files that are not known yet: what a policy misses may stand in them. */
export function undecidedFiles(stack: Stack): boolean {
  const maps = stack.resources.filter(({ type }) => type === CONFIG_MAP);
  return maps.some(({ properties }) => {
    const data = properties.get("data");
    return data.unknown || data.entries().some(([name, field]) => FILE.test(name) && field.unknown);
  });
}

/** Loaded when the first document is met: most stacks that are judged have none. */
function parse(text: string): unknown {
  const { load } = createRequire(import.meta.url)("js-yaml") as { load: (source: string) => unknown };
  try {
    return load(text);
  } catch {
    return undefined;
  }
}
