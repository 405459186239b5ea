import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import fc from "fast-check";

import { worldstore } from "../../stacks/worldstore.ts";
import { instancesOf } from "../spec/instances.ts";
import { declared } from "../spec/names.ts";
import { containerDefinitions, containersOf, taskSize } from "./containers.ts";
import { shopTarget } from "./testing/shop.ts";
import { anyTarget } from "./testing/specifications.ts";
import { workloadProblems } from "./workload-problems.ts";

const target = shopTarget();
const first = (workload: string) => ({ workload, number: 0 });
const names = (workload: string) => containersOf(target, workload, first(workload)).map(({ name }) => name);

describe("The containers of a task", () => {
  for (const workload of ["api", "writer", "report"]) {
    it(`of ${workload} are as last reviewed (UPDATE_GOLDEN=1 takes over new ones)`, () => {
      const golden = join(import.meta.dirname, `testdata/containers-${workload}.json`);
      const text = `${JSON.stringify(containersOf(target, workload, first(workload)), null, 2)}\n`;
      if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(golden, text);
      assert.equal(text, readFileSync(golden, "utf8"));
    });
  }

  it("are the service's own and those that its variables and metrics ask for", () => {
    assert.deepEqual(names("api"), ["api", "log-router", "collector"]);
    assert.deepEqual(names("writer"), ["writer", "log-router", "certificates", "collector"]);
    assert.deepEqual(names("migrate"), ["migrate", "log-router", "deadline"]);
  });

  it("of an instance have its own secrets and log streams", () => {
    const several = shopTarget();
    const writer = declared(several.system.services, "writer");
    writer.singleWriter = { instances: 2, ownSecrets: ["WALLET"] };
    const [, second] = instancesOf("writer", writer);
    assert(second);
    const [own] = containersOf(several, "writer", second);
    const prefix = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop/test";
    assert.deepEqual(own?.secrets, [
      { name: "KEY", valueFrom: `${prefix}/KEY` },
      { name: "WALLET", valueFrom: `${prefix}/WALLET_1` },
    ]);
    assert.equal(own?.logConfiguration?.options["log_stream_prefix"], "writer/writer-1/");
  });

  it("of worldstore's agent and server fit half a vCPU and 1 GiB (POL-RES-LIMITS)", () => {
    const system = worldstore({
      agentMode: "single",
      walletMode: "self-managed",
      logLevel: "info",
      xmtpEnvironment: "production",
    });
    const images = { ...target.settings.images, agent: "agent:1.0", "payment-server": "server:1.0" };
    const prod = { ...target, system, settings: { ...target.settings, images } };
    for (const service of ["worldstore-agent", "worldstore-server", "order-queue-worker"]) {
      assert.deepEqual(taskSize(prod, service), { cpu: 512, memory: 1024 });
    }
  });

  it("do not depend on the order of the specification's keys", () => {
    const turned = shopTarget();
    const api = declared(turned.system.services, "api");
    api.variables = Object.fromEntries(Object.entries(api.variables).reverse());
    assert.equal(containerDefinitions(turned, "api", first("api")), containerDefinitions(target, "api", first("api")));
  });
});

describe("The containers of any task", () => {
  it("are valid, hardened, without a secret, watched, logged and within the task's size", () => {
    fc.assert(
      fc.property(anyTarget, ({ target, service }) => {
        const text = containerDefinitions(target, service, first(service));
        const containers = JSON.parse(text) as ReturnType<typeof containersOf>;
        assert.doesNotMatch(text, /tok-0123456789|0xabab/);
        for (const container of containers) {
          assert.equal(container.user, "10001:10001");
          assert.equal(container.readonlyRootFilesystem, true);
          assert.deepEqual(container.linuxParameters.capabilities, { drop: ["ALL"] });
          assert.equal(container.privileged, false);
          assert(container.memoryReservation <= container.memory);
          assert(container.logConfiguration !== undefined);
          for (const { valueFrom } of container.secrets) assert.match(valueFrom, /^arn:aws:secretsmanager:/);
          for (const { containerName } of container.dependsOn ?? []) {
            assert(containers.some(({ name }) => name === containerName));
          }
        }
        assert.equal(new Set(containers.map(({ name }) => name)).size, containers.length);
        assert(containers[0]?.healthCheck !== undefined);
        const size = taskSize(target, service);
        const problems = workloadProblems(target.system).filter(({ message }) => /memory|limit|request/.test(message));
        assert.equal(size === undefined, problems.length > 0);
        if (!size) return;
        assert(containers.reduce((sum, { memory }) => sum + memory, 0) <= size.memory);
        assert(containers.reduce((sum, { cpu }) => sum + cpu, 0) <= size.cpu);
      }),
      { numRuns: 200 },
    );
  });
});
