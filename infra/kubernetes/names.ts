import type { Colour } from "../settings.ts";

/** The DNS name of a Service in the cluster. */
export function hostOf(service: string, namespace: string): string {
  return `${service}.${namespace}.svc`;
}

/** The headless Service through which every single copy of a stateless service is found. */
export function podsServiceOf(service: string): string {
  return `${service}-pods`;
}

/** The Service of the colour without traffic of a blue-green release. */
export function previewOf(service: string): string {
  return `${service}-preview`;
}

/** The name of the Deployment of a colour. */
export function colourName(service: string, colour: Colour): string {
  return `${service}-${colour}`;
}
