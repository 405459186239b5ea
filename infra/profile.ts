import type { Duration, Size } from "./spec/units.ts";

/** The kinds of environment a stack can be. */
export const profileNames = ["dev", "staging", "production"] as const;
export type ProfileName = (typeof profileNames)[number];

/** Everything that differs between environments, in one table. */
export interface Profile {
  /** Stores have a standby or replicas, and stateless services at least two copies. */
  highlyAvailable: boolean;
  /** Stateful resources carry Pulumi's protect option and the target's deletion protection. */
  protect: boolean;
  /** Missing external secrets are replaced by generated stand-ins of the same format. */
  standInSecrets: boolean;
  /** The most that one volume takes: larger specified sizes are cut to it. */
  storageLimit: Size | "as specified";
  /** How long the metrics of the system are kept. */
  metricsRetention: Duration;
  /** Value of LOG_LEVEL for services that do not set their own. */
  logLevel: "debug" | "info";
}

export const profiles: Record<ProfileName, Profile> = {
  dev: {
    highlyAvailable: false,
    protect: false,
    standInSecrets: true,
    storageLimit: "2 GiB",
    metricsRetention: "1 d",
    logLevel: "debug",
  },
  staging: {
    highlyAvailable: false,
    protect: true,
    standInSecrets: false,
    storageLimit: "20 GiB",
    metricsRetention: "7 d",
    logLevel: "info",
  },
  production: {
    highlyAvailable: true,
    protect: true,
    standInSecrets: false,
    storageLimit: "as specified",
    metricsRetention: "30 d",
    logLevel: "info",
  },
};
