import { isDeepStrictEqual } from "node:util";

import type { CheckResult, PluginImplementation, PropertyChange } from "../plugin.ts";
import { hasUnknown, reveal, toJson, type Properties } from "../values.ts";
import { complete, planned, resources, type RandomResource } from "./resources.ts";

/**
 * The resources of the random provider that the project uses, with the properties of the official plugin.
 *
 * One thing differs on purpose: the id of a RandomBytes is not its secret value.
 */
export function randomPlugin(version: string): PluginImplementation {
  return {
    name: "random",
    version,
    check: ({ type, newInputs }) => Promise.resolve(check(typeOf(type), newInputs)),
    diff: ({ type, oldInputs, newInputs, ignoreChanges }) =>
      Promise.resolve({
        changes: diff(typeOf(type), oldInputs, newInputs).filter(
          ({ path }) => !ignoreChanges.includes(String(path[0])),
        ),
      }),
    async create({ type, inputs, preview }) {
      const wanted = complete(typeOf(type), inputs);
      if (preview) return { id: "", outputs: planned(typeOf(type), wanted) };
      const { id, outputs } = await typeOf(type).create(toJson(wanted));
      return { id, outputs: { id, ...outputs, ...secretInputs(inputs) } };
    },
    read({ type, id, inputs, outputs }) {
      if (Object.keys(outputs).length === 0) {
        throw new Error(`importing ${type} is not supported by the local random plugin; use the official one.`);
      }
      return Promise.resolve({ id, inputs, outputs });
    },
    update: ({ type }) => Promise.reject(new Error(`${type} never changes: a change of its inputs replaces it.`)),
    delete: () => Promise.resolve(),
  };
}

function typeOf(token: string): RandomResource {
  const type = resources[token];
  if (type) return type;
  const offered = Object.keys(resources).map((name) => name.split(":").at(-1));
  throw new Error(
    `${token} is not supported by the local random plugin, which offers ${offered.join(", ")}; use the official one.`,
  );
}

function check(type: RandomResource, inputs: Properties): CheckResult {
  const wanted = complete(type, inputs);
  const failures = hasUnknown(wanted) ? [] : type.check(toJson(wanted));
  return { inputs, failures };
}

/** Every difference of what the inputs mean replaces the resource; `special: true` means the same as nothing. */
function diff(type: RandomResource, olds: Properties, news: Properties): PropertyChange[] {
  const [before, after] = [complete(type, olds), complete(type, news)];
  return Object.keys({ ...before, ...after }).flatMap((name) => {
    const old = before[name];
    const now = after[name];
    if (old !== undefined && now !== undefined && isDeepStrictEqual(reveal(old), reveal(now))) return [];
    const kind = old === undefined ? "add" : now === undefined ? "delete" : "update";
    return [{ path: [name], kind, replace: true }];
  });
}

/** Inputs that the program marked as secret stay secret as outputs. */
function secretInputs(inputs: Properties): Properties {
  return Object.fromEntries(Object.entries(inputs).filter(([, value]) => !isDeepStrictEqual(value, reveal(value))));
}
