import * as pulumi from "@pulumi/pulumi";

import { randomSecret } from "./random.ts";
import type { Settings } from "./settings.ts";
import { secretKeys } from "./spec/instances.ts";
import { kebab } from "./spec/names.ts";
import type { Secret } from "./spec/secret.ts";
import type { System } from "./spec/system.ts";

/** Days after which people exchange a password that no function exchanges (POL-SECRET-ROTATION). */
export const longestUse = 90;

/**
 * The secret values of a system by key: generated once and kept, or given by the stack.
 *
 * In a profile that allows it, an external secret that the stack does not give is replaced by a stand-in of the same format.
 *
 * @param name what the names of random values start with
 * @param parent of the random values
 */
export function secretValues(
  name: string,
  { system, settings }: { system: System; settings: Settings },
  parent: pulumi.ComponentResource,
): Map<string, pulumi.Output<string>> {
  const { externalSecrets, profile } = settings;
  const provide = (key: string, { origin, format }: Secret): pulumi.Output<string> => {
    const given = externalSecrets[key];
    if (origin === "external" && given !== undefined) return pulumi.secret(given);
    if (origin === "external" && !profile.standInSecrets) throw new Error(`the external secret "${key}" is not given`);
    const purpose = origin === "generated" ? kebab(key) : `standin-${kebab(key)}`;
    const random = randomSecret(`${name}-${purpose}`, { parent, protect: profile.protect }, format.bytes);
    return random[format.encoding].apply((text) => (format.prefix ?? "") + text);
  };
  return new Map(
    Object.entries(system.secrets).flatMap(([variable, secret]) =>
      secretKeys(system, variable).map((key) => [key, provide(key, secret)] as const),
    ),
  );
}
