import { imageReference } from "../aws/image-names.ts";
import { declared } from "../spec/names.ts";
import type { Target } from "./target.ts";

/**
 * The reference of an image, as a pod uses it: as the stack says. Where stores are on AWS, one without a registry means the
 * stack's own repository there, as on ECS.
 *
 * @param images references by name. @default the stack's images
 */
export function imageOf({ system, settings }: Target, name: string, images = settings.images): string {
  const { aws, datastoreMode } = settings;
  if (aws === undefined || datastoreMode !== "managed") return declared(images, name);
  return imageReference({ system, settings: { ...settings, images }, aws }, name);
}
