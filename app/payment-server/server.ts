import packageJson from "../../package.json" with { type: "json" };
import { runService } from "../common/service.ts";
import { poolSizeRule } from "../common/shared-settings.ts";
import { openStores } from "../common/stores.ts";
import { keepSchema } from "./schema.ts";
import { serverSettings } from "./settings.ts";

/** Serves the payment API. Orders come with it later; what is here tells which version answers. */
export async function runServer(): Promise<void> {
  await runService({
    name: "worldstore-server",
    settings: serverSettings,
    rules: [poolSizeRule],
    start(context) {
      const { health, logger, server, shutdown } = context;
      const { postgres } = openStores(context);
      void keepSchema(postgres, health, logger, shutdown.signal);
      server.get("/v1/version", () => ({ service: context.name, version: packageJson.version }));
      return Promise.resolve();
    },
  });
}
