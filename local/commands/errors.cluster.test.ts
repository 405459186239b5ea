import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chown, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";

import { cachePath } from "../cache.ts";
import { buildPrograms } from "../cluster/programs.ts";
import { addresses } from "../cluster/settings.ts";
import { ensureEngine } from "../pulumi/index.ts";
import { run } from "../run.ts";
import { copyCheckout, type Checkout } from "./testing/checkout.ts";
import { itRefuses } from "./testing/refusal.ts";

const nobody = 65534;
/** Without root's rights, but able to read a checkout that lies in root's own folder. */
const asNobody = `/usr/bin/setpriv --reuid=${nobody} --regid=${nobody} --clear-groups --inh-caps=+dac_read_search --ambient-caps=+dac_read_search`;

describe("A machine on which something is wrong", function () {
  let checkout: Checkout;
  const theCheckout = () => checkout;
  const cache = (name: string) => () => ({ AGENT_COMMERCE_CACHE: join(checkout.directory, "..", name) });

  before(async function () {
    this.timeout(30 * 60_000);
    await ensureEngine();
    await buildPrograms();
    checkout = await copyCheckout();
  });
  after(() => checkout.remove());

  describe("for a user who is not root", () => {
    const through = asNobody.split(" ");
    const says = [
      /^user: the local cluster runs containers and sets up a network, which only root can; start again as root, or use a cluster of your own with --context\.$/,
    ];
    const foreign = [
      /^\S+: this user may not write there; give it access, or name a folder of its own in AGENT_COMMERCE_CACHE\.$/,
    ];
    before(async () => {
      const own = join(checkout.directory, "..", "of-nobody");
      await mkdir(own);
      await chown(own, nobody, nobody);
    });
    itRefuses(theCheckout, [
      { command: "start", through, env: cache("of-nobody"), what: "to start", says },
      { command: "cluster start", through, env: cache("of-nobody"), what: "to start the cluster", says },
      { command: "outputs", through, env: cache("of-root"), what: "to use the cache of another user", says: foreign },
      {
        command: "cluster stop",
        through,
        env: cache("of-root"),
        what: "to stop the cluster of another user",
        says: foreign,
      },
    ]);
  });

  describe("with a full disk", () => {
    const small = () => join(checkout.directory, "..", "small");
    before(async () => {
      await mkdir(small());
      await run("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", small()]);
      await symlink(cachePath("go"), join(small(), "go"));
      await mkdir(join(small(), "unbuilt"));
    });
    after(() => run("umount", [small()]));
    const says = [/small\S*: the disk is full; free at least 2 GB there and run the same command again\.$/];
    itRefuses(theCheckout, [
      { command: "preview", env: cache("small"), what: "to plan", says },
      {
        command: "cluster start",
        env: cache("small/unbuilt"),
        what: "to build the cluster",
        says: [
          /small\/unbuilt: 0\.0 GiB are free and the build of Kubernetes needs 12 GiB; make room, or name a folder on another disk in AGENT_COMMERCE_CACHE\.$/,
        ],
      },
    ]);
  });

  describe("with a cache too deep for sockets", () => {
    itRefuses(theCheckout, [
      {
        command: "start",
        env: cache("a-very-long-name-of-a-folder-that-nobody-would-choose-on-purpose"),
        what: "to start",
        says: [
          /containerd\.sock: sockets below this folder would exceed the 107 characters Linux allows; set AGENT_COMMERCE_CACHE so/,
        ],
      },
    ]);
  });

  describe("with a port that is taken", () => {
    const { host, port } = addresses.etcd;
    // In a network of its own the command meets this listener alone, whatever else runs on the machine.
    const listener = `require("node:net").createServer().listen(${port}, "${host}")`;
    const script = `ip link set lo up && { "$0" -e '${listener}' & } && sleep 1 && "$@"; code=$?; kill $!; exit $code`;
    before(async () => {
      await mkdir(cachePath("addon-images"), { recursive: true });
      await symlink(cachePath("addon-images"), join(checkout.cache, "addon-images"));
    });
    itRefuses(theCheckout, [
      {
        command: "cluster start",
        through: ["unshare", "--net", "sh", "-c", script, process.execPath],
        what: "to start the cluster",
        says: [
          new RegExp(
            `^${host}:${port}: etcd needs this port and process \\d+ \\(.+\\) listens on it; end that program, or use a cluster of your own with --context\\.$`,
          ),
        ],
      },
    ]);

    it("starts no part of the cluster", () => assert(!existsSync(join(checkout.cache, "cluster", "run"))));
  });
});
