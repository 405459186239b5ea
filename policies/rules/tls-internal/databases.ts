import type { Check, Resource } from "../../frame/check.ts";
import { textOf, type Field } from "../../frame/field.ts";

/** The setting by which each engine refuses plain connections, and the version from which on it is on by default. */
const ENGINES: readonly { engine: RegExp; setting: string; from: number }[] = [
  { engine: /^postgres/, setting: "rds.force_ssl", from: 15 },
  { engine: /^aurora-postgresql/, setting: "rds.force_ssl", from: 17 },
  { engine: /^(?:mysql|mariadb|aurora-mysql)/, setting: "require_secure_transport", from: Infinity },
  { engine: /^sqlserver/, setting: "rds.force_ssl", from: Infinity },
];

/** The groups of settings say that plain connections are refused, or leave it to a default that does. */
export function checkParameterGroup(check: Check, { type, properties }: Resource): void {
  const rds = /^aws:rds\/(?:clusterP|p)arameterGroup:/.test(type);
  const docdb = /^aws:docdb\/clusterParameterGroup:/.test(type);
  if (!(rds || docdb) || !check.known(properties.get("family"))) {
    return;
  }
  const family = textOf(properties.get("family").value);
  const list = properties.get("parameters");
  const rule = ENGINES.find(({ engine }) => engine.test(family));
  const setting = docdb ? "tls" : rule?.setting;
  if (setting === undefined || !check.known(list)) {
    return;
  }
  const entry = list.items().find((item) => item.get("name").value === setting);
  const value = entry?.get("value");
  // The ending of an engine's family is its version: postgres17, aurora-postgresql16, docdb5.0.
  const safe = docdb || Number(/(\d+)(?:\.\d+)?$/.exec(family)?.[1] ?? 0) >= (rule?.from ?? 0);
  if (value === undefined) {
    expectSetting(list, safe);
  } else {
    check.expect(value, (text) => /^(?:1|on|true|enabled|fips-140-3|tls1\.[23]\+)$/i.test(textOf(text)), {
      expected: `${setting} on`,
    });
  }

  function expectSetting(field: Field, fine: boolean): void {
    if (!fine && !list.items().some((item) => item.get("name").unknown)) {
      check.object(field, { found: `no ${String(setting)}`, expected: `${String(setting)} on` });
    }
  }
}

/** A server without a group of its own has the defaults of its engine and version. */
export function checkServer(check: Check, { type, properties }: Resource): void {
  const instance = type.startsWith("aws:rds/instance:");
  if ((!instance && !type.startsWith("aws:rds/cluster:")) || !properties.get("replicateSourceDb").absent) {
    return;
  }
  const group = properties.get(instance ? "parameterGroupName" : "dbClusterParameterGroupName");
  const [engine, version] = [properties.get("engine"), properties.get("engineVersion")];
  const custom = textOf(group.value) !== "" && !textOf(group.value).startsWith("default.");
  if (group.unknown || custom || !check.known(engine) || !check.known(version)) {
    return;
  }
  const rule = ENGINES.find((candidate) => candidate.engine.test(textOf(engine.value)));
  // Without a version AWS takes its newest, whose default refuses plain connections where any version's does.
  const major = version.absent ? Number.MAX_SAFE_INTEGER : Number.parseInt(textOf(version.value), 10);
  if (rule !== undefined && !(major >= rule.from)) {
    check.object(group, {
      found: group.absent ? "no group of settings" : textOf(group.value),
      expected: `a parameter group with ${rule.setting} on`,
    });
  }
}
