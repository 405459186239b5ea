import { UserError, type Problem } from "../infra/errors.ts";
import { unsupported } from "../infra/kubernetes/unsupported.ts";
import { profiles } from "../infra/profile.ts";
import type { Settings } from "../infra/settings.ts";
import type { System } from "../infra/spec/system.ts";
import { validateSystem } from "../infra/spec/validate.ts";
import { project, type StackConfig } from "./config.ts";
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
  if (config.target !== "kubernetes") {
    throw new UserError({
      where: `${project}:target`,
      message: `${config.target} is not supported by this version; set it to kubernetes.`,
    });
  }
  const system = systemFor(config.system, config, profiles[config.profile]);
  refuse(validateSystem(system));
  const settings = settingsFor(environment, system, config, today);
  refuse(unsupported(system, settings));
  return { system, settings };
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new UserError(problems);
}
