import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The parts of a package.json that tell which resource plugin a package needs. */
interface Manifest {
  name?: string;
  version?: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  pulumi?: {
    resource?: boolean;
    name?: string;
    version?: string;
    server?: string;
    parameterization?: { name: string; version: string; value: string };
  };
}

/** A package of the program's dependencies, as installed. */
export interface InstalledPackage {
  name: string;
  version: string;
  direct: boolean;
  pulumi: NonNullable<Manifest["pulumi"]> | undefined;
}

/** A resource plugin that the program's packages ask for. */
export interface RequiredPlugin {
  name: string;
  /** With the leading `v` that the engine expects. */
  version: string;
  server: string;
  parameterization: { name: string; version: string; value: Buffer } | undefined;
}

/** Every installed package that the program in that folder can load, following dependencies from its package.json. */
export function installedPackages(directory: string): InstalledPackage[] {
  const root = nearestManifest(directory);
  if (root === undefined) return [];
  const found = new Map<string, InstalledPackage>();
  const visit = (from: string, { dependencies, devDependencies }: Manifest, direct: boolean) => {
    for (const name of Object.keys({ ...dependencies, ...(direct ? devDependencies : {}) })) {
      const path = locate(from, name);
      if (path === undefined || found.has(path)) continue;
      const manifest = read(path);
      found.set(path, {
        name: manifest.name ?? name,
        version: manifest.version ?? "",
        direct,
        pulumi: manifest.pulumi,
      });
      visit(dirname(path), manifest, false);
    }
  };
  visit(dirname(root), read(root), true);
  return [...found.values()];
}

/** The resource plugins that the program needs, each name and version once. */
export function requiredPlugins(directory: string): RequiredPlugin[] {
  const plugins = new Map<string, RequiredPlugin>();
  for (const { name, version, pulumi } of installedPackages(directory)) {
    if (pulumi?.resource !== true) continue;
    const plugin = {
      name: pulumi.name ?? name.replace(/^@pulumi\//, ""),
      version: `v${(pulumi.version ?? version).replace(/^v/, "")}`,
      server: pulumi.server ?? "",
      parameterization: pulumi.parameterization && {
        ...pulumi.parameterization,
        value: Buffer.from(pulumi.parameterization.value, "base64"),
      },
    };
    plugins.set(`${plugin.name} ${plugin.version} ${plugin.parameterization?.name}`, plugin);
  }
  return [...plugins.values()];
}

function nearestManifest(directory: string): string | undefined {
  const path = join(directory, "package.json");
  if (existsSync(path)) return path;
  const parent = dirname(directory);
  return parent === directory ? undefined : nearestManifest(parent);
}

function locate(from: string, name: string): string | undefined {
  const path = join(from, "node_modules", name, "package.json");
  if (existsSync(path)) return path;
  const parent = dirname(from);
  return parent === from ? undefined : locate(parent, name);
}

function read(path: string): Manifest {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Manifest;
  } catch (error) {
    throw new Error(`${path} cannot be read: run \`npm ci\` to install it again.`, { cause: error });
  }
}
