import type { Check } from "../frame/check.ts";
import type { Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import { taskOf } from "../workloads/ecs.ts";
import { containersOf, podOf } from "../workloads/kubernetes.ts";

interface Parameters {
  bannedTags: string[];
  requireDigest: boolean;
}

/** Every image says which build it is, so that the same plan always starts the same program. */
export const imgPinned = definePolicy<Parameters>({
  id: "POL-IMG-PINNED",
  title: "Container images carry a version, commit tag or digest",
  severity: "high",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: {},
  requirements: ["WS-SEC-45", "EB-SEC-28", "AR-SEC-36"],
  remediation: "Name the version, the commit or, best, the digest of the image: registry/name:1.4.2@sha256:...",
  parameters: {
    bannedTags: {
      type: "array",
      items: { type: "string" },
      description: "Tags that move; the empty text stands for an image without a tag.",
      default: ["latest", "", "master", "main"],
    },
    requireDigest: { type: "boolean", description: "Accept only images named by digest.", default: false },
  },
  check(check, resource, parameters) {
    const pod = podOf(resource);
    if (pod) {
      containersOf(check, pod).forEach(({ field }) => expectPinned(check, field.get("image"), parameters));
      const images = check.items(pod.spec.get("volumes")).map((volume) => volume.get("image"));
      images
        .filter((image) => !image.absent)
        .forEach((image) => expectPinned(check, image.get("reference"), parameters));
    }
    taskOf(resource)
      ?.containers(check)
      .forEach((container) => expectPinned(check, container.get("image"), parameters));
  },
});

function expectPinned(check: Check, image: Field, { bannedTags, requireDigest }: Parameters): void {
  const tags = bannedTags.filter((tag) => tag !== "").join(", ");
  check.expect(image, (value) => typeof value === "string" && isPinned(value, bannedTags, requireDigest), {
    expected: requireDigest
      ? "an image with a digest (@sha256:...)"
      : `an image with a digest or a tag other than ${tags}`,
  });
}

function isPinned(image: string, bannedTags: readonly string[], requireDigest: boolean): boolean {
  const [reference = "", digest] = image.split("@", 2);
  if (digest !== undefined) {
    return /^sha256:[0-9a-f]{64}$/.test(digest);
  }
  // A colon before the last slash belongs to the registry's port.
  const [name = "", tag = ""] = reference.slice(reference.lastIndexOf("/") + 1).split(":", 2);
  return !requireDigest && name !== "" && !bannedTags.some((banned) => banned === tag.toLowerCase());
}
