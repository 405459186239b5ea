import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb.js";
import engineproto from "@pulumi/pulumi/proto/engine_pb.js";
import type {
  ReadResourceRequest,
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
  ResourceInvokeRequest,
  SupportsFeatureRequest,
} from "@pulumi/pulumi/proto/resource_pb.js";
import proto from "@pulumi/pulumi/proto/resource_pb.js";
import providerproto from "@pulumi/pulumi/proto/provider_pb.js";
import emptyproto from "google-protobuf/google/protobuf/empty_pb.js";

import { decodeProperties, encodeProperties, Secret, unknown, type Properties } from "../plugins/values.ts";
import { unary } from "../rpc.ts";
import { recorded, urnOf, type RecordedResource } from "./recording.ts";

/** Makes up the answers that only a cloud could give. */
export interface Answers {
  /** Outputs beyond the inputs, by type token; used only when it is not a preview. @default none */
  outputs?: Record<string, (inputs: Properties, name: string) => Properties>;
  /** Answers of functions, by token. @default every function is refused */
  invokes?: Record<string, (args: Properties) => Properties>;
}

/** A line that the program logged; what the SDK says for debugging is left out. */
export interface RecordedLog {
  severity: "info" | "warning" | "error";
  message: string;
  urn: string;
}

/** Records what a program registers; ids and outputs are unknown in a preview, as with the engine. */
export class Recorder {
  readonly resources: RecordedResource[] = [];
  readonly logs: RecordedLog[] = [];
  private root = "";
  private readonly program: { project: string; stack: string; preview: boolean };
  private readonly answers: Answers;

  constructor(program: { project: string; stack: string; preview: boolean }, answers: Answers) {
    this.program = program;
    this.answers = answers;
  }

  /** The outputs of the stack. */
  get outputs(): Properties {
    return this.resources.find(({ urn }) => urn === this.root)?.outputs ?? {};
  }

  /** The ResourceMonitor service. */
  monitor(): UntypedServiceImplementation {
    const features = new Set(["secrets", "resourceReferences", "outputValues", "aliasSpecs", "deletedWith"]);
    return {
      supportsFeature: unary((request: SupportsFeatureRequest) =>
        new proto.SupportsFeatureResponse().setHassupport(features.has(request.getId())),
      ),
      registerResource: unary((request: RegisterResourceRequest) => this.register(request)),
      registerResourceOutputs: unary((request: RegisterResourceOutputsRequest) => {
        const resource = this.resources.find(({ urn }) => urn === request.getUrn());
        if (resource) resource.outputs = { ...resource.outputs, ...decodeProperties(request.getOutputs()) };
        return new emptyproto.Empty();
      }),
      readResource: unary((request: ReadResourceRequest) => {
        const read = { type: request.getType(), name: request.getName(), parent: request.getParent(), ...this.program };
        return new proto.ReadResourceResponse().setUrn(urnOf(read)).setProperties(request.getProperties());
      }),
      invoke: unary((request: ResourceInvokeRequest) => {
        const answer = this.answers.invokes?.[request.getTok()];
        if (!answer)
          throw new Error(`the program asks for ${request.getTok()}; give the test an answer in \`invokes\`.`);
        return new providerproto.InvokeResponse().setReturn(
          encodeProperties(answer(decodeProperties(request.getArgs()))),
        );
      }),
      registerPackage: unary(() => new proto.RegisterPackageResponse().setRef("package")),
      signalAndWaitForShutdown: unary(() => new emptyproto.Empty()),
    };
  }

  /** The Engine service. */
  engine(): UntypedServiceImplementation {
    return {
      log: unary((request: LogRequest) => {
        const { INFO, WARNING, ERROR } = engineproto.LogSeverity;
        const names = new Map<number, RecordedLog["severity"]>([
          [INFO, "info"],
          [WARNING, "warning"],
          [ERROR, "error"],
        ]);
        const severity = names.get(request.getSeverity());
        if (severity) this.logs.push({ severity, message: request.getMessage(), urn: request.getUrn() });
        return new emptyproto.Empty();
      }),
      getRootResource: unary(() => new engineproto.GetRootResourceResponse().setUrn(this.root)),
      setRootResource: unary((request: engineproto.SetRootResourceRequest) => {
        this.root = request.getUrn();
        return new engineproto.SetRootResourceResponse();
      }),
    };
  }

  private register(request: RegisterResourceRequest) {
    const resource = recorded(request, this.program.stack, this.program.project);
    const twin = this.resources.find(({ urn }) => urn === resource.urn);
    if (twin) throw new Error(`${resource.urn} is registered twice; give one of them another name.`);
    resource.outputs = this.outputsOf(resource);
    this.resources.push(resource);
    if (resource.type === "pulumi:pulumi:Stack") this.root = resource.urn;
    const id = resource.custom && !this.program.preview ? `${resource.name}-id` : "";
    return new proto.RegisterResourceResponse()
      .setUrn(resource.urn)
      .setId(id)
      .setObject(encodeProperties(resource.outputs));
  }

  private outputsOf({ type, name, inputs, options }: RecordedResource): Properties {
    const made = this.program.preview ? {} : this.answers.outputs?.[type]?.(inputs, name);
    const outputs: Properties = { ...inputs, ...made };
    for (const secret of options.additionalSecretOutputs) {
      const value = outputs[secret] ?? (this.program.preview ? unknown : undefined);
      if (value !== undefined && !(value instanceof Secret)) outputs[secret] = new Secret(value);
    }
    return outputs;
  }
}
