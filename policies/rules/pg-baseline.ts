import type { Check, Resource } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import { type BySystem, valueFor } from "../workloads/by-system.ts";
import {
  clusterStoreOf,
  expectMaintained,
  isPostgres,
  majorOf,
  RDS_CLUSTER_INSTANCE,
  RDS_INSTANCE,
  serverOf,
} from "../workloads/databases.ts";
import { isDevelopment } from "../workloads/environment.ts";
import { sameSetting } from "../workloads/postgres-settings.ts";
import { readQuantity } from "../workloads/quantity.ts";
import { CONFIG_MAP, readSettings } from "../workloads/settings-files.ts";
import { atLeast } from "../workloads/values.ts";

interface Parameters {
  minVersion: BySystem<number>;
  minStorageGb: BySystem<number>;
  settings: BySystem<Readonly<Record<string, string>>>;
  preload: BySystem<readonly string[]>;
  extensions: BySystem<readonly string[]>;
}

const PARAMETER_GROUP = /^aws:rds\/(?:clusterParameterGroup:Cluster|parameterGroup:)ParameterGroup$/;
const PRELOAD = "shared_preload_libraries";

/** What RDS itself preloads when a parameter group does not say. */
const RDS_PRELOADS = "pg_stat_statements";

/** PostgreSQL is a supported version, keeps up to date, and is set as its system was measured with. */
export const pgBaseline = definePolicy<Parameters>({
  id: "POL-PG-BASELINE",
  title: "Postgres version, extensions, parameters and storage",
  severity: "medium",
  level: "mandatory",
  targets: ["aws", "kubernetes"],
  controls: { fsbp: ["RDS.7", "RDS.8", "RDS.13", "RDS.35"] },
  requirements: ["AR-SEC-02", "AR-SEC-04", "AR-SEC-20", "CC-SEC-22", "CC-SEC-33", "RB-SEC-01"],
  remediation: "Set what the system's definition asks of its database.",
  parameters: {
    minVersion: bySystem("Least major version, by system.", { type: "integer" }, { default: 14 }),
    minStorageGb: bySystem(
      "Least storage in GB, by system; development may have less.",
      { type: "number" },
      { archesai: 100, default: 0 },
    ),
    settings: bySystem(
      "Settings that must have these values, by system.",
      { type: "object" },
      {
        archesai: {
          max_connections: "200",
          shared_buffers: "2GB",
          effective_cache_size: "6GB",
          maintenance_work_mem: "512MB",
          checkpoint_completion_target: "0.9",
          wal_buffers: "16MB",
          default_statistics_target: "100",
          random_page_cost: "1.1",
          effective_io_concurrency: "200",
          work_mem: "10485kB",
          min_wal_size: "1GB",
          max_wal_size: "4GB",
        },
        default: {},
      },
    ),
    preload: bySystem(
      "Libraries to preload, by system.",
      { type: "array" },
      {
        archesai: ["pg_stat_statements"],
        default: [],
      },
    ),
    extensions: bySystem(
      "Extensions that files beside postgresql.conf have to name, by system.",
      { type: "array" },
      {
        archesai: ["vector", "pg_stat_statements"],
        default: [],
      },
    ),
  },
  check(check, resource, parameters) {
    const server = serverOf(resource);
    if (resource.type === RDS_CLUSTER_INSTANCE || (server !== undefined && isPostgres(server.engine))) {
      checkServer(check, resource, parameters);
    }
    if (PARAMETER_GROUP.test(resource.type)) {
      checkParameterGroup(check, resource, parameters);
    }
    if (resource.type === CONFIG_MAP) {
      checkFile(check, resource, parameters);
    }
    checkWorkload(check, resource, parameters);
  },
  remediate(draft) {
    const postgres = isPostgres(textOf(draft.get("engine").value).toLowerCase());
    if (draft.type === RDS_CLUSTER_INSTANCE || (draft.type === RDS_INSTANCE && postgres)) {
      const upgrades = draft.get("autoMinorVersionUpgrade");
      if (!upgrades.absent) {
        upgrades.set(true);
      }
    }
  },
});

/** A parameter that differs between systems. */
function bySystem<T>(
  description: string,
  additionalProperties: { type: "integer" | "number" | "object" | "array" },
  values: BySystem<T>,
) {
  return { type: "object" as const, additionalProperties, description, default: values };
}

