/** The images that containers run from. `pause` is part of the cluster, see local/cluster. */
export const imageNames = [
  "agent",
  "payment-server",
  "probe",
  "operations",
  "postgres",
  "redis",
  "prometheus",
  "alertmanager",
] as const;

export type ImageName = (typeof imageNames)[number];

/** The images others start from: `debian` from packages alone, `node` on top of it. */
export type BaseName = "debian" | "node";

/** What an image is made of. */
export interface ImageDefinition {
  /** The Dockerfile, below the repository. */
  dockerfile: string;
  /** The image it starts from, handed to the Dockerfile as the argument BASE. @default from scratch */
  base?: BaseName;
  /** A folder of the repository whose files the Dockerfile copies. @default none */
  context?: string;
  /** A TypeScript program that is bundled into one file of the context. @default none */
  program?: Program;
}

/** A program and the name of its bundle. */
export interface Program {
  /** Its entry point, below the repository. */
  entry: string;
  file: string;
}

const program = (name: string, file: string): ImageDefinition => ({
  dockerfile: `app/${name}/Dockerfile`,
  base: "node",
  program: { entry: `app/${name}/main.ts`, file },
});

const packaged = (name: string): ImageDefinition => ({
  dockerfile: `local/images/${name}/Dockerfile`,
  base: "debian",
  context: `local/images/${name}`,
});

/** Every image and base, by name. */
export const catalogue: Readonly<Record<ImageName | BaseName, ImageDefinition>> = {
  debian: { dockerfile: "local/images/debian/Dockerfile" },
  node: { dockerfile: "local/images/node/Dockerfile", base: "debian" },
  agent: program("agent", "agent.js"),
  "payment-server": program("payment-server", "server.js"),
  probe: program("probe", "probe.js"),
  operations: program("operations", "operations.js"),
  postgres: packaged("postgres"),
  redis: packaged("redis"),
  prometheus: packaged("prometheus"),
  alertmanager: packaged("alertmanager"),
};
