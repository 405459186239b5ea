/** The DNS name of a Service in the cluster. */
export function hostOf(service: string, namespace: string): string {
  return `${service}.${namespace}.svc`;
}

/** The headless Service through which every single copy of a stateless service is found. */
export function podsServiceOf(service: string): string {
  return `${service}-pods`;
}
