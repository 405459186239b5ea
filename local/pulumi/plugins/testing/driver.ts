import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";
import grpc from "@grpc/grpc-js";
import type { ServiceError } from "@grpc/grpc-js";
import emptyproto from "google-protobuf/google/protobuf/empty_pb.js";
import enginerpc from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb.js";
import providerrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import statusproto from "@pulumi/pulumi/proto/status_pb.js";

import { decodeProperties, encodeProperties } from "../values.ts";
import type { Properties } from "../values.ts";

/** A line the plugin has shown. */
export interface Shown {
  message: string;
  status: boolean;
}

/** The resource exists but did not become ready, as the engine sees it. */
export class NotReady extends Error {
  readonly id: string;
  readonly outputs: Properties;

  constructor(id: string, outputs: Properties, reasons: string[]) {
    super(reasons.join("\n"));
    this.id = id;
    this.outputs = outputs;
  }
}

/** What a diff answered, in the words of the engine. */
export interface Planned {
  changes: Record<string, string>;
  replaces: string[];
  deleteBeforeReplace: boolean;
}

/** A plugin in a process of its own, asked over gRPC as the engine asks it. */
export class PluginDriver {
  readonly shown: Shown[];
  readonly process: ChildProcess;
  private readonly client: InstanceType<typeof providerrpc.ResourceProviderClient>;
  private readonly engine: grpc.Server;

  private constructor(process: ChildProcess, port: number, engine: grpc.Server, shown: Shown[]) {
    this.process = process;
    this.client = new providerrpc.ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    this.engine = engine;
    this.shown = shown;
  }

  /** Starts `node MAIN` and configures it. */
  static async start(main: string, config: Properties): Promise<PluginDriver> {
    const shown: Shown[] = [];
    const engine = new grpc.Server();
    engine.addService(enginerpc.EngineService, {
      log: (call: { request: LogRequest }, callback: (error: null, value: unknown) => void) => {
        shown.push({ message: call.request.getMessage(), status: call.request.getEphemeral() });
        callback(null, new emptyproto.Empty());
      },
    });
    const bind = promisify(engine.bindAsync.bind(engine));
    const enginePort = await bind("127.0.0.1:0", grpc.ServerCredentials.createInsecure());
    const child = spawn(process.execPath, [main, `127.0.0.1:${enginePort}`], { stdio: ["ignore", "pipe", "inherit"] });
    const [port] = (await once(child.stdout, "data")) as [Buffer];
    const driver = new PluginDriver(child, Number(port.toString().trim()), engine, shown);
    const checked = await driver.checkConfig(config);
    await driver.call("configure", new proto.ConfigureRequest().setArgs(encodeProperties(checked.inputs)));
    return driver;
  }

  /** Ends the plugin and everything that was opened for it. */
  async stop(): Promise<void> {
    this.client.close();
    this.engine.forceShutdown();
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const exit = once(this.process, "exit");
    this.process.kill("SIGTERM");
    await exit;
  }

  async checkConfig(config: Properties) {
    return checked(await this.call("checkConfig", new proto.CheckRequest().setNews(encodeProperties(config))));
  }

  async check(urn: string, olds: Properties, news: Properties, seed = Buffer.alloc(0)) {
    const request = new proto.CheckRequest()
      .setUrn(urn)
      .setOlds(encodeProperties(olds))
      .setNews(encodeProperties(news));
    return checked(await this.call("check", request.setRandomseed(seed)));
  }

  async diff(
    urn: string,
    id: string,
    oldInputs: Properties,
    oldOutputs: Properties,
    news: Properties,
  ): Promise<Planned> {
    const request = new proto.DiffRequest().setUrn(urn).setId(id).setOldInputs(encodeProperties(oldInputs));
    request.setOlds(encodeProperties(oldOutputs)).setNews(encodeProperties(news));
    const response = await this.call<InstanceType<typeof proto.DiffResponse>>("diff", request);
    const names = new Map<number, string>(
      Object.entries(proto.PropertyDiff.Kind).map(([name, kind]) => [Number(kind), name]),
    );
    const changes: Record<string, string> = {};
    response.getDetaileddiffMap().forEach((detail, path) => (changes[path] = names.get(detail.getKind()) ?? ""));
    return {
      changes,
      replaces: response.getReplacesList(),
      deleteBeforeReplace: response.getDeletebeforereplace(),
    };
  }

