import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { AwsSettings } from "../../../infra/settings.ts";
import { project } from "../../../stacks/config.ts";
import {
  readStackFile,
  root,
  setting,
  settingTexts,
  withDefaults,
  withOverrides,
  writeStackFile,
  type StackFile,
} from "../../deploy/stack-file.ts";
import { standIns } from "../../deploy/stand-ins.ts";
import { ensureEngine, type Engine } from "../../pulumi/index.ts";
import { reveal, type Properties } from "../../pulumi/plugins/values.ts";
import { prepareStack } from "../../pulumi/recovery.ts";
import { recordProgram, type RecordedResource, type Recording } from "../../pulumi/program/monitor.ts";
import { creations } from "../requests/index.ts";

/** A resource in a state file. */
export interface StateResource {
  urn: string;
  type: string;
  custom: boolean;
  id?: string;
  inputs: Properties;
  outputs: Properties;
  parent?: string;
  provider?: string;
  dependencies: string[];
  propertyDependencies: Record<string, string[]>;
  protect: boolean;
}

const stack = "prod";

/** The committed stack "prod" as if it had been deployed, in a state folder of its own. */
export class DeployedProduction {
  readonly #engine: Engine;
  readonly #directory: string;
  readonly #file: StackFile;
  readonly #resources: readonly StateResource[];

  private constructor(engine: Engine, directory: string, file: StackFile, resources: readonly StateResource[]) {
    this.#engine = engine;
    this.#directory = directory;
    this.#file = file;
    this.#resources = resources;
  }

  static async deploy(): Promise<DeployedProduction> {
    const directory = await mkdtemp(join(tmpdir(), "production-"));
    const committed = await readStackFile(stack);
    const file = withDefaults(committed, await standIns(committed));
    const engine = await ensureEngine({ backend: `file://${directory}` });
    await prepareStack(engine, { cwd: root, stack }, { say: () => undefined });
    const recording = await recordDeployed(file);
    return new DeployedProduction(engine, directory, file, stateOf(recording));
  }

  /**
   * Previews the program as it is over a state that an earlier program left.
   *
   * @param earlier changes the resources of the state
   * @param overrides settings in the place of the stack's own
   */
  async preview(
    earlier: (resources: StateResource[]) => StateResource[],
    overrides: Record<string, unknown> = {},
  ): Promise<{ code: number; text: string }> {
    const [state, config] = [join(this.#directory, "state.json"), join(this.#directory, "config.yaml")];
    const manifest = { time: "2026-01-01T00:00:00Z", magic: "", version: "" };
    const resources = earlier(structuredClone([...this.#resources]));
    await writeFile(state, JSON.stringify({ version: 3, deployment: { manifest, resources } }));
    await writeStackFile(config, withOverrides(this.#file, overrides));
    const named = ["--stack", stack, "--non-interactive"];
    await this.#engine.run(["stack", "import", "--file", state, ...named], { cwd: root });
    const args = ["preview", "--diff", "--color", "never", "--config-file", config, ...named];
    const { code, stdout, stderr } = await this.#engine.run(args, { cwd: root, mayFail: true });
    return { code, text: stdout + stderr };
  }

  remove(): Promise<void> {
    return rm(this.#directory, { recursive: true, force: true });
  }
}

/** Runs the program with made-up answers of AWS. */
async function recordDeployed(file: StackFile): Promise<Recording> {
  const place = setting(file, "aws") as AwsSettings;
  const outputs = Object.entries(creations).map(([type, { outputs: made }]) => [
    type,
    (inputs: Properties) => {
      const { id: _, ...others } = made?.(reveal(inputs) as Record<string, unknown>, {}, place) ?? {};
      return others as Properties;
    },
  ]);
  const recording = await recordProgram({
    cwd: root,
    entry: "stacks",
    project,
    stack,
    config: settingTexts(file),
    preview: false,
    outputs: {
      ...(Object.fromEntries(outputs) as Record<string, (inputs: Properties) => Properties>),
      "random:index/randomBytes:RandomBytes": (_, name) => {
        const bytes = createHash("sha256").update(name).digest();
        return { hex: bytes.toString("hex"), base64: bytes.toString("base64") };
      },
    },
  });
  if (recording.exitCode !== 0) throw new Error(recording.logs.map(({ message }) => message).join("\n"));
  return recording;
}

/** The state that an update would have left. */
function stateOf({ resources }: Recording): StateResource[] {
  const versions = new Map(resources.flatMap(({ type, options }) => defaultProvider(type, options)));
  const providers = [...versions].map(([urn, version]): StateResource => ({
    urn,
    type: urn.split("::")[2] ?? "",
    custom: true,
    id: providerId,
    inputs: { version },
    outputs: { version },
    dependencies: [],
    propertyDependencies: {},
    protect: false,
  }));
  return [...providers, ...resources.map(inState)];
}

const providerId = "12345678-1234-1234-1234-123456789012";

/** The provider that the engine makes by itself for resources that name none, and its version. */
function defaultProvider(type: string, options: RecordedResource["options"]): [string, string][] {
  if (options.provider !== "" || !type.startsWith("random:")) return [];
  const name = `default_${options.version.replaceAll(".", "_")}`;
  return [[`urn:pulumi:${stack}::${project}::pulumi:providers:random::${name}`, options.version]];
}

function inState(resource: RecordedResource): StateResource {
  const { urn, type, name, parent, custom, inputs, outputs, options } = resource;
  const [own] = defaultProvider(type, options);
  const provider = own === undefined ? options.provider : `${own[0]}::${providerId}`;
  return {
    urn,
    type,
    custom,
    ...(custom ? { id: `${name}-id` } : {}),
    inputs: reveal(inputs) as Properties,
    outputs: reveal(outputs) as Properties,
    ...(parent === "" ? {} : { parent }),
    ...(custom && provider !== "" ? { provider } : {}),
    dependencies: options.dependencies,
    propertyDependencies: options.propertyDependencies,
    protect: options.protect,
  };
}
