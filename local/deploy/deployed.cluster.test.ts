import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

import { ensureEngine } from "../pulumi/index.ts";
import { root } from "./stack-file.ts";
import { start } from "./start.ts";
import { ask, kubectl, objects, secretValues } from "./testing/cluster.ts";

const namespace = "worldstore";

interface Pod {
  spec: { containers: { name: string }[] };
  status: { phase: string; containerStatuses: { ready: boolean }[] };
}

interface ScrapeTarget {
  health: string;
  scrapeUrl: string;
  lastError: string;
  labels: { job: string };
}

async function activeTargets(): Promise<ScrapeTarget[]> {
  const text = await ask(namespace, "prometheus", 9090, "/api/v1/targets?state=active");
  return (JSON.parse(text) as { data: { activeTargets: ScrapeTarget[] } }).data.activeTargets;
}

// Does not prove anything about other clusters than the local one.
describe("worldstore on the local cluster", function () {
  this.timeout(20 * 60_000);

  before(async () => {
    await start({ stack: "dev" });
  });

  it("runs every pod Ready, in a namespace where the restricted Pod Security profile is enforced", async () => {
    const pods = (await objects<Pod>(namespace, "pods")).filter(({ metadata }) => !("deletionTimestamp" in metadata));
    for (const name of [
      "worldstore-agent",
      "worldstore-server",
      "order-queue-worker",
      "postgres",
      "redis",
      "orders",
      "prometheus",
      "alertmanager",
    ]) {
      assert(
        pods.some(({ metadata }) => metadata.name.startsWith(`${name}-`)),
        `no pod of ${name}`,
      );
    }
    for (const { metadata, status } of pods) {
      assert.equal(status.phase, "Running", metadata.name);
      assert(
        status.containerStatuses.every(({ ready }) => ready),
        `${metadata.name} is not ready`,
      );
    }
    const enforced = await kubectl(
      "get",
      "namespace",
      namespace,
      "-o",
      "jsonpath={.metadata.labels.pod-security\\.kubernetes\\.io/enforce}",
    );
    assert.equal(enforced, "restricted");
    await assert.rejects(
      kubectl("run", "intruder", "-n", namespace, "--image=images.local/none:1", "--dry-run=server"),
      /violates PodSecurity "restricted/,
    );
  });

  it("gives its service accounts no right beyond what every account has", async () => {
    const rights = (account: string) =>
      kubectl(
        ...["auth", "can-i", "--list", "-n", namespace, `--as=system:serviceaccount:${namespace}:${account}`],
        ...["--as-group=system:serviceaccounts", "--as-group=system:authenticated"],
      );
    const nobody = await rights("an-account-without-bindings");
    const accounts = await objects(namespace, "serviceaccounts");
    assert(accounts.length >= 8);
    for (const { metadata } of accounts) assert.equal(await rights(metadata.name), nobody, metadata.name);
  });

  it("has every target of Prometheus up", async () => {
    let targets = await activeTargets();
    // A new target is unknown until its first scrape, and down when that came before its pod: the next is 15 seconds later.
    for (const until = Date.now() + 60_000; Date.now() < until; targets = await activeTargets()) {
      if (targets.every(({ health }) => health === "up")) break;
      await sleep(1000);
    }
    const down = targets.filter(({ health }) => health !== "up");
    assert.deepEqual(
      down.map(({ scrapeUrl, lastError }) => `${scrapeUrl}: ${lastError}`),
      [],
    );
    const jobs = targets.map(({ labels }) => labels.job).join(" ");
    for (const job of ["worldstore-agent", "worldstore-server", "order-queue-worker", "redis", "orders"]) {
      assert(jobs.includes(job), `nothing is read from ${job}; jobs are ${jobs}`);
    }
  });

  it("has every alert of the specification in Prometheus, each with a severity", async () => {
    const answer = JSON.parse(await ask(namespace, "prometheus", 9090, "/api/v1/rules?type=alert")) as {
      data: { groups: { rules: { name: string; labels: { severity?: string } }[] }[] };
    };
    const rules = answer.data.groups.flatMap((group) => group.rules);
    assert.equal(rules.length, 14);
    for (const { name, labels } of rules) assert.match(labels.severity ?? "none", /^(critical|warning)$/, name);
  });

  it("keeps every secret value out of state, environment variables, settings and logs", async () => {
    const engine = await ensureEngine();
    const values = (await secretValues(namespace)).filter((value) => value.length >= 8);
    assert(values.length >= 20);
    const { stdout: state } = await engine.run(["stack", "export", "--stack", "dev"], { cwd: root });
    const pods = await objects(namespace, "pods");
    const logs = await Promise.all(
      pods.map(({ metadata }) => kubectl("logs", metadata.name, "-n", namespace, "--all-containers", "--tail=-1")),
    );
    const texts = {
      state,
      pods: JSON.stringify(pods),
      settings: JSON.stringify(await objects(namespace, "configmaps")),
      logs: logs.join("\n"),
    };
    for (const [where, text] of Object.entries(texts)) {
      assert(!values.some((value) => text.includes(value)), `a secret value is in the ${where}`);
    }
  });
});
