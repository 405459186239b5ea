import type { Check, Resource } from "../frame/check.ts";
import { textOf } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import { expectMaintained, isPostgres, RDS_CLUSTER_INSTANCE, RDS_INSTANCE, serverOf } from "../workloads/databases.ts";
import { isDevelopment } from "../workloads/environment.ts";
import { atLeast, isOn } from "../workloads/values.ts";

interface Parameters {
  defaultUsers: string[];
}

const PROXY = "aws:rds/proxy:Proxy";
/** Engines that let identities of IAM in. */
const IAM_ENGINES = /^(?:aurora-)?(?:mysql|postgres|postgresql|mariadb)$/;

/** What AWS advises for servers of RDS of every engine, beyond what the systems themselves ask for. */
export const awsRds = definePolicy<Parameters>({
  id: "POL-AWS-RDS",
  title: "RDS servers watched, maintained and without default users",
  severity: "medium",
  level: "mandatory",
  targets: ["aws"],
  controls: {
    fsbp: ["RDS.6", "RDS.7", "RDS.8", "RDS.10", "RDS.12", "RDS.13", "RDS.14", "RDS.24", "RDS.25", "RDS.35", "RDS.43"],
    pci: ["2.2.2"],
  },
  requirements: ["RB-SEC-01", "CC-SEC-22", "CC-SEC-33"],
  remediation: "Set what the finding expects.",
  parameters: {
    defaultUsers: {
      type: "array",
      items: { type: "string" },
      description: "Names of administrators that everybody would guess.",
      default: ["admin", "administrator", "awsuser", "postgres", "root", "sa"],
    },
  },
  check(check, resource, parameters) {
    const { type, properties } = resource;
    if (type === RDS_INSTANCE || type === RDS_CLUSTER_INSTANCE) {
      check.expect(properties.get("monitoringInterval"), atLeast(1), {
        expected: "enhanced monitoring at least every 60 seconds",
        fix: "Set monitoringInterval to 60 and monitoringRoleArn.",
      });
    }
    if (type === PROXY) {
      check.expect(properties.get("requireTls"), isOn, { expected: "true", fix: "Set requireTls to true." });
    }
    checkServer(check, resource, parameters);
  },
  remediate(draft) {
    const engine = textOf(draft.get("engine").value).toLowerCase();
    if ([RDS_INSTANCE, "aws:rds/cluster:Cluster"].includes(draft.type) && IAM_ENGINES.test(engine)) {
      draft.get("iamDatabaseAuthenticationEnabled").set(true);
    }
    if (draft.type === PROXY) {
      draft.get("requireTls").set(true);
    }
  },
});

function checkServer(check: Check, resource: Resource, { defaultUsers }: Parameters): void {
  const { properties } = resource;
  const server = serverOf(resource);
  if (server === undefined) {
    return;
  }
  if (!isPostgres(server.engine) && !server.replica) {
    // The policy about PostgreSQL says the same of its servers.
    expectMaintained(check, resource, isDevelopment(resource));
  }
  if (IAM_ENGINES.test(server.engine)) {
    check.expect(properties.get("iamDatabaseAuthenticationEnabled"), isOn, {
      expected: "true",
      fix: "Set iamDatabaseAuthenticationEnabled to true.",
    });
  }
  if (server.engine === "aurora-mysql") {
    check.expect(properties.get("backtrackWindow"), atLeast(1), {
      expected: "seconds to go back to without a restore",
      fix: "Set backtrackWindow, best to 259200 (72 hours).",
    });
  }
  const user = properties.get(server.kind === "instance" ? "username" : "masterUsername");
  // A server from a snapshot or a source has its administrator from there.
  check.expect(user, (value) => !defaultUsers.includes(textOf(value).toLowerCase()), {
    expected: "a name of its own",
    fix: "Choose another name for the administrator.",
  });
}
