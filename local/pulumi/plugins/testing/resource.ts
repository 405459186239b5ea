import { randomBytes } from "node:crypto";

import type { Properties } from "../values.ts";
import { NotReady } from "./driver.ts";
import type { Planned, PluginDriver } from "./driver.ts";

/** What an engine does with a resource. */
export type Operation = "create" | "same" | "update" | "replace" | "delete and create";

/** A resource as its state keeps it. */
export interface ResourceState {
  id: string;
  inputs: Properties;
  outputs: Properties;
  /** Why it did not become ready the last time. */
  failed: boolean;
}

/** A plan for one resource. */
export interface ResourcePlan {
  operation: Operation;
  changes: Planned["changes"];
  /** What a preview shows as the resource's outputs. */
  outputs: Properties;
}

/** One resource, taken through a plugin in the order in which the engine does it. */
export class DrivenResource {
  readonly urn: string;
  readonly driver: PluginDriver;
  state: ResourceState | undefined;

  constructor(driver: PluginDriver, type: string, name: string) {
    this.driver = driver;
    this.urn = `urn:pulumi:test::plugins::${type}::${name}`;
  }

  /** A preview. */
  async plan(program: Properties): Promise<ResourcePlan> {
    const { operation, inputs, changes } = await this.decide(program);
    const preview = { preview: true };
    const outputs = {
      same: () => Promise.resolve(this.known().outputs),
      update: () => this.driver.update(this.urn, this.known().id, this.known(), inputs, preview),
      create: async () => (await this.driver.create(this.urn, inputs, preview)).outputs,
    };
    return {
      operation,
      changes,
      outputs: await (operation === "same" || operation === "update" ? outputs[operation]() : outputs.create()),
    };
  }

  /** An `up` of this resource. */
  async up(program: Properties, timeout = 0): Promise<Operation> {
    const { operation, inputs } = await this.decide(program);
    const old = this.state;
    if (operation === "same") return operation;
    if (operation === "update") {
      await this.keep(this.known().id, inputs, () =>
        this.driver.update(this.urn, this.known().id, this.known(), inputs, { timeout }),
      );
      return operation;
    }
    if (operation === "delete and create") await this.destroy();
    await this.keep("", inputs, () => this.driver.create(this.urn, inputs, { timeout }));
    if (operation === "replace" && old) await this.driver.delete(this.urn, old.id, old);
    return operation;
  }

  /** A refresh; false when the object is gone. */
  async refresh(): Promise<boolean> {
    const { id, inputs, outputs } = await this.driver.read(
      this.urn,
      this.known().id,
      this.known().inputs,
      this.known().outputs,
    );
    this.state = id === "" ? undefined : { id, inputs, outputs, failed: false };
    return id !== "";
  }

  async destroy(timeout = 0): Promise<void> {
    if (this.state) await this.driver.delete(this.urn, this.state.id, this.state, timeout);
    this.state = undefined;
  }

  known(): ResourceState {
    if (this.state === undefined) throw new Error(`${this.urn} is not in the state.`);
    return this.state;
  }

  private async decide(
    program: Properties,
  ): Promise<{ operation: Operation; inputs: Properties; changes: Planned["changes"] }> {
    const seed = randomBytes(32);
    const { inputs, failures } = await this.driver.check(this.urn, this.state?.inputs ?? {}, program, seed);
    if (failures.length > 0) throw new Error(failures.join("\n"));
    if (this.state === undefined) return { operation: "create", inputs, changes: {} };
    const { id, outputs, failed } = this.state;
    const diff = await this.driver.diff(this.urn, id, this.state.inputs, outputs, inputs);
    const { changes } = diff;
    if (diff.replaces.length > 0) {
      const fresh = await this.driver.check(this.urn, {}, program, seed);
      return { operation: diff.deleteBeforeReplace ? "delete and create" : "replace", inputs: fresh.inputs, changes };
    }
    return { operation: Object.keys(changes).length > 0 || failed ? "update" : "same", inputs, changes };
  }

  private async keep(
    id: string,
    inputs: Properties,
    work: () => Promise<Properties | { id: string; outputs: Properties }>,
  ): Promise<void> {
    try {
      const made = await work();
      this.state =
        id === ""
          ? { ...(made as ResourceState), inputs, failed: false }
          : { id, inputs, outputs: made, failed: false };
    } catch (error) {
      if (error instanceof NotReady) this.state = { id: error.id, inputs, outputs: error.outputs, failed: true };
      throw error;
    }
  }
}
