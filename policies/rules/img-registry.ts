import type { Check } from "../frame/check.ts";
import { matchesGlob } from "../frame/exemptions.ts";
import type { Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import { taskOf } from "../workloads/ecs.ts";
import { containersOf, podOf } from "../workloads/kubernetes.ts";

interface Parameters {
  allowed: string[];
  placeholders: string[];
  retired: string[];
}

/** Whoever writes to a registry decides what runs, so only known ones may be read from. */
export const imgRegistry = definePolicy<Parameters>({
  id: "POL-IMG-REGISTRY",
  title: "Images come from allowed registries",
  severity: "high",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: { nsa: ["C-0292"], pci: ["6.3.2"], soc2: ["CC6.8"] },
  requirements: ["EB-SEC-28"],
  remediation:
    "Push the image to a registry of your own and name it with that registry, or add its registry to allowed.",
  parameters: {
    allowed: {
      type: "array",
      items: { type: "string" },
      description: "Registries by host, or by host and the start of the repository's path; * stands for any text.",
      default: ["images.local", "*.dkr.ecr.*.amazonaws.com"],
    },
    placeholders: {
      type: "array",
      items: { type: "string" },
      description: "Hosts that documents name only as an example; never allowed.",
      default: ["your-registry.com"],
    },
    retired: {
      type: "array",
      items: { type: "string" },
      description: "Repositories whose images nobody repairs any more, wherever they are copied to.",
      default: ["ingress-nginx/controller"],
    },
  },
  check(check, resource, parameters) {
    const pod = podOf(resource);
    if (pod) {
      containersOf(check, pod).forEach(({ field }) => checkImage(check, field.get("image"), parameters));
      check
        .items(pod.spec.get("volumes"))
        .map((volume) => volume.get("image"))
        .filter((image) => !image.absent)
        .forEach((image) => checkImage(check, image.get("reference"), parameters));
    }
    taskOf(resource)
      ?.containers(check)
      .forEach((container) => checkImage(check, container.get("image"), parameters));
    const code = resource.properties.get("imageUri");
    if (resource.type === "aws:lambda/function:Function" && !code.absent) {
      checkImage(check, code, parameters);
    }
  },
});

function checkImage(check: Check, image: Field, { allowed, placeholders, retired }: Parameters): void {
  check.expect(image, (value) => isAllowed(repositoryOf(value), allowed, placeholders), {
    expected: `an image of ${allowed.join(", ")}`,
  });
  check.expect(image, (value) => !retired.some((name) => isWithin(repositoryOf(value), name)), {
    expected: "an image that is still maintained",
    fix: "Move to a maintained successor: this program gets no security fixes any more.",
  });
}

/** Host and path of an image, without tag and digest; the host that Docker assumes when none is named. */
function repositoryOf(value: unknown): string {
  const [reference = ""] = (typeof value === "string" ? value : "").split("@", 1);
  const slash = reference.lastIndexOf("/");
  const path = reference.slice(0, slash + 1) + (reference.slice(slash + 1).split(":", 1)[0] ?? "");
  const [host = ""] = path.split("/", 1);
  return path.includes("/") && /[.:]|^localhost$/.test(host) ? path : `docker.io/${path}`;
}

function isAllowed(repository: string, allowed: readonly string[], placeholders: readonly string[]): boolean {
  const [host = ""] = repository.split("/", 1);
  const fits = allowed.some((entry) =>
    entry.includes("/") ? matchesGlob(`${entry.replace(/\/\*?$/, "")}/*`, repository) : matchesGlob(entry, host),
  );
  return fits && !placeholders.includes(host.replace(/:\d+$/, ""));
}

function isWithin(repository: string, name: string): boolean {
  return repository === name || repository.endsWith(`/${name}`);
}
