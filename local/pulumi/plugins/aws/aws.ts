import { isDeepStrictEqual } from "node:util";

import type { PluginImplementation, PropertyChange } from "../plugin.ts";
import { reveal, type Properties } from "../values.ts";
import { isFixed } from "./immutable.ts";

/**
 * Plans AWS resources without AWS: inputs are taken as they are, what AWS would decide is unknown. A change of what AWS
 * fixes for good is a replacement. Nothing is ever created, changed, read or deleted, and no answer of AWS is invented.
 */
export function awsPlugin(version: string): PluginImplementation {
  return {
    name: "aws",
    version,
    check: ({ newInputs }) => Promise.resolve({ inputs: newInputs, failures: [] }),
    diff: ({ type, oldInputs, newInputs, ignoreChanges }) =>
      Promise.resolve({
        changes: diff(oldInputs, newInputs)
          .filter(({ path }) => !ignoreChanges.includes(String(path[0])))
          .map((change) => (isFixed(type, String(change.path[0])) ? { ...change, replace: true } : change)),
      }),
    create({ type, inputs, preview }) {
      if (!preview) throw planOnly(`creating ${type}`);
      return Promise.resolve({ id: "", outputs: inputs });
    },
    update({ type, oldOutputs, newInputs, preview }) {
      if (!preview) throw planOnly(`changing ${type}`);
      return Promise.resolve({ ...oldOutputs, ...newInputs });
    },
    read: ({ type }) => Promise.reject(planOnly(`reading ${type}`)),
    delete: ({ type }) => Promise.reject(planOnly(`deleting ${type}`)),
    invoke: (token) => Promise.reject(planOnly(`asking AWS for ${token}`)),
  };
}

function planOnly(what: string): Error {
  return new Error(
    `aws: this is the plan-only local plugin; ${what} needs the official plugin: ` +
      "install the Pulumi CLI on a machine with internet access and run `pulumi up` there.",
  );
}

function diff(olds: Properties, news: Properties): PropertyChange[] {
  return Object.keys({ ...olds, ...news }).flatMap((name): PropertyChange[] => {
    const old = olds[name];
    const now = news[name];
    if (old === undefined) return [{ path: [name], kind: "add" }];
    if (now === undefined) return [{ path: [name], kind: "delete" }];
    return isDeepStrictEqual(reveal(old), reveal(now)) ? [] : [{ path: [name], kind: "update" }];
  });
}
