import { urnOf, type TestResource } from "../testing/analyzer.ts";
import type { Examples } from "../testing/examples.ts";
import { container, podSpec, workload } from "../testing/fixtures.ts";
import { inSystem } from "../testing/store-fixtures.ts";

const migrate = podSpec({ containers: [container({ name: "db-migrate", command: ["goose", "up"] })] });
const job: TestResource = { ...inSystem("archesai", workload(migrate, "Job")), name: "db-migrate" };
const service = (after: readonly TestResource[]): TestResource => ({
  ...inSystem("archesai", workload()),
  name: "api",
  dependencies: after.map(urnOf),
});

export const examples: Examples = {
  good: [{ title: "A service that waits for its migrations", resources: [job, service([job])] }],
  bad: [{ title: "A service that does not wait", resources: [job, service([])], property: "the resource itself" }],
};
