import { createHash } from "node:crypto";

import * as pulumi from "@pulumi/pulumi";

import type { Judge, PlannedResource } from "../judge.ts";
import { withoutProviders } from "../judge.ts";
import type { Answer, Outputs, Place } from "../requests/creation.ts";
import { RefusedRequest, type Sdk } from "../sdk.ts";

/** What became of a program that was carried out against an emulator. */
export interface Built {
  /** Every resource of AWS, in the order in which it came into being, with its outputs. */
  resources: (PlannedResource & { outputs: Outputs })[];
  /** Sentences about what AWS would refuse. */
  problems: string[];
  /** Requests that were carried out, by service and operation. */
  sent: Map<string, number>;
  /** Types the emulator does not have, and the operation it lacks. */
  lacking: Map<string, string>;
  /** Sentences about requests that the emulator refused. */
  refused: string[];
}

/** Configuration of a program that runs in this process. */
export interface Project {
  name: string;
  stack: string;
  /** Values by full key, such as "agent-commerce:target". */
  config: Record<string, string>;
  secretKeys: readonly string[];
}

/**
 * Carries out a program: each resource of AWS that it registers is judged, created with AWS's own SDK, and its real ids
 * and addresses go to whatever depends on it.
 */
export async function build(
  program: () => unknown,
  project: Project,
  place: Place,
  judge: Judge,
  sdk: Pick<Sdk, "send">,
): Promise<Built> {
  const builder = new Builder(place, judge, sdk);
  pulumi.runtime.setAllConfig(project.config, [...project.secretKeys]);
  const failures: unknown[] = [];
  const newResource = async ({ type, name, inputs }: pulumi.runtime.MockResourceArgs) => {
    try {
      const state: Outputs = {
        ...(inputs as Outputs),
        ...(await builder.create(type, name, plain(inputs) as Outputs)),
      };
      return { id: String(state["id"] ?? `${name}-id`), state };
    } catch (error) {
      failures.push(error);
      throw error;
    }
  };
  await pulumi.runtime.setMocks({ newResource, call: () => ({}) }, project.name, project.stack, false);
  await pulumi.runtime.runInPulumiStack(async () => {
    await program();
    return {};
  });
  await pulumi.runtime.disconnect();
  if (failures.length > 0) throw failures[0];
  return builder.built;
}

class Builder {
  readonly built: Built = { resources: [], problems: [], sent: new Map(), lacking: new Map(), refused: [] };
  readonly #place: Place;
  readonly #judge: Judge;
  readonly #sdk: Pick<Sdk, "send">;
  #defaultTags: Outputs = {};

  constructor(place: Place, judge: Judge, sdk: Pick<Sdk, "send">) {
    this.#place = place;
    this.#judge = judge;
    this.#sdk = sdk;
  }

  /** The outputs of a resource that is new. */
  async create(type: string, name: string, inputs: Outputs): Promise<Outputs> {
    if (type === "random:index/randomBytes:RandomBytes") return randomBytes(name);
    if (type === "pulumi:providers:aws") this.#defaultTags = defaultTags(inputs);
    if (!type.startsWith("aws:")) return {};
    if ("tags" in inputs) inputs = { ...inputs, tags: { ...this.#defaultTags, ...(inputs["tags"] as object) } };
    const told = withoutProviders(inputs);
    const creation = this.#judge.creation(type);
    const { create, read } = creation ?? {};
    let answer = create ? await this.#send(type, name, create(told, this.#place)) : {};
    if (create && read && answer !== undefined) await this.#send(type, name, read(told, answer));
    answer ??= {};
    const outputs = { id: `${name}-id`, ...creation?.outputs?.(told, answer, this.#place) };
    const resource = { type, name, inputs, outputs };
    this.built.resources.push(resource);
    this.built.problems.push(...this.#judge.problems(resource));
    for (const step of creation?.then?.(told, outputs) ?? []) await this.#send(type, name, step);
    return outputs;
  }

  /** Undefined when the request was not carried out. */
  async #send(type: string, name: string, step: Parameters<Judge["request"]>[0]): Promise<Answer | undefined> {
    const request = this.#judge.request(step);
    const operation = `${request.service} ${request.operation}`;
    try {
      const answer = await this.#sdk.send(request);
      this.built.sent.set(operation, (this.built.sent.get(operation) ?? 0) + 1);
      return answer;
    } catch (error) {
      if (!(error instanceof RefusedRequest)) throw error;
      if (isLacking(error)) this.built.lacking.set(type, operation);
      else this.built.refused.push(`${type} ${name}: ${error.code} ${error.message}`);
      return undefined;
    }
  }
}

/** Whether the emulator says that it does not have the operation at all. */
function isLacking({ code, message }: RefusedRequest): boolean {
  return code === "501" || /not (yet )?(been )?implemented|NotImplemented/i.test(code + message) || code === "404";
}

/** The tags that a provider puts on everything; a provider's inputs are texts. */
function defaultTags({ defaultTags }: Outputs): Outputs {
  if (typeof defaultTags !== "string") return {};
  return (JSON.parse(defaultTags) as { tags?: Outputs }).tags ?? {};
}

function randomBytes(name: string): Outputs {
  const bytes = createHash("sha256").update(name).digest();
  return { hex: bytes.toString("hex"), base64: bytes.toString("base64") };
}

const signature = "4dabf18193072939515e22adb298388d";

/** Values without their secret marks. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if (signature in value) return plain((value as { value?: unknown }).value);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
}
