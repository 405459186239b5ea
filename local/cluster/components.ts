import { apiserver } from "./apiserver.ts";
import { containerd } from "./containerd.ts";
import { controllerManager } from "./controller-manager.ts";
import { etcd } from "./etcd.ts";
import type { Host } from "./host.ts";
import { kubelet } from "./kubelet.ts";
import { networkPolicy } from "./network-policy/component.ts";
import type { Tools } from "./prerequisites.ts";
import type { Component } from "./process.ts";
import { proxy } from "./proxy.ts";
import { scheduler } from "./scheduler.ts";

/** The names of all components, in the order they start. */
export const componentNames = [
  "etcd",
  "containerd",
  "apiserver",
  "controller-manager",
  "scheduler",
  "proxy",
  "network-policy",
  "kubelet",
] as const;

/** The name of a component. */
export type ComponentName = (typeof componentNames)[number];

/** What the components are made from. */
export interface Ingredients {
  tools: Tools;
  kubernetes: string;
  host: Host;
  pauseImage: string;
  mtu: number;
}

/** The components in waves: each wave needs the ones before it, and its members start together. */
export function startWaves({ tools, kubernetes, host, pauseImage, mtu }: Ingredients): Component[][] {
  return [
    [etcd(tools.etcd), containerd({ command: tools.containerd, host, pauseImage, mtu, cniPlugins: tools.cniPlugins })],
    [apiserver(kubernetes)],
    [
      controllerManager(kubernetes),
      scheduler(kubernetes),
      proxy(kubernetes),
      networkPolicy(),
      kubelet(kubernetes, host),
    ],
  ];
}
