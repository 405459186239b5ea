import { textOf } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import { serverOf } from "../workloads/databases.ts";

interface Parameters {
  logs: Readonly<Record<string, readonly string[]>>;
}

const CLUSTER_PARAMETERS = "aws:rds/clusterParameterGroup:ClusterParameterGroup";

/** What a database logs leaves its server, which may be the next to fail. */
export const awsRdsLogs = definePolicy<Parameters>({
  id: "POL-AWS-RDS-LOGS",
  title: "RDS servers publish their logs",
  severity: "medium",
  level: "mandatory",
  targets: ["aws"],
  controls: {
    fsbp: ["RDS.9", "RDS.34", "RDS.36", "RDS.37", "RDS.40", "RDS.42", "RDS.45"],
    pci: ["10.2.1"],
    soc2: ["CC7.2"],
  },
  requirements: ["CC-SEC-22", "RB-SEC-01"],
  remediation: "Name the logs in enabledCloudwatchLogsExports.",
  parameters: {
    logs: {
      type: "object",
      additionalProperties: { type: "array", items: { type: "string" } },
      description: "Logs to publish, by the engine or what its name begins with.",
      default: {
        postgres: ["postgresql", "upgrade"],
        "aurora-postgresql": ["postgresql"],
        mysql: ["audit", "error", "general", "slowquery"],
        mariadb: ["audit", "error", "general", "slowquery"],
        "aurora-mysql": ["audit"],
        sqlserver: ["agent", "error"],
        oracle: ["alert", "audit", "listener", "trace"],
      },
    },
  },
  check(check, resource, { logs }) {
    const server = serverOf(resource);
    const exports = resource.properties.get("enabledCloudwatchLogsExports");
    if (server !== undefined && check.known(exports)) {
      const given = exports.items();
      const missing = logsOf(server.engine, logs).filter((log) => !given.some(({ value }) => value === log));
      if (missing.length > 0 && given.every((log) => check.known(log))) {
        check.object(exports, { expected: missing.join(", ") });
      }
    }
    const family = textOf(resource.properties.get("family").value);
    const parameters = resource.properties.get("parameters");
    if (resource.type === CLUSTER_PARAMETERS && family.startsWith("aurora-mysql") && check.known(parameters)) {
      const entry = parameters.items().find((item) => item.get("name").value === "server_audit_logging");
      check.expect(
        entry?.get("value") ?? parameters,
        (value) => entry !== undefined && /^(?:1|on)$/i.test(textOf(value)),
        {
          ...(entry === undefined && { found: "no parameter server_audit_logging" }),
          expected: "server_audit_logging = 1",
          fix: "Set the parameter server_audit_logging to 1.",
        },
      );
    }
  },
  remediate(draft, { logs }) {
    const engine = textOf(draft.get("engine").value).toLowerCase();
    const exports = draft.get("enabledCloudwatchLogsExports");
    const given = exports.absent ? [] : exports.value;
    if (/^aws:rds\/(?:instance:Instance|cluster:Cluster)$/.test(draft.type) && Array.isArray(given)) {
      const missing = logsOf(engine, logs).filter((log) => !given.includes(log));
      if (missing.length > 0) {
        exports.set([...(given as unknown[]), ...missing]);
      }
    }
  },
});

function logsOf(engine: string, logs: Parameters["logs"]): readonly string[] {
  const key = Object.keys(logs).find((name) => engine === name || engine.startsWith(`${name}-`));
  return key === undefined ? [] : (logs[key] ?? []);
}
