import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";

import { find, record } from "../testing/record.ts";
import type { Duration } from "../spec/units.ts";
import {
  logGroupArn,
  logGroupName,
  LogGroups,
  logLevels,
  logPurposes,
  platformLogGroup,
  retentionDays,
  retentionInDays,
  retentionProblems,
} from "./logs.ts";
import { shop, shopTarget } from "./testing/shop.ts";
import type { Target } from "./target.ts";

const type = "aws:cloudwatch/logGroup:LogGroup";
const keys = { arn: (purpose: string) => pulumi.output(`key-${purpose}`) };
const groupsOf = (target: Target) => record(() => new LogGroups("logs", { target, keys }, {}));

describe("Log groups", () => {
  it("are one for each level, with its retention and the operations key", async () => {
    const groups = await groupsOf(shopTarget());
    const found = logLevels.map((level) => find(groups, type, `logs-${level}`));
    assert.deepEqual(
      found.map(({ inputs }) => [inputs["name"], inputs["retentionInDays"], inputs["kmsKeyId"], inputs["tags"]]),
      (
        [
          ["error", 30],
          ["warn", 14],
          ["info", 7],
          ["debug", 1],
        ] as const
      ).map(([level, days]) => [`/shop/test/${level}`, days, "key-operations", { component: "logs" }]),
    );
    assert(found.every(({ protect, parent }) => !protect && parent === "logs"));
  });

  it("of audits are kept for a year and protected where the profile says so", async () => {
    for (const profile of ["dev", "production"] as const) {
      const groups = await groupsOf(shopTarget(profile));
      const { inputs, protect } = find(groups, type, "logs-platform-flow-logs");
      assert.equal(inputs["retentionInDays"], 365);
      assert.equal(protect, profile === "production");
      assert.equal(inputs["deletionProtectionEnabled"], profile === "production");
    }
  });

  it("are only for what the system has", () => {
    const target = shopTarget();
    assert.deepEqual(logPurposes(target).sort(), [
      "collector",
      "flow-logs",
      "functions",
      "log-router",
      "metrics",
      "redis",
      "trail",
      "waf",
    ]);
    const { orders } = target.system.stores;
    assert(orders);
    const small = {
      system: { ...target.system, publicEndpoints: {}, stores: { orders } },
      aws: { ...target.aws, ownsAccount: false },
    };
    assert.deepEqual(logPurposes(small).sort(), ["collector", "flow-logs", "functions", "log-router", "metrics"]);
    const network = {
      vpcId: "vpc-0",
      cidr: "10.0.0.0/16",
      publicSubnetIds: [],
      privateSubnetIds: [],
      dataSubnetIds: [],
    };
    assert(!logPurposes({ ...target, aws: { ...target.aws, network } }).includes("flow-logs"));
  });

  it("are those of the managed stores and their network where services run elsewhere", async () => {
    const groups = await record(() => new LogGroups("logs", { target: shopTarget(), keys, scope: "stores" }, {}));
    assert.deepEqual(
      groups.filter((resource) => resource.type === type).map(({ name }) => name),
      ["logs-platform-flow-logs", "logs-platform-functions", "logs-platform-redis"],
    );
  });

  it("have names that tell what they are, with the prefix that WAF demands", () => {
    const target = shopTarget();
    assert.equal(logGroupName(target, "error"), "/shop/test/error");
    assert.equal(platformLogGroup(target, "collector"), "/shop/test/platform/collector");
    assert.equal(platformLogGroup(target, "waf"), "aws-waf-logs-shop/test/platform/waf");
    assert.equal(
      logGroupArn(target, logGroupName(target, "info")),
      "arn:aws:logs:eu-central-1:111122223333:log-group:/shop/test/info",
    );
  });
});

describe("The retention of logs", () => {
  it("is the shortest that CloudWatch has and that is long enough", () => {
    const duration = fc
      .tuple(fc.integer({ min: 1, max: 3653 }), fc.constantFrom("h", "d"))
      .map(([amount, unit]) => `${amount} ${unit}` as Duration);
    fc.assert(
      fc.property(duration, (retention) => {
        const days = Number.parseInt(retention, 10) / (retention.endsWith("h") ? 24 : 1);
        const kept = retentionInDays(retention);
        assert(kept >= days);
        assert(retentionDays.every((legal) => legal >= kept || legal < days));
      }),
    );
  });

  it("is refused above what CloudWatch has", () => {
    const logRetention = { ...shop().logRetention, error: "3653 d", debug: "3654 d" } as const;
    assert.deepEqual(retentionProblems({ logRetention }), [
      {
        where: "logRetention.debug",
        message: "a log retention of 3654 d is not supported on ecs: set it to at most 3653 d.",
      },
    ]);
  });
});
