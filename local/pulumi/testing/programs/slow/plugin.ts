import { setTimeout as sleep } from "node:timers/promises";

import { servePlugin } from "../../../plugins/server.ts";

// A resource that takes as long to create as its `seconds` say, and is nothing else.
await servePlugin({
  name: "slow",
  version: "1.0.0",
  check: ({ newInputs }) => Promise.resolve({ inputs: newInputs, failures: [] }),
  diff: () => Promise.resolve({ changes: [] }),
  async create({ name, inputs, preview }) {
    if (!preview) await sleep(Number(inputs["seconds"]) * 1000);
    return { id: preview ? "" : name, outputs: inputs };
  },
  read: ({ id, inputs, outputs }) => Promise.resolve({ id, inputs, outputs }),
  update: ({ newInputs }) => Promise.resolve(newInputs),
  delete: () => Promise.resolve(),
});
