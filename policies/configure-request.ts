import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/analyzer_pb.js";
import type { ConfigureAnalyzerRequest } from "@pulumi/pulumi/proto/analyzer_pb.js";
import type { Level, PackSettings } from "./frame/enforcement.ts";

const LEVELS: Readonly<Record<number, Level>> = {
  [proto.EnforcementLevel.ADVISORY]: "advisory",
  [proto.EnforcementLevel.MANDATORY]: "mandatory",
  [proto.EnforcementLevel.DISABLED]: "disabled",
  [proto.EnforcementLevel.REMEDIATE]: "remediate",
};

/**
 * Tells a listener each configuration that the engine sends. The SDK's server lets a policy see only its own parameters
 * and no level, so it is read as the request is decoded. To be called before the server starts.
 */
export function onConfigure(listener: (settings: PackSettings) => void): void {
  const { configure } = AnalyzerService;
  AnalyzerService.configure = {
    ...configure,
    requestDeserialize: (bytes) => {
      const request = configure.requestDeserialize(bytes);
      listener(settingsOf(request));
      return request;
    },
  };
}

function settingsOf(request: ConfigureAnalyzerRequest): PackSettings {
  const entries = [...request.getPolicyconfigMap().entries()].map(([name, config]) => {
    const level = LEVELS[config.getEnforcementlevel()] ?? "mandatory";
    return [name, { level, parameters: config.getProperties()?.toJavaScript() ?? {} }] as const;
  });
  return Object.fromEntries(entries);
}
