import { UserError, type Problem } from "../infra/errors.ts";
import { unsupported as unsupportedOnEcs } from "../infra/aws/unsupported.ts";
import { unsupported as unsupportedOnKubernetes } from "../infra/kubernetes/unsupported.ts";
import { profiles } from "../infra/profile.ts";
import type { Settings } from "../infra/settings.ts";
import { withoutFeatures } from "../infra/spec/omit.ts";
import type { System } from "../infra/spec/system.ts";
import { validateSystem } from "../infra/spec/validate.ts";
import type { StackConfig } from "./config.ts";
import { settingsFor } from "./settings.ts";
import { systemFor } from "./systems.ts";

/** What a stack deploys: a sound specification, and what its target needs beside it. */
export interface Deployment {
  system: System;
  settings: Settings;
}

/**
 * What a stack's configuration comes to, before there is any resource.
 *
 * @param environment the stack's name
 * @param today YYYY-MM-DD
 * @throws UserError with every problem of the specification, else of the settings, else with all the target cannot do
 */
export function deploymentOf(environment: string, config: StackConfig, today: string): Deployment {
  const whole = systemFor(config.system, config, profiles[config.profile]);
  refuse(validateSystem(whole));
  const settings = settingsFor(environment, whole, config, today);
  const system = withoutFeatures(whole, settings.omissions);
  refuse(config.target === "kubernetes" ? unsupportedOnKubernetes(system, settings) : unsupportedOnEcs(system));
  return { system, settings };
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new UserError(problems);
}
