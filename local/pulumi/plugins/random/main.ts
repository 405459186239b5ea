import { providerVersion } from "../../home.ts";
import { servePlugin } from "../server.ts";
import { randomPlugin } from "./random.ts";

await servePlugin(randomPlugin(providerVersion("random")));
