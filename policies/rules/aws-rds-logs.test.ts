import assert from "node:assert/strict";
import { UNKNOWN, type TestResource } from "../testing/analyzer.ts";
import { remediated, verdictRemediated } from "../testing/in-process.ts";
import { verdict } from "../testing/pack.ts";
import { rdsCluster, rdsInstance, rdsReplica } from "../testing/store-fixtures.ts";
import { awsRdsLogs } from "./aws-rds-logs.ts";

const POLICY = "aws-rds-logs";
const judge = (resource: TestResource, parameters = {}) => verdict(POLICY, resource, { [POLICY]: { parameters } });
const of = (engine: string, logs: unknown) => judge(rdsInstance({ engine, enabledCloudwatchLogsExports: logs }));
const cluster = (engine: string, logs: unknown) => judge(rdsCluster({ engine, enabledCloudwatchLogsExports: logs }));
const group = (parameters: unknown, family = "aurora-mysql8.0"): TestResource => ({
  type: "aws:rds/clusterParameterGroup:ClusterParameterGroup",
  properties: { family, parameters },
});

describe("POL-AWS-RDS-LOGS (CC-SEC-22, RB-SEC-01)", () => {
  it("accepts servers of every engine that publish their logs", async () => {
    assert.deepEqual(await judge(rdsInstance()), []);
    assert.deepEqual(await judge(rdsCluster()), []);
    for (const engine of ["mysql", "mariadb"]) {
      assert.deepEqual(await of(engine, ["slowquery", "general", "error", "audit"]), [], engine);
    }
    assert.deepEqual(await of("sqlserver-se", ["error", "agent"]), []);
    assert.deepEqual(await of("oracle-ee", ["alert", "audit", "listener", "trace"]), []);
    assert.deepEqual(await cluster("aurora-mysql", ["audit"]), []);
    assert.deepEqual(await of("db2-se", undefined), []);
    assert.deepEqual(await judge(rdsReplica({ enabledCloudwatchLogsExports: undefined })), []);
  });

  it("rejects servers that publish none or not all", async () => {
    const found = (text: string) => [`mandatory enabledCloudwatchLogsExports: ${text}`];
    assert.deepEqual(await of("postgres", undefined), found("nothing"));
    assert.deepEqual(await of("postgres", ["postgresql"]), found('["postgresql"]'));
    assert.deepEqual(await of("mysql", ["audit", "error", "general"]), found('["audit", "error", "general"]'));
    assert.deepEqual(await of("mariadb", []), found("[]"));
    assert.deepEqual(await of("sqlserver-ex", ["error"]), found('["error"]'));
    assert.deepEqual(await cluster("aurora-postgresql", ["upgrade"]), found('["upgrade"]'));
    assert.deepEqual(await cluster("aurora-mysql", ["error"]), found('["error"]'));
    assert.deepEqual(
      await judge(rdsInstance(), { logs: { postgres: ["iam-db-auth-error"] } }),
      found('["postgresql", "upgrade"]'),
    );
  });

  it("wants the audit log of Aurora MySQL turned on", async () => {
    const audit = (value: unknown) => group([{ name: "server_audit_logging", value }]);
    assert.deepEqual(await judge(audit("1")), []);
    assert.deepEqual(await judge(audit("ON")), []);
    assert.deepEqual(await judge(audit("0")), ['mandatory parameters[0].value: "0"']);
    assert.deepEqual(await judge(group([])), ["mandatory parameters: no parameter server_audit_logging"]);
    assert.deepEqual(await judge(group([], "aurora-postgresql16")), []);
    assert.deepEqual(await judge(group(UNKNOWN)), ["advisory not evaluated: parameters"]);
  });

  it("waits for lists that are not known yet", async () => {
    assert.deepEqual(await of("postgres", UNKNOWN), ["advisory not evaluated: enabledCloudwatchLogsExports"]);
    assert.deepEqual(await of("postgres", ["upgrade", UNKNOWN]), [
      "advisory not evaluated: enabledCloudwatchLogsExports[1]",
    ]);
  });

  it("is put right by adding what is missing", () => {
    const quiet = rdsInstance({ enabledCloudwatchLogsExports: ["upgrade"] });
    assert.deepEqual(verdictRemediated(awsRdsLogs, quiet), { verdict: [], idempotent: true });
    const fixed = remediated(awsRdsLogs, rdsCluster({ enabledCloudwatchLogsExports: undefined }));
    assert.deepEqual(fixed.properties["enabledCloudwatchLogsExports"], ["postgresql"]);
    const properties = { engine: "postgres", enabledCloudwatchLogsExports: [] };
    const other = { type: "aws:docdb/cluster:Cluster", properties };
    assert.deepEqual(remediated(awsRdsLogs, other), other);
    for (const right of [rdsInstance(), rdsInstance({ engine: "db2-se" }), group([])]) {
      assert.deepEqual(remediated(awsRdsLogs, right), right);
    }
  });
});
