/** Where Prometheus is found in the namespace. */
export const prometheus = { name: "prometheus", port: 9090 } as const;

/** Where Alertmanager is found in the namespace. */
export const alertmanager = { name: "alertmanager", port: 9093 } as const;