function checkServer(check: Check, resource: Resource, parameters: Parameters): void {
  const { type, properties } = resource;
  const development = isDevelopment(resource);
  expectMaintained(check, resource, development);
  if (type === RDS_CLUSTER_INSTANCE) {
    return;
  }
  const least = valueFor(parameters.minVersion, resource) ?? 0;
  // Without the property AWS takes the newest.
  check.expect(properties.get("engineVersion"), (value) => value === undefined || (majorOf(value) ?? 0) >= least, {
    expected: `PostgreSQL ${least} or newer`,
  });
  const window = properties.get(type === RDS_INSTANCE ? "maintenanceWindow" : "preferredMaintenanceWindow");
  check.expect(window, (value) => textOf(value) !== "", {
    expected: "a time for maintenance, which AWS otherwise chooses by chance",
    fix: "Set the maintenance window to the quietest hour of the week.",
  });
  if (type === RDS_INSTANCE) {
    check.expect(properties.get("storageType"), (value) => value === undefined || /^(?:gp|io)\d$/.test(textOf(value)), {
      expected: "solid-state storage: gp3, gp2, io1 or io2",
      fix: "Set storageType to gp3.",
    });
    const storage = development ? 0 : (valueFor(parameters.minStorageGb, resource) ?? 0);
    if (storage > 0 && properties.get("replicateSourceDb").absent) {
      check.expect(properties.get("allocatedStorage"), atLeast(storage), { expected: `at least ${storage} GB` });
    }
  }
}

function checkParameterGroup(check: Check, resource: Resource, parameters: Parameters): void {
  const { properties } = resource;
  const list = properties.get("parameters");
  if (!/^(?:aurora-)?postgres/.test(textOf(properties.get("family").value)) || !check.known(list)) {
    return;
  }
  const given = new Map(list.items().map((entry) => [textOf(entry.get("name").value), entry.get("value")]));
  const fieldOf = (name: string) => given.get(name);
  checkSettings(check, resource, parameters, { at: list, fieldOf, preloads: RDS_PRELOADS });
}

/** The file of settings of a server in the cluster, and the extensions that the files beside it create. */
function checkFile(check: Check, resource: Resource, parameters: Parameters): void {
  const files = resource.properties.get("data");
  const file = files.get("postgresql.conf");
  if (file.absent || !check.known(file)) {
    return;
  }
  const given = readSettings(file.value);
  const textFor = (name: string) => given.get(name)?.at(-1);
  checkSettings(check, resource, parameters, { at: file, textOf: textFor, preloads: "" });
  const others = check.entries(files).filter(([name]) => name !== "postgresql.conf");
  const undecided = others.some(([, field]) => !check.known(field));
  for (const extension of valueFor(parameters.extensions, resource) ?? []) {
    const named = others.some(([, field]) => new RegExp(`\\b${extension}\\b`).test(textOf(field.value)));
    if (!named && !undecided) {
      check.object(files, {
        found: `no file that creates ${extension}`,
        expected: `the extension ${extension}`,
        fix: "Add it to the extensions of the database.",
      });
    }
  }
}

interface Given {
  /** Where a missing setting is reported. */
  at: Field;
  fieldOf?: (name: string) => Field | undefined;
  textOf?: (name: string) => string | undefined;
  /** What is preloaded where nothing is said. */
  preloads: string;
}

function checkSettings(check: Check, resource: Resource, parameters: Parameters, given: Given): void {
  const read = (name: string) => {
    const field = given.fieldOf?.(name);
    return {
      field: field ?? given.at,
      value: field ? textOf(field.value) : given.textOf?.(name),
      unknown: field?.unknown,
    };
  };
  for (const [name, expected] of Object.entries(valueFor(parameters.settings, resource) ?? {})) {
    const { field, value, unknown } = read(name);
    if (unknown) {
      check.known(field);
    } else if (value === undefined || !sameSetting(name, value, expected)) {
      check.object(field, { found: `${name} = ${value ?? "nothing"}`, expected: `${name} = ${expected}` });
    }
  }
  const { field, value, unknown } = read(PRELOAD);
  const preloaded = (value ?? given.preloads).split(",").map((library) => library.trim());
  for (const library of valueFor(parameters.preload, resource) ?? []) {
    if (unknown) {
      check.known(field);
    } else if (!preloaded.includes(library)) {
      check.object(field, { found: `${PRELOAD} = ${value ?? "nothing"}`, expected: `${library} in ${PRELOAD}` });
    }
  }
}

/** A server in the cluster: the version that its image names, and the size of its volumes. */
function checkWorkload(check: Check, resource: Resource, parameters: Parameters): void {
  const store = clusterStoreOf(resource);
  if (store?.engine !== "postgres") {
    return;
  }
  const least = valueFor(parameters.minVersion, resource) ?? 0;
  if (store.major !== undefined && store.major < least) {
    check.object(store.container.get("image"), { expected: `PostgreSQL ${least} or newer` });
  }
  const storage = isDevelopment(resource) ? 0 : (valueFor(parameters.minStorageGb, resource) ?? 0);
  for (const claim of storage > 0 ? check.items(resource.properties.get("spec", "volumeClaimTemplates")) : []) {
    const size = claim.get("spec", "resources", "requests", "storage");
    check.expect(size, (value) => (readQuantity(value) ?? 0) >= storage * 1e9, { expected: `at least ${storage}G` });
  }
}
