import { createHash, randomBytes } from "node:crypto";

import type { JsonObject, Properties } from "../values.ts";
import { reveal } from "../values.ts";

/** The annotation of objects whose name was made here. */
export const autonamedAnnotation = "pulumi.com/autonamed";

/**
 * Why a type is not supported, as a sentence; undefined when it is.
 *
 * @param type a type token such as `kubernetes:apps/v1:Deployment`
 */
export function refusal(type: string): string | undefined {
  const [, module = "", kind = ""] = type.split(":");
  if (/^(yaml|helm\.sh|kustomize)(\/|$)/.test(module)) {
    return `${type} is not supported by the local kubernetes plugin; use the official one, or write the objects as resources.`;
  }
  if (/.Patch$/.test(kind) && isBuiltIn(module)) {
    return `${type} is not supported by the local kubernetes plugin; use the official one to patch objects you do not own.`;
  }
  if (/.List$/.test(kind) && isBuiltIn(module)) {
    return `${type} cannot be created: it is a list for reading; register its items as resources of their own.`;
  }
  return undefined;
}

function isBuiltIn(module: string): boolean {
  const group = module.split("/")[0] ?? "";
  return !group.includes(".") || group.endsWith(".k8s.io");
}

/** The apiVersion and kind a type token stands for. */
export function kindOfToken(type: string): { apiVersion: string; kind: string } {
  const [, module = "", kind = ""] = type.split(":");
  return { apiVersion: module.startsWith("core/") ? module.slice("core/".length) : module, kind };
}

/**
 * The apiVersion and kind of an object: what its properties say, else what its type token says.
 */
export function kindOf(type: string, ...sources: Properties[]): { apiVersion: string; kind: string } {
  const token = kindOfToken(type);
  const said = (name: string) =>
    sources.map((source) => reveal(source[name] ?? null)).find((value) => typeof value === "string");
  return { apiVersion: said("apiVersion") ?? token.apiVersion, kind: said("kind") ?? token.kind };
}

/**
 * The name under which a resource applies its fields. It follows from the URN, so that an object whose creation was
 * interrupted before it reached the state is recognised as one's own.
 */
export function fieldManagerOf(urn: string, outputs: Properties | JsonObject = {}): string {
  const kept = outputs["__fieldManager"];
  if (typeof kept === "string" && kept !== "") return kept;
  return `pulumi-kubernetes-${createHash("sha256").update(urn).digest("hex").slice(0, 16)}`;
}

/** A name of one's own for an object: `<logical name>-<8 hexadecimal digits>`, the same for the same seed. */
export function autoname(urn: string, name: string, seed: Uint8Array): string {
  const digits =
    seed.length === 0
      ? randomBytes(4).toString("hex")
      : createHash("sha256").update(seed).update(urn).digest("hex").slice(0, 8);
  return `${name.toLowerCase()}-${digits}`;
}
