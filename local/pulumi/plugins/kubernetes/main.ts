import { servePlugin } from "../server.ts";
import { KubernetesPlugin } from "./provider.ts";

await servePlugin(new KubernetesPlugin());
