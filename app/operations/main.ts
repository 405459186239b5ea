import { createLogger } from "../common/logger.ts";
import { reportFailure } from "../common/start-error.ts";
import { writeDatabaseCertificates } from "./certificates.ts";
import { handlers } from "./handlers.ts";
import { OperationError } from "./operation-error.ts";
import { RuntimeApi } from "./runtime-api.ts";
import { serveCalls } from "./runtime.ts";
import { SecretTexts } from "./secret-texts.ts";

const secretTexts = new SecretTexts();
const logger = createLogger({
  service: "operations",
  level: "info",
  secrets: [],
  write: (line) => process.stdout.write(secretTexts.hide(line)),
});

/** `node operations.js certificates FILE` for an init container, `node operations.js HANDLER` as a function of Lambda. */
async function main([command = "", ...rest]: readonly string[]): Promise<void> {
  if (command === "certificates") {
    const [file] = rest;
    if (file === undefined) throw new OperationError("certificates needs the path of the file to write.");
    logger.info({ file, certificates: await writeDatabaseCertificates(file) }, "The certificates have been written.");
    return;
  }
  const api = process.env["AWS_LAMBDA_RUNTIME_API"];
  if (!api) {
    throw new OperationError(
      `${JSON.stringify(command)} runs as a function of AWS Lambda, which sets AWS_LAMBDA_RUNTIME_API; ` +
        `elsewhere only "certificates FILE" can be used.`,
    );
  }
  const createHandler = () => {
    const create = handlers[command];
    if (create) return create(process.env);
    const names = Object.keys(handlers).join(", ");
    throw new OperationError(`There is no handler ${JSON.stringify(command)}; allowed is one of ${names}.`);
  };
  await serveCalls({ api: new RuntimeApi(api), logger, secretTexts, createHandler });
}

for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => process.exit(0));
main(process.argv.slice(2)).catch((error: unknown) => {
  if (error instanceof OperationError) logger.error({ reason: error.message }, "Not started.");
  else reportFailure(logger, error);
  process.exit(1);
});
