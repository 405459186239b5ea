import type { Check, Resource } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { clusterStoreOf, DOCDB_CLUSTER, DOCDB_INSTANCE } from "../workloads/databases.ts";
import { isDevelopment } from "../workloads/environment.ts";
import { refersTo } from "../workloads/links.ts";
import { atLeast, isOn } from "../workloads/values.ts";

interface Parameters {
  members: number;
  backupDays: number;
}

const PARAMETER_GROUP = "aws:docdb/clusterParameterGroup:ClusterParameterGroup";
const OPERATED = "kubernetes:mongodbcommunity.mongodb.com/v1:MongoDBCommunity";

/** A document store has members to elect a new primary from, and neither traffic nor files in the clear. */
export const mongoHardened = definePolicy<Parameters>({
  id: "POL-MONGO-HARDENED",
  title: "MongoDB or DocumentDB replica set, TLS, encryption, backups",
  severity: "high",
  level: "mandatory",
  targets: ["aws", "kubernetes"],
  controls: {
    fsbp: ["DocumentDB.1", "DocumentDB.2", "DocumentDB.4", "DocumentDB.5"],
    pci: ["4.2.1", "10.2.1"],
  },
  requirements: ["EB-SEC-11"],
  remediation: "Run three members with TLS and users, encrypted and backed up.",
  parameters: {
    members: { type: "integer", minimum: 3, description: "Members of a replica set.", default: 3 },
    backupDays: { type: "integer", minimum: 1, maximum: 35, description: "Days of backups.", default: 7 },
  },
  check(check, resource, parameters) {
    const { type, properties } = resource;
    if (type === DOCDB_CLUSTER) {
      checkCluster(check, resource, parameters);
    } else if (type === PARAMETER_GROUP) {
      checkParameterGroup(check, properties.get("parameters"));
    } else if (type === OPERATED) {
      expectMembers(check, resource, properties.get("spec", "members"), parameters);
      check.expect(properties.get("spec", "security", "tls", "enabled"), isOn, {
        expected: "true: TLS for members and clients",
      });
    } else {
      checkServer(check, resource, parameters);
    }
  },
  checkStack(stack, { members }) {
    for (const cluster of stack.index.ofType(DOCDB_CLUSTER)) {
      if (!isDevelopment(cluster)) {
        checkMembers(stack, cluster, members);
      }
    }
  },
  remediate(draft, { backupDays }) {
    if (draft.type === DOCDB_CLUSTER) {
      draft.get("storageEncrypted").set(true);
      draft.get("deletionProtection").set(true);
      const days = draft.get("backupRetentionPeriod");
      if (!days.unknown && !days.secret && !atLeast(backupDays)(days.value)) {
        days.set(backupDays);
      }
      const exports = draft.get("enabledCloudwatchLogsExports");
      const logs = exports.absent ? [] : exports.value;
      if (Array.isArray(logs) && !logs.includes("audit")) {
        exports.set([...(logs as unknown[]), "audit"]);
      }
    }
  },
});

function checkCluster(check: Check, resource: Resource, { backupDays }: Parameters): void {
  const { properties } = resource;
  check.expect(properties.get("storageEncrypted"), isOn, { expected: "true", fix: "Set storageEncrypted to true." });
  const development = isDevelopment(resource);
  const days = development ? 1 : backupDays;
  // Without the property AWS keeps one day.
  check.expect(properties.get("backupRetentionPeriod"), (value) => atLeast(days)(value ?? 1), {
    expected: `at least ${days} ${days === 1 ? "day" : "days"}`,
    fix: "Set backupRetentionPeriod.",
  });
  const logs = properties.get("enabledCloudwatchLogsExports");
  check.expect(logs, () => logs.items().some((log) => log.unknown || log.value === "audit"), {
    expected: "the audit log",
    fix: "Add audit to enabledCloudwatchLogsExports.",
  });
  if (!development) {
    check.expect(properties.get("deletionProtection"), isOn, {
      expected: "true",
      fix: "Set deletionProtection to true.",
    });
  }
}

/** TLS is on unless the group turns it off; the audit log is off unless the group turns it on. */
function checkParameterGroup(check: Check, list: Field): void {
  if (!check.known(list)) {
    return;
  }
  const named = (name: string) =>
    list
      .items()
      .find((item) => item.get("name").value === name)
      ?.get("value");
  check.expect(named("tls") ?? list.get("tls"), (value) => value !== "disabled", {
    expected: "tls not disabled",
    fix: "Remove the parameter tls.",
  });
  const audit = named("audit_logs");
  check.expect(audit ?? list, (value) => audit !== undefined && !["disabled", "none"].includes(textOf(value)), {
    ...(audit === undefined && { found: "no parameter audit_logs" }),
    expected: "audit_logs enabled",
    fix: "Set the parameter audit_logs to enabled.",
  });
}

function checkMembers(stack: Stack, cluster: StackResource, members: number): void {
  const instances = stack.index.ofType(DOCDB_INSTANCE);
  const place = (instance: StackResource) => instance.properties.get("clusterIdentifier");
  const own = instances.filter((one) => refersTo(one, place(one), cluster, ["clusterIdentifier", "id"]));
  const astray = instances.filter(
    (one) => place(one).unknown && !one.propertyDependencies["clusterIdentifier"]?.length,
  );
  astray.forEach((one) => stack.check(one).known(place(one)));
  if (own.length < members && astray.length === 0) {
    stack.check(cluster).object(cluster.properties.get("clusterIdentifier"), {
      found: `${own.length} ${own.length === 1 ? "member" : "members"}`,
      expected: `at least ${members} members`,
      fix: "Add instances of aws.docdb.ClusterInstance in other zones.",
    });
  }
}

/** A server in the cluster, as its command line starts it. */
function checkServer(check: Check, resource: Resource, parameters: Parameters): void {
  const store = clusterStoreOf(resource);
  if (store?.engine !== "mongodb") {
    return;
  }
  expectMembers(check, resource, resource.properties.get("spec", "replicas"), parameters);
  const parts = [store.container.get("command"), store.container.get("args")].flatMap((field) => check.items(field));
  const words = parts.filter((part) => check.known(part)).map(({ value }) => textOf(value));
  const line = ` ${words.join(" ").replaceAll("=", " ")} `;
  // A file of settings may say what the command line does not.
  if (check.notEvaluated.length > 0 || / (?:--config|-f) /.test(line)) {
    return;
  }
  const expectOption = (option: RegExp, found: string, expected: string) => {
    if (!option.test(line)) {
      check.object(store.container.get("args"), { found, expected, fix: `Start mongod with ${expected}.` });
    }
  };
  expectOption(/ --replSet \S/, "no replica set", "--replSet NAME");
  expectOption(/ --tlsMode requireTLS /, "connections without TLS", "--tlsMode requireTLS");
  expectOption(/ --(?:auth|keyFile|clusterAuthMode) /, "no users", "--keyFile FILE");
}

function expectMembers(check: Check, resource: Resource, field: Field, { members }: Parameters): void {
  if (!isDevelopment(resource)) {
    check.expect(field, atLeast(members), { expected: `at least ${members} members` });
  }
}
