import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { run } from "../run.ts";
import { imageNames, type ImageName } from "./catalogue.ts";
import { buildImages, type BuiltImage } from "./index.ts";
import { readArchive, unpack } from "./testing/archive.ts";
import { Container } from "./testing/container.ts";

const megabyte = 1_000_000;
/** What an image may take unpacked. Debian's promtool alone is as large as Prometheus. */
const limits: Record<ImageName, number> = {
  agent: 250 * megabyte,
  "payment-server": 250 * megabyte,
  probe: 250 * megabyte,
  operations: 250 * megabyte,
  postgres: 250 * megabyte,
  redis: 125 * megabyte,
  prometheus: 300 * megabyte,
  alertmanager: 150 * megabyte,
};

describe("the container images", function () {
  this.timeout(900_000);
  let images: Record<ImageName, BuiltImage>;

  before(async function () {
    if (process.platform !== "linux" || process.getuid?.() !== 0) {
      console.log("    skipped: container images can be built on Linux by root only");
      this.skip();
    }
    images = await buildImages();
  });

  for (const name of imageNames) {
    it(`include ${name}: small, for a numeric user that is not root, with its start command`, async () => {
      const { archive, reference } = images[name];
      assert.match(reference, new RegExp(`^images\\.local/${name}:[0-9a-f]{12}$`));
      const opened = await readArchive(archive);
      assert.equal(opened.reference, reference);
      assert.equal(opened.config.User, "10001:10001");
      assert.match(opened.config.Entrypoint?.[0] ?? "", /^(node$|\/usr\/)/);
      assert.match(opened.config.StopSignal ?? "", /^SIG(TERM|INT)$/);
      assert.equal(opened.config.Labels?.["org.opencontainers.image.title"], name);
      assert.ok(opened.size < limits[name], `${name} has ${Math.ceil(opened.size / megabyte)} MB`);
    });
  }

  it("give the folder of certificates to the user of operations, as ECS takes it over", async () => {
    const { archive } = images.operations;
    const root = join(dirname(archive), "..", "..", `folder-${process.pid}`);
    try {
      const opened = await readArchive(archive);
      assert.deepEqual(Object.keys(opened.config.Volumes ?? {}), ["/run/certificates"]);
      await unpack(archive, opened, root);
      const { uid, gid } = await stat(join(root, "run/certificates"));
      assert.deepEqual([uid, gid], [10001, 10001]);
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  });

  it("contain nothing of the machine that built them", async () => {
    const { archive } = images.redis;
    const root = join(dirname(archive), "..", "..", `content-${process.pid}`);
    try {
      await unpack(archive, await readArchive(archive), root);
      const words = ["-e", "://", "--include=*.list", "--include=*.sources", "--include=apt.conf", "-r"];
      assert.equal((await run("grep", [...words, join(root, "etc/apt")], { mayFail: true })).stdout, "");
      for (const folder of ["var/lib/apt/lists", "var/cache/apt", "usr/share/man/man1"]) {
        const files = existsSync(join(root, folder)) ? await readdir(join(root, folder)) : [];
        assert.deepEqual(
          files.filter((file) => /Packages|\.deb$|\.gz$/.test(file)),
          [],
          folder,
        );
      }
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  });

  for (const [name, args, words] of [
    ["prometheus", ["--version"], /prometheus, version 2\./],
    ["alertmanager", ["--version"], /alertmanager, version 0\./],
    ["payment-server", [], /DATABASE_URL is missing/],
    ["agent", [], /DATABASE_URL is missing/],
    ["probe", [], /specification .* cannot be read/],
    ["operations", ["certificates", "/tmp/ca.pem"], /"certificates":\d+/],
  ] as const) {
    it(`run ${name} on a read-only root without privileges`, async () => {
      const { archive } = images[name];
      const opened = await readArchive(archive);
      const bundle = join(dirname(archive), "..", "..", `run-${name}-${process.pid}`);
      try {
        await unpack(archive, opened, join(bundle, "rootfs"));
        const container = await Container.start({ bundle, config: opened.config, mounts: {}, args: [...args] });
        await container.exit();
        assert.match(container.logs, words);
        assert.doesNotMatch(
          container.logs,
          /SyntaxError|ERR_MODULE_NOT_FOUND|ReferenceError|Dynamic require|EACCES|EROFS/,
        );
      } finally {
        await rm(bundle, { recursive: true, force: true });
      }
    });
  }

  it("are found in well under a second when nothing changed", async () => {
    const started = performance.now();
    assert.deepEqual(await buildImages(), images);
    assert.ok(performance.now() - started < 1000);
  });

  it("are never taken for finished when the build is killed, and are built again to the same reference", async () => {
    const { archive, reference } = images.redis;
    await rm(archive);
    const program = `import { buildImages } from ${JSON.stringify(join(import.meta.dirname, "index.ts"))}; await buildImages(["redis"]);`;
    const killed = spawn(process.execPath, ["--input-type=module", "--eval", program], {
      detached: true,
      stdio: "ignore",
    });
    const ended = new Promise((resolve) => killed.once("close", resolve));
    await sleep(3000);
    assert.ok(killed.pid !== undefined && killed.exitCode === null, "the build still runs");
    process.kill(-killed.pid, "SIGKILL");
    await ended;
    assert.equal(existsSync(archive), false);
    assert.equal((await buildImages(["redis"])).redis.reference, reference);
    assert.equal((await readArchive(archive)).reference, reference);
  });
});
