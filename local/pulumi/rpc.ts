import type { AddressInfo } from "node:net";

import * as grpc from "@grpc/grpc-js";

/** Pulumi's messages have no size limit: a state of many resources exceeds the library's default of 4 MB. */
export const unlimitedMessages = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

/** Makes a gRPC handler of a function; a thrown error's message becomes the status the engine shows. */
export function unary<Request, Response>(
  handle: (request: Request, call: grpc.ServerUnaryCall<Request, Response>) => Response | Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    Promise.resolve()
      .then(() => handle(call.request, call))
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(toServiceError(error)),
      );
  };
}

function toServiceError(error: unknown): Partial<grpc.StatusObject> {
  if (error instanceof Error && "code" in error && typeof error.code === "number") {
    return {
      code: error.code,
      details: error.message,
      ...("metadata" in error ? { metadata: error.metadata as grpc.Metadata } : {}),
    };
  }
  return { code: grpc.status.UNKNOWN, details: error instanceof Error ? error.message : String(error) };
}

/** The error of a call that this side does not offer, as a sentence. */
export function unimplemented(message: string): Error {
  return Object.assign(new Error(message), { code: grpc.status.UNIMPLEMENTED });
}

/**
 * Listens on a free loopback port.
 *
 * @returns the server and its `host:port`
 */
export async function listen(
  ...services: [grpc.ServiceDefinition, grpc.UntypedServiceImplementation][]
): Promise<{ server: grpc.Server; address: string }> {
  const server = new grpc.Server(unlimitedMessages);
  for (const [service, implementation] of services) server.addService(service, implementation);
  const port = await new Promise<AddressInfo["port"]>((resolve, reject) => {
    const done = (error: Error | null, bound: number) => (error ? reject(error) : resolve(bound));
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), done);
  });
  return { server, address: `127.0.0.1:${port}` };
}
