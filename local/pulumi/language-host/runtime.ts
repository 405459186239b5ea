import { readFileSync } from "node:fs";

import * as grpc from "@grpc/grpc-js";
import type { ILanguageRuntimeServer } from "@pulumi/pulumi/proto/language_grpc_pb.js";
import language, { type ProgramInfo } from "@pulumi/pulumi/proto/language_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";

import { unary, unimplemented } from "../rpc.ts";
import { installedPackages, requiredPlugins, type RequiredPlugin } from "./packages.ts";
import { runPlugin } from "./plugin.ts";
import { runProgram } from "./program.ts";

/**
 * Pulumi's LanguageRuntime service for Node.
 *
 * @param engine the engine's address, which programs get to log to
 */
export function languageRuntime(engine: string): ILanguageRuntimeServer {
  const only = (what: string) =>
    unary<unknown, never>(() => {
      throw unimplemented(`${what} is not supported by this Node language host: install the Pulumi CLI and use it.`);
    });
  return {
    handshake: unary(() => new language.LanguageHandshakeResponse()),
    getPluginInfo: unary(() => new plugin.PluginInfo().setVersion(sdkVersion())),
    getRequiredPlugins: unary((request) =>
      new language.GetRequiredPluginsResponse().setPluginsList(
        requiredPlugins(directoryOf(request)).map(pluginDependency),
      ),
    ),
    getRequiredPackages: unary((request) =>
      new language.GetRequiredPackagesResponse().setPackagesList(
        requiredPlugins(directoryOf(request)).map(packageDependency),
      ),
    ),
    getProgramDependencies: unary((request) => {
      const installed = installedPackages(directoryOf(request)).filter(
        ({ direct }) => direct || request.getTransitivedependencies(),
      );
      return new language.GetProgramDependenciesResponse().setDependenciesList(
        installed.map(({ name, version }) => new language.DependencyInfo().setName(name).setVersion(version)),
      );
    }),
    about: unary(() => new language.AboutResponse().setExecutable(process.execPath).setVersion(process.versions.node)),
    run: unary((request) => runProgram(request, engine)),
    runPlugin: (call) => {
      runPlugin(call).then(
        () => call.end(),
        (error: Error) => failStream(call, grpc.status.UNKNOWN, error.message),
      );
    },
    installDependencies: (call) => {
      const details = "this Node language host installs nothing: run `npm ci` in the program's folder.";
      failStream(call, grpc.status.FAILED_PRECONDITION, details);
    },
    runtimeOptionsPrompts: unary(() => new language.RuntimeOptionsResponse()),
    template: unary(() => new language.TemplateResponse()),
    cancel: unary(() => new empty.Empty()),
    generateProgram: only("generating a program"),
    generateProject: only("generating a project"),
    generatePackage: only("generating an SDK"),
    pack: only("packing an SDK"),
    link: only("linking a local SDK"),
  };
}

/** Ends a stream with an error; destroying it would leave the engine waiting. */
function failStream(call: NodeJS.EventEmitter, code: grpc.status, details: string): void {
  call.emit("error", { code, details });
}

function directoryOf(request: { getInfo(): ProgramInfo | undefined }): string {
  return request.getInfo()?.getProgramDirectory() ?? process.cwd();
}

function pluginDependency({ name, version, server }: RequiredPlugin) {
  return new plugin.PluginDependency().setKind("resource").setName(name).setVersion(version).setServer(server);
}

function packageDependency({ name, version, server, parameterization }: RequiredPlugin) {
  const dependency = new plugin.PackageDependency()
    .setKind("resource")
    .setName(name)
    .setVersion(version)
    .setServer(server);
  if (parameterization) {
    const parameters = new plugin.PackageParameterization()
      .setName(parameterization.name)
      .setVersion(parameterization.version);
    dependency.setParameterization(parameters.setValue(parameterization.value));
  }
  return dependency;
}

function sdkVersion(): string {
  const manifest = readFileSync(new URL(import.meta.resolve("@pulumi/pulumi/package.json")), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}
