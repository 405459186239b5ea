import assert from "node:assert/strict";
import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { credentials, ensureKubeconfigs, kubeconfigPath } from "./kubeconfig.ts";
import {
  certificateFiles,
  encryptionConfiguration,
  ensurePki,
  leaves,
  serviceAccountKeys,
  type LeafName,
} from "./pki.ts";
import { apiServiceAddress, clusterName, nodeAddress, paths, serverUrl } from "./settings.ts";

const names = Object.keys(leaves) as LeafName[];

describe("the cluster's keys and certificates", () => {
  const before_ = process.env["AGENT_COMMERCE_CACHE"];
  let folder: string;
  const certificate = async (name: Parameters<typeof certificateFiles>[0]) =>
    new X509Certificate(await readFile(certificateFiles(name).cert));

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "pki-"));
    process.env["AGENT_COMMERCE_CACHE"] = folder;
    await ensurePki();
    await ensureKubeconfigs();
  });

  after(async () => {
    if (before_ === undefined) delete process.env["AGENT_COMMERCE_CACHE"];
    else process.env["AGENT_COMMERCE_CACHE"] = before_;
    await rm(folder, { recursive: true });
  });

  it("are readable by their owner only", async () => {
    for (const directory of [paths.pki(), paths.kubeconfigs()]) {
      for (const file of await readdir(directory)) {
        assert.equal((await stat(join(directory, file))).mode & 0o777, 0o600, file);
      }
    }
  });

  for (const name of names) {
    it(`prove ${name} by the cluster's authority, with its own private key, now and for years`, async () => {
      const [leaf, authority] = [await certificate(name), await certificate("ca")];
      assert.ok(leaf.checkIssued(authority) && leaf.verify(authority.publicKey));
      assert.ok(leaf.checkPrivateKey(createPrivateKey(await readFile(certificateFiles(name).key))));
      assert.equal(leaf.ca, false);
      assert.ok(leaf.validFromDate.getTime() < Date.now());
      assert.ok(leaf.validToDate.getTime() > Date.now() + 9 * 365 * 86_400_000);
    });
  }

  it("give the API server every name and address it is called by", async () => {
    const leaf = await certificate("apiserver");
    for (const name of ["kubernetes.default.svc", "kubernetes.default.svc.cluster.local", clusterName]) {
      assert.ok(leaf.checkHost(name), name);
    }
    for (const address of [nodeAddress, apiServiceAddress, "127.0.0.1"]) assert.ok(leaf.checkIP(address), address);
    assert.equal(leaf.checkHost("example.com"), undefined);
  });

  it("name each user and group as Kubernetes expects", async () => {
    assert.equal((await certificate("kubelet-client")).subject, `O=system:nodes\nCN=system:node:${clusterName}`);
    assert.equal((await certificate("admin")).subject, "O=system:masters\nCN=kubernetes-admin");
    assert.equal((await certificate("scheduler")).subject, "CN=system:kube-scheduler");
  });

  it("keep aggregated requests under an authority of their own", async () => {
    const client = await certificate("front-proxy-client");
    assert.ok(client.verify((await certificate("front-proxy-ca")).publicKey));
    assert.equal(client.verify((await certificate("ca")).publicKey), false);
  });

  it("sign service account tokens with a pair that fits", async () => {
    const { privateKey, publicKey } = serviceAccountKeys();
    const derived = createPublicKey(await readFile(privateKey)).export({ type: "spki", format: "pem" });
    assert.equal(derived, await readFile(publicKey, "utf8"));
  });

  it("encrypt secrets with a key of 32 random bytes", async () => {
    const { resources } = JSON.parse(await readFile(encryptionConfiguration(), "utf8"));
    const { secret } = resources[0].providers[0].secretbox.keys[0];
    assert.equal(Buffer.from(secret, "base64").length, 32);
    assert.deepEqual(resources[0].resources, ["secrets"]);
  });

  it("are made once", async () => {
    const first = await readFile(certificateFiles("ca").cert, "utf8");
    await ensurePki();
    assert.equal(await readFile(certificateFiles("ca").cert, "utf8"), first);
  });

  it("make a kubeconfig that needs no other file", async () => {
    const config = JSON.parse(await readFile(kubeconfigPath("admin"), "utf8"));
    assert.equal(kubeconfigPath("admin"), paths.adminKubeconfig());
    assert.equal(config.clusters[0].cluster.server, serverUrl);
    assert.equal(config["current-context"], clusterName);
    const { certificate: expected } = await credentials("admin");
    assert.equal(Buffer.from(config.users[0].user["client-certificate-data"], "base64").toString(), expected);
  });
});
