import { openSender } from "../common/queue/open.ts";
import { runService } from "../common/service.ts";
import { poolSizeRule } from "../common/shared-settings.ts";
import { openStores } from "../common/stores.ts";
import { DataVolume } from "./data-volume.ts";
import { keepHeartbeat } from "./heartbeat.ts";
import { measureDataVolume } from "./metrics.ts";
import { agentSettings, walletRule } from "./settings.ts";

/** The agent (WS-SVC-01): the only process on its data volume. */
void runService({
  name: "worldstore-agent",
  settings: agentSettings,
  rules: [poolSizeRule, walletRule],
  start(context) {
    const { configuration, health, logger, metrics, shutdown } = context;
    const volume = DataVolume.open(configuration.RAILWAY_VOLUME_MOUNT_PATH, configuration.HOSTNAME);
    shutdown.add("the data volume", () => volume.close());
    health.add({ name: "data-volume", critical: true, check: () => volume.check() });
    measureDataVolume(metrics.registry, volume);

    const { redis } = openStores(context);
    const queue = openSender({ url: configuration.QUEUE_URL, name: configuration.QUEUE_NAME, logger });
    shutdown.add("the order queue", () => queue.close());
    health.add({ name: "order-queue", critical: true, check: () => queue.check() });
    health.add({
      name: "payment-server",
      critical: false,
      check: (signal) => askPaymentServer(configuration.PAYMENT_SERVER_URL, signal),
    });
    health.describe("xmtp", xmtpState);

    const heartbeat = keepHeartbeat(redis, configuration.HOSTNAME, shutdown.signal);
    shutdown.add("the heartbeat", () => heartbeat);
    return Promise.resolve();
  },
});

async function askPaymentServer(url: string, signal: AbortSignal): Promise<void> {
  const response = await fetch(new URL("/ready", url), { signal });
  await response.body?.cancel();
  if (!response.ok) throw Object.assign(new Error(`answered ${response.status}`), { code: "NOT_READY" });
}

/** The part of /health that tells of XMTP (WS-HLT-01). */
function xmtpState(): { connected: boolean; installations: number; conversations: number; reason: string } {
  return {
    connected: false,
    installations: 0,
    conversations: 0,
    reason: "The XMTP client is not part of this version.",
  };
}
