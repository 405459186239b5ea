/** One end of a rule that has a security group of its own. A volume is the file system of a service. */
export type GroupEnd =
  | { kind: "service" | "job" | "store" | "volume"; name: string }
  | { kind: "edge" }
  | { kind: "functions" }
  | { kind: "endpoints" };
