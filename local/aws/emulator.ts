import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { pythonEnvironment } from "./python.ts";

/** A running emulator. */
export interface Emulator {
  /** Such as "http://127.0.0.1:41234"; every service of AWS answers there. */
  endpoint: string;
  /** Ends it; everything it held is gone. */
  stop(): Promise<void>;
}

/**
 * Starts moto, an emulator of AWS, on a free port of the loopback address. It takes any credentials and ends with this
 * process, however this process ends.
 *
 * @param options.accountId the account that answers @default "123456789012"
 * @throws UserError when Python or moto is missing and cannot be installed here
 */
export async function startEmulator(options: { accountId?: string } = {}): Promise<Emulator> {
  const { python } = await pythonEnvironment();
  const child = spawn(python, [join(import.meta.dirname, "emulator.py")], {
    stdio: ["pipe", "pipe", "pipe"],
    env: {
      PATH: process.env["PATH"],
      ...(options.accountId === undefined ? {} : { MOTO_ACCOUNT_ID: options.accountId }),
    },
  });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-4000)));
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const port = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once("line", resolve);
    child.once("error", reject);
    void closed.then(() => reject(new Error(`The AWS emulator did not start:\n${errors}`)));
  });
  return {
    endpoint: `http://127.0.0.1:${port}`,
    async stop() {
      child.stdin.end();
      await closed;
    },
  };
}
