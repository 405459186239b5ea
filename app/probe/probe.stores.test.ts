import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { afterEach, describe, it } from "mocha";

import { useStores } from "../../local/testing/stores/hooks.ts";
import { freePort } from "../../local/testing/stores/server.ts";
import { eventually, getJson, ServiceProcess } from "../testing/service-process.ts";
import { roles } from "../testing/surroundings.ts";

describe("the probe with real stores", function () {
  this.timeout(60_000);
  const stores = useStores(roles);
  const running: ServiceProcess[] = [];
  const passwords = () => [...roles.map(({ password }) => password), stores().redis.password, stores().queue.password];

  /** Starts the probe with good wiring and the given changes of it. */
  const start = async (change: {
    specification?: Record<string, unknown>;
    secrets?: Record<string, string>;
    environment?: Record<string, string>;
  }) => {
    const directory = await mkdtemp(join(stores().directory, "probe-"));
    const secretsFolder = join(directory, "secrets");
    const volume = join(directory, "volume");
    const file = join(directory, "specification.json");
    await mkdir(secretsFolder);
    await mkdir(volume);
    const secrets = {
      DATABASE_URL: stores().postgres.url("worldstore_server"),
      REDIS_URL: stores().redis.url,
      QUEUE_URL: stores().queue.url,
      ...change.secrets,
    };
    for (const [name, text] of Object.entries(secrets)) await writeFile(join(secretsFolder, name), text);
    const [http, tcp] = [await freePort(), await freePort()];
    const specification = {
      service: "example-api",
      ports: [
        { name: "http", port: http },
        { name: "grpc", port: tcp, protocol: "grpc" },
      ],
      health: [{ path: "/healthz", port: "http" }],
      metrics: { path: "/metrics", port: http, names: ["orders_total"] },
      variables: ["NODE_ENV"],
      secrets: Object.keys(secrets),
      stores: [
        { name: "database", engine: "postgres", urlVariable: "DATABASE_URL" },
        { name: "cache", engine: "redis", urlVariable: "REDIS_URL" },
        { name: "orders", engine: "queue", urlVariable: "QUEUE_URL" },
      ],
      volumes: [{ path: volume }],
      ...change.specification,
    };
    await writeFile(file, JSON.stringify(specification));
    const probe = new ServiceProcess(["app/probe/main.ts"], {
      PROBE_SPECIFICATION: file,
      PROBE_PATIENCE_MS: "0",
      SECRETS_DIR: secretsFolder,
      NODE_ENV: "production",
      NODE_EXTRA_CA_CERTS: stores().certificateAuthority,
      ...change.environment,
    });
    running.push(probe);
    return { probe, url: `http://127.0.0.1:${http}`, tcp, volume };
  };
  const refused = async (change: Parameters<typeof start>[0]) => {
    const { probe } = await start(change);
    assert.equal(await probe.ended, 1, probe.output);
    const last = probe.lines().at(-1);
    return ((last?.["problems"] as string[] | undefined) ?? [last?.message]).join(" ");
  };

  afterEach(async () => {
    const ended = running.splice(0);
    await Promise.all(ended.map((probe) => probe.destroy()));
    for (const { output } of ended) {
      for (const password of passwords()) assert.ok(!output.includes(password), `the log contains ${password}`);
    }
  });

  it("passes good wiring: health path, metrics and a port without HTTP answer, and it stops with 0", async () => {
    const { probe, url, tcp, volume } = await start({});
    await probe.line("All checks passed.");
    const { status, body } = await getJson(`${url}/healthz`);
    assert.equal(status, 200);
    assert.deepEqual(body, {
      service: "example-api",
      port: "http",
      status: "healthy",
      checks: {
        "store database": "passed",
        "store cache": "passed",
        "store orders": "passed",
        [`volume ${volume}`]: "passed",
      },
    });
    const metrics = await (await fetch(`${url}/metrics`)).text();
    assert.match(metrics, /^orders_total nan$/im);
    assert.match(metrics, /^probe_check_passed\{check="store cache"\} 1$/m);
    const socket = connect(tcp, "127.0.0.1");
    await once(socket, "connect");
    socket.destroy();
    assert.equal(await probe.stop(), 0);
  });

  it("ends a job with 0 after its checks", async () => {
    const { probe } = await start({ specification: { run: "job", ports: [], health: [], metrics: null } });
    assert.equal(await probe.ended, 0, probe.output);
  });

  it("waits for a store that starts later", async () => {
    await stores().redis.server.stop();
    try {
      const { probe, url } = await start({ environment: { PROBE_PATIENCE_MS: "20000" } });
      await eventually(async () => assert.equal((await getJson(`${url}/healthz`)).status, 503));
      await stores().redis.server.start();
      await probe.line("All checks passed.");
      assert.equal((await getJson(`${url}/healthz`)).status, 200);
    } finally {
      await stores().redis.server.start();
    }
  });

  it("ends with a sentence for each store that cannot be used", async () => {
    const wrongPassword = (url: string) => url.replace(/:[^:@]*@/, ":wrong-password-0@");
    const postgres = stores().postgres.url("worldstore_server");
    const told = await refused({
      secrets: { DATABASE_URL: wrongPassword(postgres), REDIS_URL: wrongPassword(stores().redis.url) },
    });
    assert.match(told, /The store database cannot be used with DATABASE_URL: password authentication failed/);
    assert.match(told, /The store cache cannot be used with REDIS_URL: WRONGPASS/);
    assert.ok(!told.includes("wrong-password-0"));
    assert.match(
      await refused({ secrets: { DATABASE_URL: postgres.replace("localhost", "127.0.0.1") } }),
      /does not match certificate|IP: 127\.0\.0\.1/,
    );
    assert.match(
      await refused({ secrets: { DATABASE_URL: postgres.replace("verify-full", "disable") } }),
      /sslmode is not verify-full/,
    );
    assert.match(await refused({ secrets: { REDIS_URL: "redis://u:p@localhost:1" } }), /the scheme is not rediss/);
    assert.match(
      await refused({ environment: { NODE_EXTRA_CA_CERTS: "" } }),
      /The store orders cannot be used .*certificate/,
    );
  });

  it("ends with a sentence for what else is wrong", async () => {
    assert.match(
      await refused({ specification: { variables: ["NODE_ENV", "GONE"] } }),
      /The variable GONE is missing or empty/,
    );
    assert.match(
      await refused({ environment: { REDIS_URL: "rediss://u:pass@h" } }),
      /The secret REDIS_URL is in the environment/,
    );
    assert.match(
      await refused({ specification: { volumes: [{ path: "/nonexistent" }] } }),
      /The volume \/nonexistent cannot be written/,
    );
    const mongo = [{ name: "documents", engine: "mongodb", urlVariable: "REDIS_URL" }];
    assert.match(await refused({ specification: { stores: mongo } }), /engine mongodb is not supported by the probe/);
  });

  it("says so when a store goes away later", async () => {
    const { probe, url, volume } = await start({ environment: { PROBE_INTERVAL_MS: "200" } });
    await probe.line("All checks passed.");
    await rm(volume, { recursive: true });
    await eventually(async () => assert.equal((await getJson(`${url}/healthz`)).status, 503));
    assert.match((await probe.line("Checks fail.")).level, /error/);
  });
});
