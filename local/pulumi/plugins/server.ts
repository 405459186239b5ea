import grpc from "@grpc/grpc-js";
import enginerpc from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineproto from "@pulumi/pulumi/proto/engine_pb.js";
import providerrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";

import type { Context, PluginImplementation } from "./plugin.ts";
import { pluginService } from "./service.ts";
import type { EngineLog } from "./service.ts";

const maximumMessage = 400 * 1024 * 1024;
const parentCheckInterval = 1000;

/**
 * Serves a resource plugin to the engine that started this process: prints the port, answers until the engine ends
 * the process, and ends by itself when the engine has died.
 */
export async function servePlugin(plugin: PluginImplementation, engineAddress = process.argv[2]): Promise<void> {
  const cancellation = new AbortController();
  const server = new grpc.Server({ "grpc.max_receive_message_length": maximumMessage });
  server.addService(
    providerrpc.ResourceProviderService,
    pluginService(plugin, new EngineConnection(engineAddress), cancellation),
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  const end = () => {
    cancellation.abort();
    server.forceShutdown();
    process.exit(0);
  };
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
  process.stdout.on("error", end);
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && end(), parentCheckInterval).unref();
  process.stdout.write(`${port}\n`);
}

/** Shows lines at the engine, in the order in which they were said. */
class EngineConnection implements EngineLog {
  private client: InstanceType<typeof enginerpc.EngineClient> | undefined;

  constructor(address: string | undefined) {
    this.connect(address);
  }

  connect(address: string | undefined): void {
    if (address === undefined) return;
    this.client = new enginerpc.EngineClient(address, grpc.credentials.createInsecure(), {});
  }

  write(urn: string, severity: Parameters<Context["log"]>[0], message: string): void {
    const request = new engineproto.LogRequest();
    const { DEBUG, INFO, WARNING, ERROR } = engineproto.LogSeverity;
    request.setSeverity({ debug: DEBUG, info: INFO, status: INFO, warning: WARNING, error: ERROR }[severity]);
    request.setMessage(message);
    request.setUrn(urn);
    request.setEphemeral(severity === "status");
    // A line that cannot be shown is no reason to fail the operation.
    this.client?.log(request, () => undefined);
  }
}
