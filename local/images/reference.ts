import { contentKey } from "../cache.ts";
import type { ContextFile } from "./context.ts";

/** Everything that decides what an image contains. */
export interface ImageInputs {
  dockerfile: string;
  context: readonly ContextFile[];
  /** The key of the image it starts from, or what the base itself is made of. */
  origin: string;
}

/** The first 12 hexadecimal digits of a hash of everything that decides what an image contains. */
export function imageKey({ dockerfile, context, origin }: ImageInputs): string {
  const files = [...context].sort((a, b) => (a.path < b.path ? -1 : 1));
  return contentKey(
    origin,
    dockerfile,
    ...files.flatMap(({ path, mode, content }) => [path, mode.toString(8), content]),
  );
}

/** The reference of an image: the same inputs give the same reference. */
export function imageReference(name: string, key: string): string {
  return `images.local/${name}:${key}`;
}