  async create(urn: string, inputs: Properties, options: { preview?: boolean; timeout?: number } = {}) {
    const { preview = false, timeout = 0 } = options;
    const request = new proto.CreateRequest().setUrn(urn).setProperties(encodeProperties(inputs)).setPreview(preview);
    const response = await this.call<InstanceType<typeof proto.CreateResponse>>("create", request.setTimeout(timeout));
    return { id: response.getId(), outputs: decodeProperties(response.getProperties()) };
  }

  async read(urn: string, id: string, inputs: Properties = {}, outputs: Properties = {}) {
    const request = new proto.ReadRequest().setUrn(urn).setId(id);
    request.setInputs(encodeProperties(inputs)).setProperties(encodeProperties(outputs));
    const response = await this.call<InstanceType<typeof proto.ReadResponse>>("read", request);
    return {
      id: response.getId(),
      inputs: decodeProperties(response.getInputs()),
      outputs: decodeProperties(response.getProperties()),
    };
  }

  async update(
    urn: string,
    id: string,
    old: { inputs: Properties; outputs: Properties },
    news: Properties,
    options: { preview?: boolean; timeout?: number } = {},
  ): Promise<Properties> {
    const { preview = false, timeout = 0 } = options;
    const request = new proto.UpdateRequest().setUrn(urn).setId(id).setPreview(preview).setTimeout(timeout);
    request.setOldInputs(encodeProperties(old.inputs)).setOlds(encodeProperties(old.outputs));
    const response = await this.call<InstanceType<typeof proto.UpdateResponse>>(
      "update",
      request.setNews(encodeProperties(news)),
    );
    return decodeProperties(response.getProperties());
  }

  async delete(urn: string, id: string, old: { inputs: Properties; outputs: Properties }, timeout = 0): Promise<void> {
    const request = new proto.DeleteRequest().setUrn(urn).setId(id).setTimeout(timeout);
    await this.call(
      "delete",
      request.setOldInputs(encodeProperties(old.inputs)).setProperties(encodeProperties(old.outputs)),
    );
  }

  async invoke(token: string, args: Properties): Promise<void> {
    await this.call("invoke", new proto.InvokeRequest().setTok(token).setArgs(encodeProperties(args)));
  }

  async cancel(): Promise<void> {
    await this.call("cancel", new emptyproto.Empty());
  }

  async call<Response>(method: string, request: unknown): Promise<Response> {
    const stub = this.client as unknown as Record<string, (...args: unknown[]) => void>;
    return await new Promise<Response>((resolve, reject) => {
      stub[method]?.(request, (error: ServiceError | null, response: Response) =>
        error === null ? resolve(response) : reject(asEngineSees(error)),
      );
    });
  }
}

function checked(response: InstanceType<typeof proto.CheckResponse>) {
  const failures = response.getFailuresList().map((failure) => `${failure.getProperty()}: ${failure.getReason()}`);
  return { inputs: decodeProperties(response.getInputs()), failures };
}

function asEngineSees(error: ServiceError): Error {
  const [details] = error.metadata.get("grpc-status-details-bin");
  if (!Buffer.isBuffer(details)) return new Error(error.details);
  const [packed] = statusproto.Status.deserializeBinary(new Uint8Array(details)).getDetailsList();
  const failed = proto.ErrorResourceInitFailed.deserializeBinary(packed?.getValue_asU8() ?? new Uint8Array());
  return new NotReady(failed.getId(), decodeProperties(failed.getProperties()), failed.getReasonsList());
}
