import { type ContainerDefinition, hardenedContainer } from "./container-definition.ts";
import { imageReference } from "./image-names.ts";
import type { Target } from "./target.ts";
import { workloadOf } from "./workload.ts";

/** The volume that the certificates are written to; it lives as long as the task. */
export const certificatesVolume = "certificates";
export const certificatesContainer = "certificates";

const folder = "/run/certificates";

/** Where a container finds the authorities that sign the certificates of AWS's databases. */
export const authorityFile = `${folder}/ca.pem`;

/** Mounts the certificates so that nobody but their writer can change them. */
export const certificatesMount = { sourceVolume: certificatesVolume, containerPath: folder, readOnly: true };

/** Whether a service or job is told of a file with certificates. */
export function readsCertificates({ system }: Pick<Target, "system">, workload: string): boolean {
  const { variables } = workloadOf(system, workload).specification;
  return Object.values(variables).some((variable) => typeof variable === "object" && "file" in variable);
}

/**
 * Writes the certificates before the service starts, and ends. The image "operations" has the folder as a volume that
 * belongs to its user: an empty folder of Fargate takes its owner from there.
 */
export function certificatesWriter(target: Target): ContainerDefinition {
  return hardenedContainer({
    name: certificatesContainer,
    image: imageReference(target, "operations"),
    command: ["certificates", authorityFile],
    essential: false,
    resources: {
      requests: { cpu: "0.05 vCPU", memory: "64 MiB" },
      limits: { cpu: "0.25 vCPU", memory: "96 MiB" },
    },
    mounts: [{ ...certificatesMount, readOnly: false }],
  });
}
