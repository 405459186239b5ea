import { textOf } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import { isNotOff } from "../workloads/values.ts";

interface Parameters {
  categories: Readonly<Record<string, readonly string[]>>;
}

/** Somebody learns of what goes wrong with a database. */
export const awsRdsEvents = definePolicy<Parameters>({
  id: "POL-AWS-RDS-EVENTS",
  title: "RDS event subscriptions tell of critical events",
  severity: "low",
  level: "mandatory",
  targets: ["aws"],
  controls: { fsbp: ["RDS.19", "RDS.20", "RDS.21", "RDS.22"], soc2: ["CC7.2"] },
  requirements: ["CC-SEC-22"],
  remediation: "Name the categories in eventCategories, or none, which stands for all.",
  parameters: {
    categories: {
      type: "object",
      additionalProperties: { type: "array", items: { type: "string" } },
      description: "Categories of events that a subscription must tell of, by the type of its sources.",
      default: {
        "db-cluster": ["failure", "maintenance"],
        "db-instance": ["configuration change", "failure", "maintenance"],
        "db-parameter-group": ["configuration change"],
        "db-security-group": ["configuration change", "failure"],
      },
    },
  },
  check(check, { type, properties }, { categories }) {
    if (type !== "aws:rds/eventSubscription:EventSubscription") {
      return;
    }
    check.expect(properties.get("enabled"), isNotOff, { expected: "true", fix: "Remove enabled or set it to true." });
    const told = properties.get("eventCategories");
    const source = properties.get("sourceType");
    if (!check.known(told) || !check.known(source) || told.items().length === 0) {
      return;
    }
    const names = told.items();
    const required = Object.hasOwn(categories, textOf(source.value)) ? categories[textOf(source.value)] : [];
    const missing = (required ?? []).filter((category) => !names.some(({ value }) => value === category));
    if (missing.length > 0 && names.every((name) => check.known(name))) {
      check.object(told, { expected: missing.join(", ") });
    }
  },
  remediate(draft) {
    const enabled = draft.get("enabled");
    if (draft.type === "aws:rds/eventSubscription:EventSubscription" && !enabled.absent) {
      enabled.set(true);
    }
  },
});
