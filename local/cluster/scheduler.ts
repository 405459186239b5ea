import { isOk } from "./api.ts";
import type { Component } from "./process.ts";
import { secureServing } from "./secure-serving.ts";
import { addresses } from "./settings.ts";

/** The scheduler. */
export function scheduler(kubernetes: string): Component {
  return {
    name: "scheduler",
    command: kubernetes,
    args: [
      "kube-scheduler",
      ...secureServing("scheduler", addresses.scheduler),
      "--leader-elect=false",
      "--profiling=false",
    ],
    files: {},
    listens: [addresses.scheduler],
    ready: () => isOk("https", addresses.scheduler, "/healthz"),
  };
}
