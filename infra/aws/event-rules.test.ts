import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";

import { find, record } from "../testing/record.ts";
import { EventRules, toldEvents } from "./event-rules.ts";
import { Topics } from "./notifications.ts";
import { shopTarget } from "./testing/shop.ts";

describe("Events of AWS", () => {
  it("are told by severity", () => {
    const severities = Object.entries(toldEvents(shopTarget())).map(([name, { severity }]) => [name, severity]);
    assert.deepEqual(Object.fromEntries(severities), {
      "database-trouble": "critical",
      "deployment-failed": "critical",
      "suspicion-found": "warning",
      "task-failed": "warning",
      "threat-found": "critical",
    });
  });

  it("are those of the system's own clusters, databases and vault", () => {
    const events = toldEvents(shopTarget());
    const ecs = "arn:aws:ecs:eu-central-1:111122223333";
    assert.deepEqual(events["deployment-failed"]?.pattern["resources"], [
      { prefix: `${ecs}:service/shop-test-shop/` },
      { prefix: `${ecs}:service/shop-test-webcluster/` },
    ]);
    assert.deepEqual(events["task-failed"]?.pattern["detail"], {
      clusterArn: [`${ecs}:cluster/shop-test-shop`, `${ecs}:cluster/shop-test-webcluster`],
      lastStatus: ["STOPPED"],
      $or: [
        { stopCode: ["TaskFailedToStart"] },
        { stopCode: ["EssentialContainerExited"], containers: { exitCode: [{ "anything-but": [0] }] } },
      ],
    });
    assert.deepEqual(events["database-trouble"]?.pattern["detail"], {
      EventCategories: ["failover", "failure", "low storage"],
      SourceIdentifier: ["shop-test-db-primary"],
    });
    assert.deepEqual(events["suspicion-found"]?.pattern["detail"], { severity: [{ numeric: [">=", 4, "<", 7] }] });
  });

  it("of GuardDuty are another stack's where that owns the account", () => {
    const target = shopTarget();
    target.aws = { ...target.aws, ownsAccount: false };
    assert(Object.keys(toldEvents(target)).every((name) => !name.endsWith("-found")));
  });

  it("of tasks are none where services run elsewhere", () => {
    assert.deepEqual(Object.keys(toldEvents(shopTarget(), "stores")), ["database-trouble"]);
  });

  it("go to the topic of their severity", async () => {
    const target = shopTarget();
    const resources = await record(() => {
      const topics = new Topics("topics", { target, keys: { arn: () => pulumi.output("key") } }, {});
      new EventRules("events", { target, topics }, {});
    });
    const rule = find(resources, "aws:cloudwatch/eventRule:EventRule", "events-task-failed");
    assert.equal(rule.inputs["name"], "shop-test-task-failed");
    assert.deepEqual(JSON.parse(String(rule.inputs["eventPattern"])), toldEvents(target)["task-failed"]?.pattern);
    const told = find(resources, "aws:cloudwatch/eventTarget:EventTarget", "events-task-failed-target");
    assert.deepEqual(told.inputs, {
      rule: "shop-test-task-failed",
      targetId: "warning",
      arn: "arn:aws:sns:eu-central-1:111122223333:shop-test-warning",
    });
    assert(told.dependencies.includes("topics-warning-policy"));
  });
});
