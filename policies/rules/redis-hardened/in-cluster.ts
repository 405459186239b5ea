import type { Check, Resource } from "../../frame/check.ts";
import { textOf, type Field } from "../../frame/field.ts";
import type { Stack, StackResource } from "../../frame/stack.ts";
import { valueFor } from "../../workloads/by-system.ts";
import { clusterStoreOf } from "../../workloads/databases.ts";
import { isDevelopment } from "../../workloads/environment.ts";
import { atLeast } from "../../workloads/values.ts";
import { CONFIG_MAP, namespaceOf, readSettings, settingsFilesOf } from "../../workloads/settings-files.ts";
import type { RedisParameters } from "../redis-hardened.ts";

const FILE = /^(?:redis|valkey)\.conf$/;
const SETTINGS = /^(?:(?:redis|valkey)\.conf|users\.(?:json|acl))$/;
const USERS_FILE = /^users\.(?:json|acl)$/;

/** A queue must not evict what nobody has worked on, so what is asked of caches is not asked of it. */
function isQueue({ properties }: Resource): boolean {
  return /queue/.test(textOf(properties.get("metadata", "labels", "app.kubernetes.io/component").value));
}

/** The file of settings of a server in the cluster. */
export function checkRedisFile(check: Check, resource: Resource, parameters: RedisParameters): void {
  if (resource.type !== CONFIG_MAP) {
    return;
  }
  const files = check.entries(resource.properties.get("data")).filter(([name]) => FILE.test(name));
  for (const [, file] of files.filter(([, field]) => check.known(field))) {
    checkSettings(check, resource, file, parameters);
  }
}

function checkSettings(check: Check, resource: Resource, file: Field, parameters: RedisParameters): void {
  const settings = readSettings(file.value);
  const expectSetting = (name: string, expected: string) => {
    const value = settings.get(name)?.at(-1);
    if (expected !== "" && value?.toLowerCase() !== expected) {
      check.object(file, { found: `${name} ${value ?? "not set"}`, expected: `${name} ${expected}` });
    }
  };
  if (!isQueue(resource)) {
    expectSetting("maxmemory-policy", valueFor(parameters.eviction, resource) ?? "");
    expectSetting("maxmemory", isDevelopment(resource) ? "" : (valueFor(parameters.maxmemory, resource) ?? ""));
  }
  const appends = settings.get("appendonly")?.at(-1) === "yes";
  if (valueFor(parameters.appendOnly, resource)) {
    expectSetting("appendonly", "yes");
  }
  // Redis saves by itself unless a line says otherwise; `save ""` takes all points away.
  const points = (settings.get("save") ?? ["3600 1 300 100 60 10000"]).join(" ").trim();
  const missing = (valueFor(parameters.save, resource) ?? []).filter((point) => !` ${points} `.includes(` ${point} `));
  if (missing.length > 0) {
    check.object(file, { found: `save ${points || '""'}`, expected: `save points ${missing.join(", ")}` });
  }
  if (points === "" && !appends) {
    check.object(file, {
      found: "neither save points nor an append-only file",
      expected: "data that outlives a restart: appendonly yes, or save points",
    });
  }
}

/** What a server in the cluster is told by its arguments and its files together. */
export function checkRedisServers(stack: Stack, parameters: RedisParameters): void {
  for (const server of stack.resources) {
    const store = clusterStoreOf(server);
    if (store?.engine === "redis" && !isSentinel(store.container)) {
      checkServer(stack, server, store.container, parameters);
    }
  }
}

function checkServer(stack: Stack, server: StackResource, container: Field, parameters: RedisParameters): void {
  const check = stack.check(server);
  const files = settingsFilesOf(stack, server, SETTINGS);
  const settings = files.filter(({ name }) => FILE.test(name)).map(({ field }) => readSettings(field.value));
  const words = [...check.items(container.get("command")), ...check.items(container.get("args"))];
  const line = words.filter((word) => check.known(word)).map(({ value }) => textOf(value));
  const told = (names: readonly string[]) =>
    settings.some((lines) => names.some((name) => lines.has(name))) ||
    line.some((word) => names.some((name) => word.includes(`--${name}`)));
  const undecided = check.notEvaluated.length > 0 || files.some(({ known }) => !known);
  const expectTold = (names: readonly string[], expected: string, fix: string) => {
    if (!undecided && !told(names)) {
      check.object(container.get("args"), { found: `no ${names.join(" or ")}`, expected, fix });
    }
  };
  expectTold(["tls-port"], "connections over TLS only", "Give the server a certificate and tls-port, and port 0.");
  if (!files.some(({ name }) => USERS_FILE.test(name))) {
    expectTold(
      ["requirepass", "aclfile", "user"],
      "users with passwords",
      "Give each service a user of its own in an ACL file.",
    );
  }
  if (!isDevelopment(server) && !isQueue(server)) {
    checkCopies(stack, server, parameters);
  }
}

/** Copies of a cache, and who decides which of them takes over. */
function checkCopies(stack: Stack, server: StackResource, parameters: RedisParameters): void {
  const check = stack.check(server);
  const replicas = server.properties.get("spec", "replicas");
  const least = valueFor(parameters.minNodes, server) ?? 0;
  check.expect(replicas, (value) => atLeast(least)(value ?? 1), { expected: `at least ${least} servers` });
  const quorum = valueFor(parameters.sentinelQuorum, server) ?? 0;
  if (quorum === 0) {
    return;
  }
  const maps = stack.resources.filter((map) => map.type === CONFIG_MAP && namespaceOf(map) === namespaceOf(server));
  const file = maps.map((map) => map.properties.get("data", "sentinel.conf")).find((field) => !field.absent);
  const monitor = readSettings(file?.value)
    .get("sentinel")
    ?.find((line) => line.startsWith("monitor "));
  const agreed = monitor?.split(/\s+/)[4];
  if (file?.unknown) {
    check.known(file);
  } else if (agreed !== String(quorum)) {
    check.object(server.properties.get("spec", "template"), {
      found: monitor === undefined ? "no sentinel" : `a quorum of ${agreed ?? "nothing"}`,
      expected: `sentinels with a quorum of ${quorum}`,
      fix: "Run three sentinels whose sentinel.conf monitors the server.",
    });
  }
}

function isSentinel(container: Field): boolean {
  const words = [...container.get("command").items(), ...container.get("args").items()];
  return words.some(({ value }) => textOf(value).includes("sentinel"));
}
