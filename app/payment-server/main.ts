import { runServer } from "./server.ts";
import { runWorker } from "./worker.ts";

/** `node server.js` is the payment server (WS-SVC-02), `node server.js worker` the order queue's worker (WS-SVC-03). */
const [mode] = process.argv.slice(2);
if (mode === undefined) void runServer();
else if (mode === "worker") void runWorker();
else {
  process.stderr.write(
    `${JSON.stringify(mode)} is no mode of the payment server; give none to serve HTTP, or "worker".\n`,
  );
  process.exitCode = 2;
}
