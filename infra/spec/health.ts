/** A health question that the deployed system must answer with 200. */
export interface HealthCheck {
  /** Name of the service to ask. */
  service: string;
  namespace: string;
  port: number;
  path: string;
}
