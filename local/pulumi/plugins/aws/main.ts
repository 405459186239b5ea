import { providerVersion } from "../../home.ts";
import { servePlugin } from "../server.ts";
import { awsPlugin } from "./aws.ts";

await servePlugin(awsPlugin(providerVersion("aws")));
