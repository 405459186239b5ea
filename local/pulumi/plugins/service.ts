import type { sendUnaryData, ServerUnaryCall, UntypedServiceImplementation } from "@grpc/grpc-js";
import emptyproto from "google-protobuf/google/protobuf/empty_pb.js";
import pluginproto from "@pulumi/pulumi/proto/plugin_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";

import type { CheckRequest, Context, PluginImplementation } from "./plugin.ts";
import { asServiceError, checkResponse, diffResponse } from "./responses.ts";
import { decodeProperties, encodeProperties } from "./values.ts";

/** Where a plugin's lines are shown. */
export interface EngineLog {
  connect(address: string | undefined): void;
  write(urn: string, severity: Parameters<Context["log"]>[0], message: string): void;
}

type Handler<Request, Response> = (request: Request, context: Context) => Promise<Response>;

/** The gRPC service of a plugin. */
export function pluginService(
  plugin: PluginImplementation,
  engine: EngineLog,
  cancellation: AbortController,
): UntypedServiceImplementation {
  const serve =
    <Request, Response>(handle: Handler<Request, Response>) =>
    (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): void => {
      const urn = (call.request as { getUrn?(): string }).getUrn?.() ?? "";
      const context: Context = {
        signal: cancellation.signal,
        log: (severity, message) => engine.write(urn, severity, message),
      };
      handle(call.request, context).then(
        (response) => callback(null, response),
        (error: unknown) => callback(asServiceError(error)),
      );
    };
  const refuse = (what: string) => () =>
    Promise.reject(new Error(`${what} is not supported by the local ${plugin.name} plugin; use the official one.`));

  return {
    handshake: serve((request: InstanceType<typeof proto.ProviderHandshakeRequest>) => {
      engine.connect(request.getEngineAddress() || undefined);
      const response = new proto.ProviderHandshakeResponse();
      response.setAcceptSecrets(true).setAcceptResources(true).setAcceptOutputs(true);
      return Promise.resolve(response.setSupportsAutonamingConfiguration(true));
    }),
    attach: serve((request: InstanceType<typeof pluginproto.PluginAttach>) => {
      engine.connect(request.getAddress());
      return Promise.resolve(new emptyproto.Empty());
    }),
    getPluginInfo: serve(() => Promise.resolve(new pluginproto.PluginInfo().setVersion(plugin.version))),
    getSchema: serve(() =>
      Promise.resolve(
        new proto.GetSchemaResponse().setSchema(
          JSON.stringify({ name: plugin.name, version: plugin.version, resources: {} }),
        ),
      ),
    ),
    cancel: serve(() => {
      cancellation.abort();
      return Promise.resolve(new emptyproto.Empty());
    }),
    checkConfig: serve(async (request: InstanceType<typeof proto.CheckRequest>) => {
      const inputs = decodeProperties(request.getNews());
      return checkResponse((await plugin.checkConfig?.(inputs)) ?? { inputs, failures: [] });
    }),
    diffConfig: serve(async (request: InstanceType<typeof proto.DiffRequest>) => {
      const [olds, news] = [decodeProperties(request.getOldInputs()), decodeProperties(request.getNews())];
      return diffResponse((await plugin.diffConfig?.(olds, news)) ?? { changes: [] });
    }),
    configure: serve(async (request: InstanceType<typeof proto.ConfigureRequest>) => {
      await plugin.configure?.(decodeProperties(request.getArgs()));
      const response = new proto.ConfigureResponse();
      response.setAcceptsecrets(true).setAcceptresources(true).setAcceptoutputs(true).setSupportspreview(true);
      return response.setSupportsAutonamingConfiguration(true);
    }),
    invoke: serve(async (request: InstanceType<typeof proto.InvokeRequest>, context) => {
      if (plugin.invoke === undefined) return await refuse(`The function ${request.getTok()}`)();
      const outputs = await plugin.invoke(request.getTok(), decodeProperties(request.getArgs()), context);
      return new proto.InvokeResponse().setReturn(encodeProperties(outputs));
    }),
    check: serve(async (request: InstanceType<typeof proto.CheckRequest>, context) => {
      const autonaming = autonamingOf(request);
      const checked = await plugin.check(
        {
          ...resourceOf(request),
          oldInputs: decodeProperties(request.getOlds()),
          newInputs: decodeProperties(request.getNews()),
          randomSeed: request.getRandomseed_asU8(),
          ...(autonaming === undefined ? {} : { autonaming }),
        },
        context,
      );
      return checkResponse(checked);
    }),
    diff: serve(async (request: InstanceType<typeof proto.DiffRequest>, context) =>
      diffResponse(
        await plugin.diff(
          {
            ...resourceOf(request),
            id: request.getId(),
            oldInputs: decodeProperties(request.getOldInputs()),
            oldOutputs: decodeProperties(request.getOlds()),
            newInputs: decodeProperties(request.getNews()),
            ignoreChanges: request.getIgnorechangesList(),
          },
          context,
        ),
      ),
    ),
    create: serve(async (request: InstanceType<typeof proto.CreateRequest>, context) => {
      const inputs = decodeProperties(request.getProperties());
      const preview = request.getPreview();
      const created = await plugin.create(
        { ...resourceOf(request), inputs, preview, timeout: request.getTimeout() },
        context,
      );
      return new proto.CreateResponse().setId(created.id).setProperties(encodeProperties(created.outputs));
    }),
    read: serve(async (request: InstanceType<typeof proto.ReadRequest>, context) => {
      const inputs = decodeProperties(request.getInputs());
      const outputs = decodeProperties(request.getProperties());
      const read = await plugin.read({ ...resourceOf(request), id: request.getId(), inputs, outputs }, context);
      const response = new proto.ReadResponse();
      if (read === undefined) return response;
      response.setId(read.id).setProperties(encodeProperties(read.outputs));
      return response.setInputs(encodeProperties(read.inputs));
    }),
    update: serve(async (request: InstanceType<typeof proto.UpdateRequest>, context) => {
      const outputs = await plugin.update(
        {
          ...resourceOf(request),
          id: request.getId(),
          oldInputs: decodeProperties(request.getOldInputs()),
          oldOutputs: decodeProperties(request.getOlds()),
          newInputs: decodeProperties(request.getNews()),
          ignoreChanges: request.getIgnorechangesList(),
          preview: request.getPreview(),
          timeout: request.getTimeout(),
        },
        context,
      );
      return new proto.UpdateResponse().setProperties(encodeProperties(outputs));
    }),
    delete: serve(async (request: InstanceType<typeof proto.DeleteRequest>, context) => {
      const inputs = decodeProperties(request.getOldInputs());
      const outputs = decodeProperties(request.getProperties());
      const timeout = request.getTimeout();
      await plugin.delete({ ...resourceOf(request), id: request.getId(), inputs, outputs, timeout }, context);
      return new emptyproto.Empty();
    }),
    call: serve(refuse("Calling a method")),
    construct: serve(refuse("A remote component")),
    parameterize: serve(refuse("Parameterization")),
    getMapping: serve(() => Promise.resolve(new proto.GetMappingResponse())),
    getMappings: serve(() => Promise.resolve(new proto.GetMappingsResponse())),
  };
}

function resourceOf(request: { getUrn(): string; getName(): string; getType(): string }) {
  const urn = request.getUrn();
  const [, , types = "", name = ""] = urn.split("::", 4);
  return { urn, name: request.getName() || name, type: request.getType() || (types.split("$").at(-1) ?? "") };
}

function autonamingOf(request: InstanceType<typeof proto.CheckRequest>): CheckRequest["autonaming"] {
  const options = request.getAutonaming();
  if (options === undefined) return undefined;
  const { ENFORCE, DISABLE } = proto.CheckRequest.AutonamingOptions.Mode;
  const mode = options.getMode();
  return {
    mode: mode === ENFORCE ? "enforce" : mode === DISABLE ? "disable" : "propose",
    name: options.getProposedName(),
  };
}
