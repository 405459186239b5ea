import type { Logger } from "../common/logger.ts";
import type { Handler } from "./handler.ts";
import { OperationError } from "./operation-error.ts";
import type { Call, Failure, RuntimeApi } from "./runtime-api.ts";
import type { SecretTexts } from "./secret-texts.ts";

export interface RuntimeOptions {
  api: RuntimeApi;
  logger: Logger;
  /** Hides what handlers read, in errors as in the log. */
  secretTexts: SecretTexts;
  /** Makes the handler; what it throws is reported to Lambda as a failed start. */
  createHandler: () => Handler;
}

/**
 * Answers the calls of one function, one after the other, for as long as Lambda keeps the process.
 *
 * @throws when the handler cannot be made, or Lambda's Runtime API does not answer
 */
export async function serveCalls(options: RuntimeOptions): Promise<never> {
  const { api } = options;
  let handle: Handler;
  try {
    handle = options.createHandler();
  } catch (error) {
    await api.failStart(failureOf(error, options.secretTexts));
    throw error;
  }
  for (;;) await answer(await api.next(), handle, options);
}

async function answer(call: Call, handle: Handler, { api, logger, secretTexts }: RuntimeOptions): Promise<void> {
  const { requestId, deadline } = call;
  const started = performance.now();
  const fields = () => ({ requestId, durationMs: Math.round(performance.now() - started) });
  let result: string;
  try {
    const event: unknown = JSON.parse(call.event);
    result = JSON.stringify((await handle(event, { requestId, deadline, logger, secretTexts })) ?? null);
  } catch (error) {
    const failure = failureOf(error, secretTexts);
    const detail = error instanceof OperationError ? { reason: failure.errorMessage } : { error };
    logger.error({ ...fields(), ...detail }, "The call failed.");
    return await api.fail(requestId, failure);
  }
  logger.info(fields(), "The call succeeded.");
  await api.respond(requestId, secretTexts.hide(result));
}

function failureOf(error: unknown, secretTexts: SecretTexts): Failure {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { errorType: name.replaceAll(/[^A-Za-z0-9]/g, ""), errorMessage: secretTexts.hide(message) };
}
