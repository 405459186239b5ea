import type { Profile } from "../infra/profile.ts";
import type { System } from "../infra/spec/system.ts";
import type { StackConfig } from "./config.ts";
import { worldstore } from "./worldstore.ts";

/** The systems that can be deployed. */
export const systemNames = ["worldstore"] as const;
export type SystemName = (typeof systemNames)[number];

type Choices = Pick<StackConfig, "agentMode" | "walletMode" | "profile">;

/** The specification of a system, with the choices that the stack makes. */
export function systemFor(name: SystemName, choices: Choices, profile: Profile): System {
  switch (name) {
    case "worldstore":
      return worldstore({
        agentMode: choices.agentMode,
        walletMode: choices.walletMode,
        logLevel: profile.logLevel,
        xmtpEnvironment: choices.profile === "production" ? "production" : "dev",
      });
  }
}
