import { Counter, Gauge, type Registry } from "prom-client";

import type { DataVolume } from "./data-volume.ts";

/** Exports what is known of the data volume. */
export function measureDataVolume(registry: Registry, volume: DataVolume): void {
  const registers = [registry];
  new Counter({
    name: "agent_starts_total",
    help: "Starts of an agent on this data volume, counted on the volume itself (WS-SVC-01).",
    registers,
  }).inc(volume.starts);
  const free = new Gauge({
    name: "data_volume_free_bytes",
    help: "Bytes of the data volume that are still free (WS-MET-15).",
    registers,
  });
  new Gauge({
    name: "data_volume_size_bytes",
    help: "Bytes of the data volume (WS-MET-15).",
    registers,
    async collect() {
      const space = await volume.space();
      this.set(space.total);
      free.set(space.free);
    },
  });
}
