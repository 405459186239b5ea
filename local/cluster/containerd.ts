import { mkdir, readFile, rm, writeFile } from "node:fs/promises";

import { run } from "../run.ts";
import type { Host } from "./host.ts";
import { bootId } from "./identity.ts";
import type { Component } from "./process.ts";
import { clusterName, clusterPath, paths, podRange } from "./settings.ts";

/** What containerd is set up with. */
export interface ContainerdOptions {
  command: string;
  host: Host;
  /** The reference of the image every pod starts with. */
  pauseImage: string;
  /** The largest packet of a pod's interface, in bytes. */
  mtu: number;
  /** The folder of the CNI plugins. */
  cniPlugins: string;
}

/** The container runtime, apart from any other containerd of this machine. */
export function containerd(options: ContainerdOptions): Component {
  const file = paths.config("containerd.toml");
  return {
    name: "containerd",
    command: options.command,
    args: ["--config", file],
    files: {
      [file]: containerdConfiguration(options),
      [`${paths.config("cni")}/10-${clusterName}.conflist`]: JSON.stringify(podNetwork(options.mtu), undefined, 2),
    },
    listens: [],
    prepare: forgetEarlierBoot,
    ready: async () => (await ctr(["version"])).code === 0,
  };
}

/** Runs containerd's own client in the namespace of Kubernetes. */
export async function ctr(args: readonly string[]): ReturnType<typeof run> {
  return await run(
    "ctr",
    ["--address", paths.containerdSocket(), "--connect-timeout", "2s", "--namespace", "k8s.io", ...args],
    { mayFail: true },
  );
}

/** containerd's configuration. */
export function containerdConfiguration({ host, pauseImage, cniPlugins }: ContainerdOptions): string {
  const text = JSON.stringify;
  return `version = 2
root = ${text(clusterPath("containerd", "root"))}
state = ${text(clusterPath("containerd", "state"))}
disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs", "io.containerd.internal.v1.opt", "io.containerd.tracing.processor.v1.otlp", "io.containerd.internal.v1.tracing"]

[grpc]
  address = ${text(paths.containerdSocket())}

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = ${text(pauseImage)}
  stream_server_address = "127.0.0.1"
  stream_server_port = "0"
  restrict_oom_score_adj = ${!host.maySetLimits}
  disable_apparmor = ${!host.appArmor}
  netns_mounts_under_state_dir = true

  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    default_runtime_name = "runc"

    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"

      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false

  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = ${text(cniPlugins)}
    conf_dir = ${text(paths.config("cni"))}
`;
}

/** The pods' network: each pod has a cable of its own to the node, which routes. */
export function podNetwork(mtu: number): object {
  const ipam = {
    type: "host-local",
    dataDir: clusterPath("addresses"),
    ranges: [[{ subnet: podRange }]],
    routes: [{ dst: "0.0.0.0/0" }],
  };
  return { cniVersion: "1.0.0", name: clusterName, plugins: [{ type: "ptp", ipMasq: false, mtu, ipam }] };
}

/** Running containers do not outlive a boot, but their records would: containerd expects them on a volatile disk. */
async function forgetEarlierBoot(): Promise<void> {
  const marker = clusterPath("containerd", "boot");
  const boot = await bootId();
  if ((await readFile(marker, "utf8").catch(() => boot)) !== boot) {
    await rm(clusterPath("containerd", "state"), { recursive: true, force: true });
  }
  await mkdir(clusterPath("containerd"), { recursive: true, mode: 0o711 });
  await writeFile(marker, boot);
}
