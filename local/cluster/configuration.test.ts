import assert from "node:assert/strict";

import { dnsConfiguration, reachableServers } from "./addons/dns.ts";
import { apiserver } from "./apiserver.ts";
import { componentNames, startWaves } from "./components.ts";
import { containerdConfiguration, podNetwork } from "./containerd.ts";
import { hasCapability, type Host } from "./host.ts";
import { kubeletConfiguration } from "./kubelet.ts";
import { fingerprint } from "./process.ts";
import { proxyConfiguration } from "./proxy.ts";
import { addresses, clusterPath, nodeAddress } from "./settings.ts";

const host: Host = { unifiedCgroups: false, maySetLimits: false, appArmor: false, resolvConf: "/etc/resolv.conf" };
const tools = { etcd: "/usr/bin/etcd", containerd: "/usr/bin/containerd", cniPlugins: "/usr/lib/cni" };
const waves = (change: Partial<Host> = {}) =>
  startWaves({
    tools,
    kubernetes: "/cache/kubernetes",
    host: { ...host, ...change },
    pauseImage: "images.local/pause:1",
    mtu: 1400,
  });

describe("the configuration of the cluster's components", () => {
  it("starts every component once, the store before the API and the API before what asks it", () => {
    const names = waves().map((wave) => wave.map(({ name }) => name));
    assert.deepEqual(names.flat().toSorted(), [...componentNames].toSorted());
    const waveOf = (name: string) => names.findIndex((wave) => wave.includes(name));
    assert.ok(waveOf("etcd") < waveOf("apiserver") && waveOf("apiserver") < waveOf("kubelet"));
    assert.ok(waveOf("containerd") < waveOf("kubelet"));
  });

  it("listens only where no other machine can connect, on ports of its own below the ephemeral range", () => {
    const all = Object.values(addresses);
    assert.ok(all.every(({ host }) => host === "127.0.0.1" || host === nodeAddress));
    assert.equal(new Set(all.map(({ port }) => port)).size, all.length);
    assert.ok(all.every(({ port }) => port > 1024 && port < 30_000));
  });

  it("writes configuration and data below the cluster's folder only", () => {
    for (const { files } of waves().flat()) {
      assert.ok(Object.keys(files).every((path) => path.startsWith(`${clusterPath()}/`)));
    }
  });

  it("names no secret on a command line", () => {
    const words = waves()
      .flat()
      .flatMap(({ args }) => args);
    assert.ok(words.every((word) => !/PRIVATE KEY|token=|password/i.test(word)));
  });

  it("authorizes nodes and users, and encrypts secrets in the store", () => {
    const { args } = apiserver("/cache/kubernetes");
    assert.ok(args.includes("--authorization-mode=Node,RBAC"));
    assert.ok(args.some((word) => word.startsWith("--encryption-provider-config=")));
    assert.ok(args.every((word) => !word.startsWith("--disable-admission-plugins")));
  });

  it("never removes an image that could not be pulled again", () => {
    const { imageGCHighThresholdPercent } = kubeletConfiguration(host) as { imageGCHighThresholdPercent: number };
    assert.equal(imageGCHighThresholdPercent, 100);
  });

  it("fits the runtime and the kubelet to what processes here may do", () => {
    const configured = (change: Partial<Host>) =>
      containerdConfiguration({ ...tools, command: "", host: { ...host, ...change }, pauseImage: "p", mtu: 1500 });
    assert.match(configured({}), /restrict_oom_score_adj = true/);
    assert.match(configured({ maySetLimits: true }), /restrict_oom_score_adj = false/);
    assert.match(configured({ appArmor: true }), /disable_apparmor = false/);
    const gates = (change: Partial<Host>) =>
      (kubeletConfiguration({ ...host, ...change }) as { featureGates: object }).featureGates;
    assert.deepEqual(gates({}), { KubeletInUserNamespace: true });
    assert.deepEqual(gates({ maySetLimits: true }), { KubeletInUserNamespace: false });
  });

  it("restarts a component when its configuration changes, and only then", () => {
    const prints = (change: Partial<Host>) => waves(change).flat().map(fingerprint);
    assert.deepEqual(prints({}), prints({}));
    const [before, after] = [prints({}), prints({ maySetLimits: true })];
    assert.equal(before.filter((print, index) => print !== after[index]).length, 2);
  });

  it("opens node ports on the node's own address only", () => {
    assert.deepEqual((proxyConfiguration() as { nodePortAddresses: string[] }).nodePortAddresses, [
      `${nodeAddress}/32`,
    ]);
  });

  it("gives pods the packet size of the way out", () => {
    assert.equal((podNetwork(1400) as { plugins: { mtu: number }[] }).plugins[0]?.mtu, 1400);
  });
});

describe("the cluster's DNS", () => {
  it("forwards to the name servers a pod can reach", () => {
    const text =
      "# comment\nsearch lan\nnameserver 127.0.0.53\nnameserver 10.0.0.2\n  nameserver ::1\nnameserver fd00::53\n";
    assert.deepEqual(reachableServers(text), ["10.0.0.2", "fd00::53"]);
    assert.match(dnsConfiguration(["10.0.0.2", "fd00::53"]), /forward \. 10\.0\.0\.2 fd00::53\n/);
  });

  it("says that other names do not exist where there is no name server", () => {
    assert.match(dnsConfiguration([]), /template ANY ANY \{\n\s+rcode NXDOMAIN/);
    assert.doesNotMatch(dnsConfiguration([]), /forward/);
  });
});

describe("a capability", () => {
  it("is read from the effective set", () => {
    assert.equal(hasCapability("CapPrm:\tffffffffffffffff\nCapEff:\t000001fffeffffff\n", 24n), false);
    assert.equal(hasCapability("CapEff:\t000001ffffffffff\n", 24n), true);
    assert.equal(hasCapability("", 24n), false);
  });
});
