import type { Check } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import type { Stack, StackIndex, StackResource } from "../frame/stack.ts";
import { containersOf, podOf } from "./kubernetes.ts";

/** A Kubernetes Secret of the stack, or what makes one: its keys, undefined when nobody can tell them yet. */
export interface SecretSource {
  namespace: string;
  name: string;
  keys: readonly string[] | undefined;
}

/** A place that names a Secret, and a key of it if it takes one only. */
export interface SecretReference {
  namespace: string;
  name: Field;
  key?: Field;
}

/** The Secrets that a stack makes, itself or through a controller. */
export function secretSources(stack: Stack): readonly SecretSource[] {
  return stack.index.derive(readSources);
}

function readSources({ resources }: StackIndex): SecretSource[] {
  return resources.flatMap((resource) => {
    const source = sourceOf(resource);
    return source === undefined ? [] : [{ namespace: namespaceOf(resource), ...source }];
  });
}

function sourceOf({ type, properties }: StackResource): Pick<SecretSource, "name" | "keys"> | undefined {
  const own = textOf(properties.get("metadata", "name").value);
  const spec = properties.get("spec");
  if (/^kubernetes:bitnami\.com\/v\w+:SealedSecret$/.test(type)) {
    const name = textOf(spec.get("template", "metadata", "name").value) || own;
    return { name, keys: keysOf(spec.get("encryptedData"), spec.get("template", "data")) };
  }
  if (/^kubernetes:external-secrets\.io\/v\w+:ExternalSecret$/.test(type)) {
    const keys = spec
      .get("data")
      .items()
      .map((item) => item.get("secretKey"));
    const known = spec.get("dataFrom").absent && keys.every((key) => !key.unknown);
    return {
      name: textOf(spec.get("target", "name").value) || own,
      keys: known ? keys.map((key) => textOf(key.value)) : undefined,
    };
  }
  if (/^kubernetes:cert-manager\.io\/v\w+:Certificate$/.test(type)) {
    return { name: textOf(spec.get("secretName").value), keys: ["tls.crt", "tls.key", "ca.crt"] };
  }
  return type === "kubernetes:core/v1:Secret"
    ? { name: own, keys: keysOf(properties.get("data"), properties.get("stringData")) }
    : undefined;
}

function keysOf(...maps: readonly Field[]): string[] | undefined {
  return maps.some((map) => map.unknown) ? undefined : maps.flatMap((map) => map.entries().map(([key]) => key));
}

/** Where a pod names Secrets, but for those that may be missing. */
export function secretReferences(check: Check, workload: StackResource): SecretReference[] {
  const pod = podOf(workload);
  if (pod === undefined) {
    return [];
  }
  const namespace = namespaceOf(workload);
  const containers = containersOf(check, pod).map(({ field }) => field);
  const variables = containers
    .flatMap((container) => check.items(container.get("env")))
    .map((variable) => variable.get("valueFrom", "secretKeyRef"));
  const wholes = containers
    .flatMap((container) => check.items(container.get("envFrom")))
    .map((source) => source.get("secretRef"));
  const volumes = check.items(pod.spec.get("volumes"));
  const mounted = volumes.map((volume) => volume.get("secret"));
  const projected = volumes
    .flatMap((volume) => check.items(volume.get("projected", "sources")))
    .map((source) => source.get("secret"));
  const needed = (field: Field) => !field.absent && field.get("optional").value !== true;
  return [
    ...variables.filter(needed).map((field) => ({ namespace, name: field.get("name"), key: field.get("key") })),
    ...wholes.filter(needed).map((field) => ({ namespace, name: field.get("name") })),
    ...mounted.filter(needed).flatMap((field) => withItems(namespace, field.get("secretName"), field.get("items"))),
    ...projected.filter(needed).flatMap((field) => withItems(namespace, field.get("name"), field.get("items"))),
  ];
}

function withItems(namespace: string, name: Field, items: Field): SecretReference[] {
  return items.absent
    ? [{ namespace, name }]
    : items.items().map((item) => ({ namespace, name, key: item.get("key") }));
}

/** The variables that a container has, by name or as files; undefined when nobody can tell them yet. */
export function boundNames(stack: Stack, workload: StackResource, container: Field): Set<string> | undefined {
  const sources = secretSources(stack).filter(({ namespace }) => namespace === namespaceOf(workload));
  const keys = (name: string) => sources.find((source) => source.name === name)?.keys;
  const names = container
    .get("env")
    .items()
    .map((variable) => textOf(variable.get("name").value));
  const lists: (readonly string[] | undefined)[] = [names];
  for (const source of container.get("envFrom").items()) {
    const secret = source.get("secretRef", "name");
    const prefix = textOf(source.get("prefix").value);
    // What a ConfigMap gives is not followed: its keys may be anything.
    lists.push(secret.absent ? undefined : keys(textOf(secret.value))?.map((key) => prefix + key));
  }
  const mounts = container
    .get("volumeMounts")
    .items()
    .map((mount) => textOf(mount.get("name").value));
  for (const volume of podOf(workload)?.spec.get("volumes").items() ?? []) {
    const secret = volume.get("secret");
    if (mounts.includes(textOf(volume.get("name").value)) && !secret.absent) {
      const items = secret.get("items");
      const paths = items.items().map((item) => textOf(item.get("path").value).split("/").at(-1) ?? "");
      lists.push(items.absent ? keys(textOf(secret.get("secretName").value)) : paths);
    }
  }
  const open = container.get("env").unknown || lists.includes(undefined);
  return open ? undefined : new Set(lists.flatMap((list) => list ?? []));
}

function namespaceOf({ properties }: StackResource): string {
  return textOf(properties.get("metadata", "namespace").value) || "default";
}
