import type { AwsSettings, Settings } from "../settings.ts";
import type { System } from "../spec/system.ts";

/** What is deployed, and how: every component of this target receives it. */
export interface Target {
  system: System;
  settings: Settings;
  aws: AwsSettings;
}
