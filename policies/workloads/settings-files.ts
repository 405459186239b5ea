import type { Check } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { podOf } from "./kubernetes.ts";

export const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";

/** A file of settings that a pod mounts. */
export interface SettingsFile {
  /** Empty when not even the names of the files are known yet. */
  name: string;
  check: Check;
  field: Field;
  known: boolean;
}

/**
 * The files of the ConfigMaps that a workload mounts.
 *
 * Those that are not known yet are reported where they stand.
 *
 * @param wanted names of the files; others are passed over
 */
export function settingsFilesOf(stack: Stack, workload: StackResource, wanted: RegExp): SettingsFile[] {
  const namespace = namespaceOf(workload);
  const volumes = podOf(workload)?.spec.get("volumes").items() ?? [];
  const names = volumes.flatMap((volume) => [
    textOf(volume.get("configMap", "name").value),
    ...volume
      .get("projected", "sources")
      .items()
      .map((source) => textOf(source.get("configMap", "name").value)),
  ]);
  const maps = stack.resources.filter(({ type, properties }) => {
    return type === CONFIG_MAP && names.includes(textOf(properties.get("metadata", "name").value) || "?");
  });
  return maps
    .filter((map) => namespaceOf(map) === namespace)
    .flatMap((map) => {
      const check = stack.check(map);
      const data = map.properties.get("data");
      const entries = data.entries().filter(([name]) => wanted.test(name));
      const files: (readonly [string, Field])[] = check.known(data) ? entries : [["", data]];
      return files.map(([name, field]) => ({ name, check, field, known: check.known(field) }));
    });
}

/** The namespace of a Kubernetes resource. */
export function namespaceOf({ properties }: StackResource): string {
  return textOf(properties.get("metadata", "namespace").value) || "default";
}

/** The settings of a file such as redis.conf (`key value`) or postgresql.conf (`key = 'value'`), each with all its values. */
export function readSettings(text: unknown): ReadonlyMap<string, readonly string[]> {
  const settings = new Map<string, string[]>();
  for (const line of textOf(text).split("\n")) {
    const match = /^\s*([\w.-]+)(?:\s*=\s*|\s+)(.*?)\s*$/.exec(line.replace(/(^|\s)[#;].*$/, "$1"));
    if (match !== null) {
      const [, key = "", value = ""] = match;
      const plain = value.replace(/^(['"])(.*)\1$/, "$2");
      settings.set(key.toLowerCase(), [...(settings.get(key.toLowerCase()) ?? []), plain]);
    }
  }
  return settings;
}
