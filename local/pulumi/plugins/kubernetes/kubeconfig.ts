import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import https from "node:https";
import http from "node:http";
import { load } from "js-yaml";

/** Where the API server is and how requests to it are made. */
export interface Connection {
  /** The name of the context in the kubeconfig. */
  context: string;
  server: string;
  /** The namespace for objects that name none. */
  namespace: string;
  /** Options of every request: agent, certificates and authorization. */
  options(): Promise<https.RequestOptions>;
}

/** What the program said about the cluster. */
export interface KubeconfigSource {
  /** A path or the content. @default `$KUBECONFIG`, else `~/.kube/config` */
  kubeconfig?: string;
  /** @default the kubeconfig's current context */
  context?: string;
  /** @default the context's namespace, else `default` */
  namespace?: string;
}

interface Named {
  name: string;
  cluster?: Record<string, unknown>;
  user?: Record<string, unknown>;
  context?: { cluster: string; user: string; namespace?: string };
}

/** User entries that are more than a certificate or a token are left to the Kubernetes client library. */
const plainCredentials = new Set([
  "client-certificate",
  "client-certificate-data",
  "client-key",
  "client-key-data",
  "token",
  "tokenFile",
]);

/**
 * Reads a kubeconfig.
 *
 * @throws Error saying what is missing and what to do
 */
export function readKubeconfig(source: KubeconfigSource): Connection {
  const { text, directory, name } = content(source.kubeconfig);
  const config = parse(text, name);
  const contextName = source.context ?? config["current-context"];
  if (typeof contextName !== "string" || contextName === "") {
    throw new Error(`${name} has no current context; name one with the provider's \`context\`.`);
  }
  const entry = (list: unknown, wanted: string, what: string): Named => {
    const names = Array.isArray(list) ? (list as Named[]) : [];
    const found = names.find((candidate) => candidate.name === wanted);
    if (found) return found;
    const known = names.map((candidate) => candidate.name).join(", ") || "none";
    throw new Error(`${name} has no ${what} "${wanted}"; it has: ${known}.`);
  };
  const { context } = entry(config["contexts"], contextName, "context");
  const { cluster = {} } = entry(config["clusters"], context?.cluster ?? "", "cluster");
  const { user = {} } = context?.user ? entry(config["users"], context.user, "user") : { user: {} };
  const server = String(cluster["server"] ?? "").replace(/\/+$/, "");
  if (!URL.canParse(server))
    throw new Error(`${name}: the cluster of context "${contextName}" has no valid \`server\`.`);
  const simple = Object.keys(user).every((key) => plainCredentials.has(key)) && cluster["proxy-url"] === undefined;
  return {
    context: contextName,
    server,
    namespace: source.namespace ?? context?.namespace ?? "default",
    options: simple ? plainOptions(server, cluster, user, directory) : libraryOptions(text, directory, contextName),
  };
}

function content(kubeconfig: string | undefined): { text: string; directory: string; name: string } {
  if (kubeconfig !== undefined && /\n|^\s*\{/.test(kubeconfig)) {
    return { text: kubeconfig, directory: process.cwd(), name: "The kubeconfig" };
  }
  const ambient = process.env["KUBECONFIG"]?.split(":").find((part) => part !== "");
  const path = (kubeconfig ?? ambient ?? join(homedir(), ".kube", "config")).replace(/^~(?=\/)/, homedir());
  if (!existsSync(path)) {
    throw new Error(`The kubeconfig ${path} does not exist; start the cluster, or give the provider a \`kubeconfig\`.`);
  }
  return { text: readFileSync(path, "utf8"), directory: dirname(path), name: `The kubeconfig ${path}` };
}

function parse(text: string, name: string): Record<string, unknown> {
  try {
    const parsed = load(text);
    if (typeof parsed === "object" && parsed !== null) return parsed as Record<string, unknown>;
  } catch {
    // The parser's own message would quote the file, which holds credentials.
  }
  throw new Error(`${name} is neither YAML nor JSON of the kind Config; write it again with your cluster's tool.`);
}

function plainOptions(
  server: string,
  cluster: Record<string, unknown>,
  user: Record<string, unknown>,
  directory: string,
): Connection["options"] {
  const read = (entry: Record<string, unknown>, key: string): Buffer | undefined => {
    const data = entry[`${key}-data`];
    if (typeof data === "string") return Buffer.from(data, "base64");
    const file = entry[key];
    return typeof file === "string" ? readFileSync(isAbsolute(file) ? file : join(directory, file)) : undefined;
  };
  let tls: https.AgentOptions | undefined;
  let agent: http.Agent | undefined;
  return () => {
    tls ??= {
      keepAlive: true,
      ca: read(cluster, "certificate-authority"),
      cert: read(user, "client-certificate"),
      key: read(user, "client-key"),
      servername: cluster["tls-server-name"] as string | undefined,
      rejectUnauthorized: cluster["insecure-skip-tls-verify"] !== true,
    };
    agent ??= server.startsWith("https:") ? new https.Agent(tls) : new http.Agent({ keepAlive: true });
    const token =
      (user["token"] as string | undefined) ?? read({ token: user["tokenFile"] }, "token")?.toString().trim();
    return Promise.resolve({ agent, headers: token === undefined ? {} : { authorization: `Bearer ${token}` } });
  };
}

function libraryOptions(text: string, directory: string, context: string): Connection["options"] {
  let loading: Promise<{ applyToHTTPSOptions(options: https.RequestOptions): Promise<void> }> | undefined;
  return async () => {
    loading ??= import("@kubernetes/client-node").then(({ KubeConfig }) => {
      const config = new KubeConfig();
      config.loadFromString(text);
      config.makePathsAbsolute(directory);
      config.setCurrentContext(context);
      return config;
    });
    const options: https.RequestOptions = {};
    await (await loading).applyToHTTPSOptions(options);
    return options;
  };
}
