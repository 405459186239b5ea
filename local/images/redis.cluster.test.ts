import assert from "node:assert/strict";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";

import type { Container } from "./testing/container.ts";
import { ask, StoreImage } from "./testing/store.ts";

const settings = "/etc/redis/agent-commerce";
const secrets = "/run/secrets/redis";
const ready = ["/usr/local/bin/redis-ready"];

const user = (name: string, rules: string) => ({ name, passwordFile: `${secrets}/${name}`, rules });

describe("the redis image", function () {
  this.timeout(600_000);
  let image: StoreImage;
  let server: Container | undefined;

  const users = async (...list: object[]) => {
    const conf = "maxmemory 64mb\nmaxmemory-policy noeviction\nappendonly yes\nappendfsync always\n";
    await image.files(settings, { "redis.conf": conf, "users.json": JSON.stringify({ users: list }) });
  };
  const start = async (args?: string[]): Promise<Container> => {
    server = await image.start(args);
    await server.ready(ready);
    return server;
  };
  const command = async (parts: [string, ...string[]], password = "app's p@ss", name = "app", port = 6380) => {
    assert.ok(server);
    const url = `rediss://${name}:${encodeURIComponent(password)}@localhost:${port}`;
    return await ask(server, { url, authority: image.authority, ask: parts });
  };

  before(async function () {
    if (process.platform !== "linux" || process.getuid?.() !== 0) {
      console.log("    skipped: container images can be built on Linux by root only");
      this.skip();
    }
    image = await StoreImage.prepare("redis", "/var/lib/redis");
    await image.files(secrets, { app: "app's p@ss\n", reader: "readers" });
    await users(user("app", "~* &* +@all -@admin -@dangerous +info"), user("reader", "~public:* -@all +get"));
    await start();
  });
  after(async () => {
    await server?.stop("SIGKILL");
    await image?.remove();
  });

  it("lets a named user in over verified TLS with its password", async () => {
    assert.equal(await command(["SET", "public:a", "1"]), "OK");
    assert.equal(await command(["GET", "public:a"], "readers", "reader"), "1");
    assert.match(String(await command(["INFO", "server"])), /redis_version:[78]\./);
  });

  it("holds users to their rules", async () => {
    await assert.rejects(command(["FLUSHALL"]), /NOPERM/);
    await assert.rejects(command(["GET", "private:a"], "readers", "reader"), /NOPERM/);
    await assert.rejects(command(["SET", "public:a", "2"], "readers", "reader"), /NOPERM/);
  });

  it("refuses a wrong password, nobody in particular and a connection without TLS", async () => {
    await assert.rejects(command(["PING"], "wrong"), /WRONGPASS/);
    assert.ok(server);
    const anonymous = { url: "rediss://localhost:6380", authority: image.authority };
    await assert.rejects(ask(server, { ...anonymous, ask: ["PING"] }), /NOAUTH/);
    await assert.rejects(
      ask(server, { url: "redis://app:x@localhost:6380", ask: ["PING"] }),
      /closed|ECONNRESET|reset/i,
    );
    await assert.rejects(ask(server, { url: "redis://app:x@localhost:6379", ask: ["PING"] }), /ECONNREFUSED/);
  });

  it("keeps passwords out of its files and logs", async () => {
    assert.ok(server);
    const acl = (await server.exec(["cat", "/tmp/redis/users.acl"])).stdout;
    assert.match(acl, /^user app on #[0-9a-f]{64} /m);
    for (const password of ["app's p@ss", "readers"]) assert.equal(`${acl}${server.logs}`.includes(password), false);
  });

  it("has the exporter of its metrics", async () => {
    assert.equal((await server?.exec(["/usr/bin/prometheus-redis-exporter", "--version"]))?.code, 0);
  });

  it("stops in order, keeps data, and gives a changed password and port effect at the next start", async () => {
    assert.equal(await server?.stop("SIGTERM"), 0);
    await image.files(secrets, { app: "changed", reader: "readers" });
    await start(["--tls-port", "6390"]);
    assert.equal(await command(["GET", "public:a"], "changed", "app", 6390), "1");
    await assert.rejects(command(["GET", "public:a"], "app's p@ss", "app", 6390), /WRONGPASS/);
  });

  it("keeps acknowledged writes when it is killed, in files that are its own", async () => {
    await command(["SET", "public:b", "2"], "changed", "app", 6390);
    await server?.stop("SIGKILL");
    await start();
    assert.equal(await command(["GET", "public:b"], "changed"), "2");
    const folder = join(image.directory, "volume", "appendonlydir");
    assert.equal((await stat(folder)).uid, 10001);
    assert.match(await readFile(join(folder, "appendonly.aof.manifest"), "utf8"), /type i/);
  });

  it("says what is wrong with the users", async () => {
    await server?.stop("SIGTERM");
    const failing = async (message: RegExp) => {
      const container = await image.start();
      assert.equal(await container.exit(), 1);
      assert.match(container.logs, message);
    };
    await users(user("default", "~* +@all"));
    await failing(/user name default: .* default and readiness are reserved/);
    await users(user("app", "~* +@all nopass"));
    await failing(/rules of user app: one line without passwords is allowed/);
    await users(user("absent", "~* +@all"));
    await failing(/the password file of user absent, is missing/);
    await users(user("app", "~* +@imaginary"));
    await failing(/imaginary/);
  });
});
