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
  /** The nodes of managed stores: the smallest that AWS has, or those of the specification. */
  managedNodes: "smallest" | "as specified";
  /** Ways out of private subnets on AWS: one for all zones, or one in each. */
  natGateways: "one" | "one per zone";
  /** How long backups are kept, those for point-in-time recovery included; whole days, 1 to 35. */
  backupRetention: Duration;
  /** How long a deleted secret or key can be brought back on AWS; whole days, 7 to 30. */
  recoveryWindow: Duration;
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
    managedNodes: "smallest",
    natGateways: "one",
    backupRetention: "7 d",
    recoveryWindow: "7 d",
    metricsRetention: "1 d",
    logLevel: "debug",
  },
  staging: {
    highlyAvailable: false,
    protect: true,
    standInSecrets: false,
    storageLimit: "20 GiB",
    managedNodes: "smallest",
    natGateways: "one",
    backupRetention: "7 d",
    recoveryWindow: "7 d",
    metricsRetention: "7 d",
    logLevel: "info",
  },
  production: {
    highlyAvailable: true,
    protect: true,
    standInSecrets: false,
    storageLimit: "as specified",
    managedNodes: "as specified",
    natGateways: "one per zone",
    backupRetention: "30 d",
    recoveryWindow: "30 d",
    metricsRetention: "30 d",
    logLevel: "info",
  },
};
